"""Publish rule books, open cycles."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from shifan.accounts.actor import Actor
from shifan.cycles.models import Cycle, PublishedRuleBook
from shifan.errors import BadInput, Conflict
from shifan.ledger import actions as ledger
from shifan.rulebook.base import Text
from shifan.rulebook.formats import digest_of, present
from shifan.rulebook.loader import document
from shifan.rulebook.model import RuleBook


@transaction.atomic
def publish(*, book: RuleBook, actor: Actor, now: datetime) -> PublishedRuleBook:
    """Publish the version for good. The same content again is the same publication.

    Raises Conflict if this revision of the version, or a later one, has other content already.
    """
    measures = book.measures
    others = PublishedRuleBook.objects.filter(
        programme=measures.programme, version=measures.version
    )
    content = document(book.measures, book.indicators, book.golden)
    for known in others.filter(revision=measures.revision):
        if present(known.content) == content:
            return known
    if others.filter(revision__gte=measures.revision).exists():
        raise Conflict(
            Text(
                zh=f"{book.name} 已发布且内容不同；已发布的内容不可更改，请用新的版本号或修订号。",
                en=f"{book.name} is published with other content; what is published never changes, "
                "so give this one a new version or revision.",
            )
        )
    digest = digest_of(content)
    published = PublishedRuleBook.objects.create(
        programme=measures.programme,
        version=measures.version,
        revision=measures.revision,
        digest=digest,
        content=content,
        effective_from=measures.effective.from_,
        effective_until=measures.effective.until,
        published_at=now,
    )
    ledger.record(actor=actor.name, verb="rulebook.published", subject=published, at=now,
                  digest=digest, name=book.name)  # fmt: skip
    return published


@transaction.atomic
def open_cycle(
    *,
    rulebook: PublishedRuleBook,
    year: int,
    batch: int,
    actor: Actor,
    now: datetime,
    exercise: bool = False,
) -> Cycle:
    """Open a cycle. Only a practice cycle may use a version that is not in force at ``now``."""
    if not exercise and not rulebook.in_force(now.date()):
        raise BadInput(
            Text(
                zh=f"{rulebook} 目前不在施行期内，只能用于演练。",
                en=f"{rulebook} is not in force now; it can only serve a practice cycle.",
            )
        )
    cycle, created = Cycle.objects.get_or_create(
        rulebook=rulebook, year=year, exercise=exercise, defaults={"batch": batch, "opened_at": now}
    )
    if created:
        ledger.record(actor=actor.name, verb="cycle.opened", subject=cycle, at=now,
                      rulebook=str(rulebook), year=year, exercise=exercise)  # fmt: skip
    return cycle
