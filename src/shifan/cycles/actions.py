"""Publish rule books, open cycles."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from django.db import transaction

from shifan.accounts import policy
from shifan.accounts.actor import Actor
from shifan.accounts.models import User
from shifan.cycles.models import Cycle, Proposal, PublishedRuleBook, SurveyForm
from shifan.cycles.queries import in_force
from shifan.errors import BadInput, Conflict, NotAllowed
from shifan.ledger import actions as ledger
from shifan.rulebook.base import Text
from shifan.rulebook.formats import digest_of, present
from shifan.rulebook.loader import document
from shifan.rulebook.model import Measures, RuleBook


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
    _keep_forms(book)
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
def propose(*, book: RuleBook, programme: str, actor: Actor, now: datetime) -> Proposal:
    """Propose a sound rule book as the programme's next version.

    Raises NotAllowed for who does not run the programme, BadInput for a book of another one.
    """
    policy.require(actor, "programmes.run", _measures(programme, now))
    if book.measures.programme != programme:
        raise BadInput(
            Text(
                zh=f"这是项目 {book.measures.programme} 的规则，不是 {programme} 的。",
                en=f"This is a rule book of {book.measures.programme}, not of {programme}.",
            )
        )
    content = document(book.measures, book.indicators, book.golden)
    _keep_forms(book)
    made = Proposal.objects.create(
        programme=programme, content=content, digest=digest_of(content),
        proposed_by=_person(actor), proposed_at=now,
    )  # fmt: skip
    ledger.record(actor=actor.name, verb="rulebook.proposed", subject=made, at=now,
                  name=book.name, digest=made.digest)  # fmt: skip
    return made


def _keep_forms(book: RuleBook) -> None:
    """Keep the forms of the book's surveys, where it was read from a folder that has them."""
    for survey in book.measures.surveys:
        path = None if book.folder is None else book.folder / survey.instrument
        if path is None or ".." in path.parts or not path.is_file():
            continue
        content = path.read_bytes()
        if sha256(content).hexdigest() == survey.sha256:
            SurveyForm.objects.get_or_create(digest=survey.sha256, defaults={"content": content})


@transaction.atomic
def accept(*, proposal: Proposal, actor: Actor, now: datetime) -> PublishedRuleBook:
    """Publish what was proposed; where the programme asks for two, by another person.

    Raises NotAllowed, and Conflict if it was ended meanwhile or the version is published already.
    """
    measures = _measures(proposal.programme, now)
    policy.require(actor, "programmes.run", measures)
    row = _waiting(proposal)
    if measures.two_publish and row.proposed_by_id == actor.user_id:
        raise BadInput(
            Text(
                zh="本项目的规则须由提出者以外的人发布。",
                en="Here a rule book is published by another person than who proposed it.",
            )
        )
    row.published = publish(book=row.book, actor=actor, now=now)
    _end(row, actor, now)
    return row.published


@transaction.atomic
def withdraw(*, proposal: Proposal, actor: Actor, now: datetime) -> None:
    """Take a proposal back. Raises NotAllowed, and Conflict if it was ended meanwhile."""
    policy.require(actor, "programmes.run", _measures(proposal.programme, now))
    row = _waiting(proposal)
    _end(row, actor, now)
    ledger.record(actor=actor.name, verb="rulebook.proposal_withdrawn", subject=row, at=now)


def _person(actor: Actor) -> User:
    if actor.user_id is None:
        raise NotAllowed
    return User.objects.get(pk=actor.user_id)


def _measures(programme: str, now: datetime) -> Measures:
    """The measures by which the programme is run now: those in force. Raises NotAllowed without."""
    book = in_force(now.date()).get(programme)
    if book is None:
        raise NotAllowed
    return book.book.measures


def _waiting(proposal: Proposal) -> Proposal:
    row = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if row.ended_at is not None:
        raise Conflict(Text(zh="该提议已有结果。", en="The proposal was ended meanwhile."))
    return row


def _end(row: Proposal, actor: Actor, now: datetime) -> None:
    row.ended_by_id, row.ended_at = actor.user_id, now
    row.save(update_fields=["ended_by", "ended_at", "published"])


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
    """Open a cycle. Only a practice cycle may use a version that is not in force at ``now``.

    Raises NotAllowed for who does not run the programme.
    """
    policy.require(actor, "programmes.run", rulebook.book.measures)
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
