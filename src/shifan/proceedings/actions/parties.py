"""Who acts in a proceeding: assigned, dismissed, standing aside; conflicts refuse an assignment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from shifan.accounts import policy
from shifan.accounts.actor import Actor
from shifan.accounts.models import User
from shifan.errors import BadInput, NotAllowed
from shifan.ledger.actions import Record, record_many
from shifan.proceedings import rooms
from shifan.proceedings.actions.moves import locked
from shifan.proceedings.actions.settling import settle
from shifan.proceedings.conflicts import conflicts
from shifan.proceedings.models import Party as Row
from shifan.proceedings.models import Proceeding, touch
from shifan.proceedings.turns import retake
from shifan.rulebook.base import Text
from shifan.rulebook.procedures import Party
from shifan.units.models import Unit


class BadParty(BadInput):
    """Who cannot act in the capacity, with every reason and the article that gives it."""


@transaction.atomic
def assign(
    *,
    proceeding: Proceeding,
    capacity: str,
    actor: Actor,
    now: datetime,
    user: User | None = None,
    unit: Unit | None = None,
    office: str = "",
) -> Row:
    """Let a person, a unit, or the ``office`` of a tier act in a capacity of the procedure.

    Raises NotAllowed for whoever does not assign there, BadInput for who is no such party, and
    BadParty with each conflict of interest.
    """
    settle(now=now, matters=[proceeding.matter])
    row = locked([proceeding])[0]
    party = _assigning(row, capacity, actor)
    given = [kind for kind, who in (("person", user), ("office", office), ("unit", unit)) if who]
    if given != [_SORT.get(party.kind, "unit")] or (office and office not in _offices(row)):
        raise BadInput(
            Text(
                zh=f"“{party.name.zh}”须指定{_SORT_ZH[party.kind]}。",
                en=f"“{party.name.en or party.name.zh}” is a {party.kind}.",
            )
        )
    same = (user, unit, office)
    if any(p.capacity == capacity and (p.user, p.unit, p.office) == same for p in row.present):
        raise BadInput(Text(zh="已经指定。", en="Is assigned already."))
    against = conflicts(row, party, user, unit)
    if against:
        raise BadParty(*against)
    made = Row.objects.create(
        proceeding=row, capacity=capacity, user=user, unit=unit, office=office,
        programme=row.measures.programme if office else "",
        place=row.place if office else "", named_by_id=actor.user_id, named_at=now,
    )  # fmt: skip
    _write(row, "party.assigned", capacity, str(unit or user or office), actor, now)
    return made


@transaction.atomic
def assign_many(
    *,
    proceedings: Sequence[Proceeding],
    capacity: str,
    user: User,
    actor: Actor,
    now: datetime,
) -> list[Row]:
    """Let a person act in a capacity of many proceedings, all or none.

    Raises what :func:`assign` does, with the name of the unit whose file it is about.
    """
    made = []
    for each in proceedings:
        try:
            made.append(assign(proceeding=each, capacity=capacity, user=user, actor=actor, now=now))
        except BadInput as error:
            said = [
                Text(zh=f"{each.called}：{text.zh}", en=f"{each.called}: {text.en or text.zh}")
                for text in error.texts
            ]
            raise BadParty(*said) from error
    return made


@transaction.atomic
def unassign(*, parties: Sequence[Row], actor: Actor, now: datetime) -> int:
    """Take back what was assigned a moment ago, where nobody has acted on it; how many."""
    found = [each for each in parties if each.ended_at is None]
    for each in found:
        dismiss(party=each, actor=actor, now=now, reason="撤销分派 / assignment undone")
    return len(found)


@transaction.atomic
def dismiss(*, party: Row, actor: Actor, now: datetime, reason: str) -> Row:
    """End a party's part. What it did stays; what it said at the present stage counts no more."""
    settle(now=now, matters=[party.proceeding.matter])
    row = locked([party.proceeding])[0]
    _assigning(row, party.capacity, actor)
    if not reason.strip():
        raise BadInput(Text(zh="请写明理由。", en="Give a reason."))
    held = Row.objects.get(pk=party.pk)
    if held.ended_at is None:
        held.ended_at, held.reason = now, reason.strip()[:1000]
        held.save()
        _write(row, "party.ended", held.capacity, str(held), actor, now)
    return held


@transaction.atomic
def stand_aside(*, party: Row, actor: Actor, now: datetime, reason: str) -> Row:
    """A person stands aside, for a reason of its own; it has no voice then, and no turn."""
    settle(now=now, matters=[party.proceeding.matter])
    row = locked([party.proceeding])[0]
    if party.user_id is None or party.user_id != actor.user_id:
        raise NotAllowed
    if not reason.strip():
        raise BadInput(Text(zh="请写明理由。", en="Give a reason."))
    held = Row.objects.get(pk=party.pk)
    if held.ended_at is None and not held.aside:
        held.aside, held.reason = True, reason.strip()[:1000]
        held.save()
        _write(row, "party.stood_aside", held.capacity, str(held), actor, now)
    return held


_SORT = {"person": "person", "office": "office"}
_SORT_ZH = {"person": "人员", "office": "主管部门", "unit": "单位", "organisation": "单位"}


def _offices(row: Proceeding) -> set[str]:
    """The offices of the programme: those of its tiers and of its channels."""
    return {each.id for each in row.measures.offices}


def _assigning(row: Proceeding, capacity: str, actor: Actor) -> Party:
    """The party of the rule book, if the actor assigns it and the proceeding still runs."""
    party = row.procedure.party(capacity)
    if party is None or not policy.assigns(actor, row, capacity):
        raise NotAllowed
    return party


def _write(
    row: Proceeding, verb: str, capacity: str, who: str, actor: Actor, now: datetime
) -> None:
    """The turns anew, and the ledger."""
    touch(row)
    fresh = locked([row])
    retake(rooms.read(fresh, now))
    record_many([Record(actor.name, verb, row, now, details={"capacity": capacity, "who": who})])
