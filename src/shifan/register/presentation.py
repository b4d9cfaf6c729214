"""Titles arranged for reading: rows of the list, the life of a unit, counts by province."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.urls import reverse

from shifan.register import queries
from shifan.register.queries import Programme
from shifan.rulebook.model import UnitType
from shifan.titles.models import ENDS, Event, State, Title, What
from shifan.titles.queries import Standing
from shifan.units.models import Division

LEVELS = 4
"""Shades of the tile grid."""


@dataclass(frozen=True)
class Row:
    """A title in a list: its state on the day, its unit's type, and where the unit lies.

    ``term`` is the award it stands by, the last that did, or (``ahead``) the first to come.
    """

    title: Title
    state: State
    term: Event | None
    ended: Event | None
    programme: Programme | None
    kind: UnitType | None
    place: tuple[Division, ...]

    @property
    def address(self) -> str:
        """The page of the title."""
        return reverse("register:title", args=[self.title.pk])

    @property
    def ahead(self) -> bool:
        """Whether the title was not awarded yet on the day."""
        return self.state == State.NONE

    @property
    def tone(self) -> str:
        """The class of the state's tag."""
        return TONES[self.state][0]

    @property
    def icon(self) -> str:
        """The icon of the state's tag."""
        return TONES[self.state][1]

    @property
    def where(self) -> str:
        """The place in one line."""
        return " › ".join(division.shown for division in self.place)

    @property
    def awarded(self) -> str:
        """The day, month or year of the award, as exactly as it is known."""
        return self._known(self.term.holds_from) if self.term else ""

    @property
    def valid_until(self) -> str:
        """The end, as exactly as the award is known; empty if there is none."""
        return self._known(self.term.until) if self.term and self.term.until else ""

    def _known(self, day: date) -> str:
        return day.isoformat()[: KNOWN[self.term.precision if self.term else "day"]]


KNOWN = {"year": 4, "month": 7, "day": 10}
"""How many characters of an ISO date each precision knows."""

TONES = {
    State.NONE: ("neutral", "circle-dashed"),
    State.VALID: ("ok", "circle-check"),
    State.SUSPENDED: ("warn", "clock"),
    State.EXPIRED: ("neutral", "circle-minus"),
    State.SURRENDERED: ("neutral", "circle-minus"),
    State.REVOKED: ("bad", "circle-x"),
}


@dataclass(frozen=True)
class Moment:
    """Something in the life of a unit's titles: an event, or (``ends``) the last day of an award.

    ``state`` is ``current`` for the last that happened, ``ahead`` for what is still to come.
    """

    event: Event
    ends: bool
    when: date
    state: str = ""


@dataclass(frozen=True)
class Tile:
    """A province with the number of rows on record; ``level`` 0..4 is its shade."""

    province: Division
    name: str
    count: int
    level: int


def rows(standings: Sequence[Standing], known: Mapping[str, Programme]) -> list[Row]:
    """The titles as the list shows them, with one query for all their places."""
    kinds = {
        (name, kind.id): kind
        for name, each in known.items()
        for kind in each.book.measures.unit_types
    }
    places = queries.places(e.title.unit.division for e in standings if e.title.unit.division)
    return [
        Row(
            each.title,
            each.state,
            each.term,
            each.ended,
            known.get(each.title.programme),
            kinds.get((each.title.programme, each.title.unit.kind_in(each.title.programme))),
            places.get(each.title.unit.place, ()),
        )
        for each in standings
    ]


def life(events: Iterable[Event], on: date) -> list[Moment]:
    """What happened to a unit's titles, and what is to come, in order of time.

    An award's last day is a moment of its own, unless the title was renewed or ended before.
    """
    found, past = [], list(events)
    for event in past:
        found.append(Moment(event, False, event.holds_from))
        later = [e for e in past if e.title_id == event.title_id and e.pk > event.pk]
        over = any(e.what in (What.AWARDED, *ENDS) for e in later)
        if event.what == What.AWARDED and event.until is not None and not over:
            found.append(Moment(event, True, event.until))
    found.sort(key=lambda each: (each.when, each.event.pk))
    happened = [each.when < on if each.ends else each.when <= on for each in found]
    latest = max((at for at, done in enumerate(happened) if done), default=None)
    return [
        replace(each, state="current" if at == latest else "" if happened[at] else "ahead")
        for at, each in enumerate(found)
    ]


def tiles(counts: Sequence[tuple[Division, int]]) -> list[Tile]:
    """The provinces for the tile grid; the darkest shade is the largest count."""
    most = max((count for _, count in counts), default=0) or 1
    return [
        Tile(province, everyday_name(province.shown), count, -(-LEVELS * count // most))
        for province, count in counts
    ]


def everyday_name(name: str) -> str:
    """A province's name as people say it.

    >>> everyday_name("新疆维吾尔自治区"), everyday_name("北京市"), everyday_name("内蒙古自治区")
    ('新疆', '北京', '内蒙古')
    >>> everyday_name("Xinjiang Uygur Zizhiqu"), everyday_name("Nei Mongol Zizhiqu")
    ('Xinjiang', 'Nei Mongol')
    """
    return re.sub(
        r"(维吾尔|壮族|回族)?(自治区|特别行政区|省|市)$|( Uygur| \w+zu)? (Zizhiqu|SAR|Sheng|Shi)$",
        "", name,
    )  # fmt: skip
