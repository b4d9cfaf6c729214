"""Who is told that proceedings moved: those they concern, and those they now wait for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.urls import reverse

from shifan.accounts.actor import Office
from shifan.accounts.models import User
from shifan.mailbox.actions import Circle, Telling, tell_all
from shifan.mailbox.models import INTERNAL
from shifan.people.queries import staff_of_offices, staff_of_units
from shifan.proceedings.models import APPLICANT, PARTNER, Proceeding
from shifan.proceedings.rooms import Deed
from shifan.rulebook.base import Text
from shifan.rulebook.procedures import ByCapacity


def moved(deeds: Sequence[Deed]) -> None:
    """Tell the unit concerned, with those that apply jointly, where its matter is, and whoever's
    turn it is that it waits; with a handful of queries, however many moved.

    It is the turn of whoever makes the stage's first move.
    """
    units = {pk for deed in deeds for pk in _units(deed.file.proceeding)}
    staff = staff_of_units(units, ("lead", "clerk"))
    waiting = {_office(deed) for deed in deeds} - {""}
    offices = staff_of_offices(waiting) if waiting else []
    people = {pk for deed in deeds for pk in _persons(deed)}
    persons = User.objects.in_bulk(people) if people else {}
    tellings = []
    for deed in deeds:
        proceeding, step, procedure = deed.file.proceeding, deed.step, deed.file.situation.procedure
        circles = [
            Circle(
                [user for pk in _units(proceeding) for user in staff[pk]],
                kind=_kind(deed),
                office=APPLICANT if proceeding.tiers else INTERNAL,
            )
        ]
        if _office(deed):
            there = [user for office, user in offices if _waits_for(deed, office)]
            circles.append(Circle(there, kind="waits", office=_office(deed)))
        mine = [persons[pk] for pk in _persons(deed)]
        if mine:
            circles.append(Circle(mine, kind="waits", office=INTERNAL))
        page = "applications:workspace" if proceeding.applies else "proceedings:show"
        tellings.append(
            Telling(
                circles, f"step:{step.pk}", reverse(page, args=[proceeding.pk]), proceeding.unit_id,
                {
                    "unit": proceeding.called, "stage": words(_target(deed).name),
                    "office": words(procedure.stage(step.from_stage).name),
                },
                deed.actor.user_id, deed.file.situation.measures.programme,
            )
        )  # fmt: skip
    tell_all(tellings, deeds[0].now)


def _target(deed: Deed) -> Any:
    return deed.file.situation.procedure.stage(deed.step.to_stage)


def _turn(deed: Deed) -> str:
    """The tier that makes the stage's first move."""
    moves = _target(deed).moves
    return moves[0].office if moves else ""


def _kind(deed: Deed) -> str:
    return "returned" if deed.move.returns else "waits" if _turn(deed) == APPLICANT else "moved"


def _office(deed: Deed) -> str:
    """The office whose turn it is, a channel's authority where it acts for the tier."""
    turn = _turn(deed)
    if turn in ("", APPLICANT):
        return ""
    return deed.file.situation.measures.office_of(turn, deed.file.proceeding.channel)


def _waits_for(deed: Deed, office: Office) -> bool:
    roles = {way.role for way in _target(deed).moves if way.office == _turn(deed)}
    path = deed.file.proceeding.place
    programme = deed.file.situation.measures.programme
    return (
        (office.programme, office.tier) == (programme, _office(deed))
        and office.role in roles
        and path.startswith(office.area)
    )


def _units(proceeding: Proceeding) -> list[Any]:
    joint = [p.unit_id for p in proceeding.present if p.capacity == PARTNER and p.agreed]
    own = [] if proceeding.unit_id is None else [proceeding.unit_id]
    return [*own, *joint]


def _persons(deed: Deed) -> Iterator[int]:
    """Those who now speak in a capacity."""
    moves = _target(deed).moves
    capacities = {m.by.capacity for m in moves if isinstance(m.by, ByCapacity)}
    for party in deed.file.proceeding.present:
        if party.user_id is not None and party.capacity in capacities:
            yield party.user_id


def words(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en or ""}
