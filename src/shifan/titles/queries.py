"""Read titles: how they stand, what a unit holds, what is on record."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from shifan.accounts.actor import Actor
from shifan.titles.models import Event, State, Title
from shifan.titles.states import as_of, standing_asks, standing_sql
from shifan.units.models import Unit
from shifan.units.queries import of_name

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
    (None: no end), the day it last lost one (None if it never did), and the last days of the bars
    in force, each with the office it lies on (empty: on the unit itself)."""

    until: dict[str, date | None]
    revoked_on: date | None
    bars: tuple[tuple[str, date], ...] = ()


def held(unit: Unit, programme: str, on: date, exercise: bool) -> Held:
    """The unit's titles as they stand on the day; see :func:`held_by`."""
    return held_by([unit.pk], programme, on, exercise)[unit.pk]


def held_by(units: Collection[UUID], programme: str, on: date, exercise: bool) -> dict[UUID, Held]:
    """What each unit holds as it stands on the day, alone or with others, with one query.

    Practice titles count as held in practice only. A revocation counts whatever came after it.
    """
    asked: dict[str, Any] = {
        "units": list(units),
        "programme": programme,
        "on": on,
        "exercise": exercise,
    }
    with connection.cursor() as cursor:
        cursor.execute(HELD, asked | standing_asks(on))
        rows = cursor.fetchall()
    return {pk: _held(json.loads(titles), json.loads(bars), exercise) for pk, titles, bars in rows}


HELD = """
SELECT unit.id, COALESCE(titles.found, '[]')::text, COALESCE(bars.found, '[]')::text
FROM units_unit AS unit
LEFT JOIN units_division AS division ON division.code = unit.division_id
CROSS JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_object(
        'level', level, 'exercise', exercise, 'stands', {stands}
    )) AS found
    FROM (
        SELECT id, level, exercise FROM titles_title
        WHERE unit_id = unit.id AND programme = %(programme)s
        UNION ALL
        SELECT held.id, level, exercise FROM titles_title AS held
        JOIN titles_title_joint_holders AS holder ON holder.title_id = held.id
        WHERE holder.unit_id = unit.id AND programme = %(programme)s
    ) AS title
) AS titles
CROSS JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_object('office', office, 'until', until)) AS found
    FROM titles_bar
    WHERE programme = %(programme)s AND exercise = %(exercise)s
    AND lifted_at IS NULL AND until >= %(on)s
    AND (unit_id = unit.id
         OR unit_id IS NULL AND starts_with(COALESCE(division.path, '/'), place))
) AS bars
WHERE unit.id = ANY(%(units)s)
""".replace("{stands}", standing_sql("title.id"))
"""Written in SQL for the reason that the standing itself is: every assessment asks this."""


def _held(titles: Iterable[dict[str, Any]], bars: Iterable[dict[str, Any]], exercise: bool) -> Held:
    until: dict[str, date | None] = {}
    lost = []
    for title in titles:
        stands, level = title["stands"], title["level"]
        if stands["state"] == State.VALID and (exercise or not title["exercise"]):
            until[level] = _later(until, level, _day(stands["until"]))
        if stands["lost_on"] is not None:
            lost.append(date.fromisoformat(stands["lost_on"]))
    lasting = tuple((bar["office"], date.fromisoformat(bar["until"])) for bar in bars)
    return Held(until, max(lost, default=None), lasting)


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
    rows = Unit.objects.filter(scope & of_name(search))
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
