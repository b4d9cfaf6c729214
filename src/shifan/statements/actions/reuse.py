"""Take over what the unit stated in an earlier application, so that it is asked once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dateutil.relativedelta import relativedelta
from django.db import transaction

from shifan.accounts import policy
from shifan.accounts.actor import Actor
from shifan.errors import NotAllowed
from shifan.ledger import actions as ledger
from shifan.proceedings.models import Proceeding
from shifan.rulebook.indicators import Provision
from shifan.scoring.facts import BadValue, same_fact
from shifan.statements.actions.facts import locked, refresh, require_open
from shifan.statements.assessment import assess, read_values
from shifan.statements.models import Fact


@dataclass(frozen=True)
class TakenOver:
    """What was taken over: provisions of this application by those they came from, and the
    provisions whose earlier statement is too old and must be renewed."""

    earlier: Proceeding | None
    provisions: dict[str, str]
    to_renew: tuple[str, ...]


def earlier_application(proceeding: Proceeding) -> Proceeding | None:
    """The unit's last application before this one, in whatever programme or tier."""
    return (
        Proceeding.objects.filter(unit=proceeding.concerned)
        .filter(created_at__lt=proceeding.created_at)
        .select_related("cycle", "unit__division")
        .order_by("-created_at")
        .first()
    )


@transaction.atomic
def take_over(*, proceeding: Proceeding, actor: Actor, now: datetime) -> TakenOver:
    """State again, in the applicant's name, what it stated last time and has not stated here yet.

    Provisions fit when their input has the same name and the same columns, whatever the rule book
    calls them. What is older than the rule book's ``reuse`` allows is left to be renewed. Raises
    NotAllowed to all but the applicant's lead and clerks while the applicant may state facts.
    """
    proceeding = locked(proceeding)
    source = _own_source(proceeding, actor)
    earlier = earlier_application(proceeding)
    if earlier is None:
        return TakenOver(None, {}, ())
    assessment, fitting = assess(proceeding, now), _fitting(proceeding, earlier)
    stated = set(
        proceeding.facts.filter(source=source, superseded_at=None).values_list(
            "provision", flat=True
        )
    )
    own = earlier.measures.sources_of("applicant")
    held = earlier.facts.filter(source__in=own, superseded_at=None).select_related("reused_from")
    made, old = {}, []
    for fact in held:
        provision = fitting.get(fact.provision)
        if provision is None or provision.id in stated or source not in provision.input.from_:
            continue
        first = fact.reused_from or fact
        if _too_old(proceeding, first, now):
            old.append(provision.id)
            continue
        if not _readable(provision, fact):
            continue
        require_open(assessment, provision.id, actor, now)
        Fact.objects.create(
            proceeding=proceeding, provision=provision.id, source=source, values=fact.values,
            note=fact.note, stated_by_id=actor.user_id, stated_at=now, reused_from=first,
        )  # fmt: skip
        made[provision.id] = fact.provision
    if made:
        refresh(proceeding, now)
        ledger.record(actor=actor.name, verb="facts.taken_over", subject=proceeding, at=now,
                      earlier=str(earlier.pk), provisions=sorted(made))  # fmt: skip
    return TakenOver(earlier, made, tuple(old))


def _own_source(proceeding: Proceeding, actor: Actor) -> str:
    whole = policy.provisions(actor, proceeding) is None
    mine = proceeding.measures.sources_of("applicant") & policy.sources(actor, proceeding)
    if not mine or not whole:
        raise NotAllowed
    return min(mine)


def _fitting(proceeding: Proceeding, earlier: Proceeding) -> dict[str, Provision]:
    """The provisions of this application by the id of the earlier one they fit."""
    here = proceeding.indicators.leaders
    found = {}
    for provision in earlier.indicators.asked:
        same = here.get(provision.input.name)
        if same is not None and same_fact(provision, same):
            found[provision.id] = same
    return found


def _too_old(proceeding: Proceeding, first: Fact, now: datetime) -> bool:
    reuse = proceeding.measures.reuse
    return reuse is not None and first.stated_at + relativedelta(months=reuse.months) < now


def _readable(provision: Provision, fact: Fact) -> bool:
    try:
        read_values(provision, fact.values)
    except BadValue:
        return False
    return True
