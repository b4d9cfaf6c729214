"""Read titles: how they stand, what a unit holds, what is on record."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet

from shifan.accounts.actor import Actor
from shifan.titles.models import Event, State, Title
from shifan.titles.states import as_of
from shifan.units.models import Unit

if TYPE_CHECKING:
    from shifan.titles.states import Seen


@dataclass(frozen=True)
class Standing:
    """A title on a day: its ``state``, the award it stands by (or, where it does not stand, the
    last that did) and what ended it. Before the first award there is no term."""

    title: Title
    state: State
    term: Event | None
    ended: Event | None


def standings(titles: QuerySet[Title], on: date, known: datetime | None = None) -> QuerySet[Seen]:
    """The titles with their state on the day, ready for :func:`read`."""
    return as_of(titles, on, known).select_related("unit__division")


def read(rows: Iterable[Seen]) -> list[Standing]:
    """Rows of :func:`standings` with their terms, with one more query."""
    found = list(rows)
    named = {row.stands[each] for row in found for each in ("term", "ended")}
    events = Event.objects.select_related("step").in_bulk(named - {None})
    return [
        Standing(
            row,
            State(row.stands["state"]),
            events.get(row.stands["term"]),
            events.get(row.stands["ended"]),
        )
        for row in found
    ]


def standing(title: Title, on: date, known: datetime | None = None) -> Standing:
    """How one title stands."""
    return read(standings(Title.objects.filter(pk=title.pk), on, known))[0]


def of_units(ids: Collection[UUID], programme: str) -> QuerySet[Title]:
    """The titles that these units hold, alone or with others."""
    joint = Title.joint_holders.through.objects.filter(title=OuterRef("pk"), unit__in=ids)
    return Title.objects.filter(Q(unit__in=ids) | Exists(joint), programme=programme)


@dataclass(frozen=True)
class Held:
    """What a unit holds of a programme: the levels of its valid titles with the last day of each
    (None: no end), and the day it last lost one (none if it never did)."""

    until: dict[str, date | None]
    revoked_on: date | None


def held(unit: Unit, programme: str, on: date, exercise: bool) -> Held:
    """The unit's titles as they stand on the day; see :func:`held_by`."""
    return held_by([unit.pk], programme, on, exercise)[unit.pk]


def held_by(units: Collection[UUID], programme: str, on: date, exercise: bool) -> dict[UUID, Held]:
    """What each unit holds as it stands on the day, with one query.

    Practice titles count as held in practice only. A revocation counts whatever came after it.
    """
    joint = Title.joint_holders.through.objects.filter(title=OuterRef("pk"))
    rows = as_of(of_units(units, programme).order_by(), on)
    until: dict[UUID, dict[str, date | None]] = {pk: {} for pk in units}
    lost: dict[UUID, list[date]] = {pk: [] for pk in units}
    for title in rows.annotate(others=ArraySubquery(joint.values("unit_id"))):
        term, lost_on = _day(title.stands["until"]), _day(title.stands["lost_on"])
        for pk in {title.unit_id, *title.others} & set(units):
            if title.stands["state"] == State.VALID and (exercise or not title.exercise):
                until[pk][title.level] = _later(until[pk], title.level, term)
            if lost_on is not None:
                lost[pk].append(lost_on)
    return {pk: Held(until[pk], max(lost[pk], default=None)) for pk in units}


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _later(until: dict[str, date | None], level: str, last: date | None) -> date | None:
    known = until.get(level, last)
    return None if known is None or last is None else max(known, last)


def units_of(actor: Actor, search: str = "") -> QuerySet[Unit]:
    """The units the actor works for, and those of its offices' areas, narrowed by name."""
    scope = Q(pk__in=actor.unit_ids)
    for office in actor.offices:
        if office.role != "auditor":
            scope |= Q(division__path__startswith=office.area)
    rows = Unit.objects.filter(scope, name__icontains=search)
    return rows.select_related("division").order_by("name", "pk")


def title(address: str) -> Title | None:
    """The title of that id."""
    return Title.objects.filter(pk=address).select_related("unit__division").first()


def formerly(address: str) -> Title | None:
    """The title that an award belongs to which once had the address for itself."""
    return Title.objects.filter(events__former=address).first()


def life(titles: Iterable[Title]) -> QuerySet[Event]:
    """All that happened to the titles, in the order in which it holds."""
    events = Event.objects.filter(title__in=[each.pk for each in titles])
    return events.select_related("title", "step", "undoes").order_by("holds_from", "pk")
