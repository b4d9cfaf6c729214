"""Titles arranged for reading: rows of the list, the life of a unit, counts by province."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from shifan.register import queries
from shifan.rulebook.model import UnitType
from shifan.units.models import Division, Title, TitleState

LEVELS = 4
"""Shades of the tile grid."""


@dataclass(frozen=True)
class Row:
    """A title in a list: its state on the day, its unit's type, and where the unit lies."""

    title: Title
    state: TitleState
    kind: UnitType | None
    place: tuple[Division, ...]
    on: date

    @property
    def address(self) -> str:
        """The page of the title."""
        return reverse("register:title", args=[self.title.pk])

    @property
    def ahead(self) -> bool:
        """Whether the title was not awarded yet on the day."""
        return self.title.awarded_on > self.on

    @property
    def tone(self) -> str:
        """The class of the state's tag."""
        return "neutral" if self.ahead else TONES[self.state][0]

    @property
    def icon(self) -> str:
        """The icon of the state's tag."""
        return "circle-dashed" if self.ahead else TONES[self.state][1]

    @property
    def where(self) -> str:
        """The place in one line."""
        return " › ".join(division.name for division in self.place)

    @property
    def awarded(self) -> str:
        """The day, month or year of the award, as exactly as it is known."""
        return self._known(self.title.awarded_on)

    @property
    def valid_until(self) -> str:
        """The end, as exactly as the award is known; empty if there is none."""
        until = self.title.valid_until
        return self._known(until) if until is not None else ""

    def _known(self, day: date) -> str:
        return day.isoformat()[: KNOWN[self.title.awarded_precision]]


KNOWN = {"year": 4, "month": 7, "day": 10}
"""How many characters of an ISO date each precision knows."""

TONES = {
    TitleState.VALID: ("ok", "circle-check"),
    TitleState.REVOKED: ("bad", "circle-x"),
    TitleState.EXPIRED: ("neutral", "circle-minus"),
}


@dataclass(frozen=True)
class Event:
    """Something in the life of a title: ``awarded``, ``revoked`` or ``ends``.

    ``state`` is ``current`` for the last that happened, ``ahead`` for what is still to come.
    """

    title: Title
    what: str
    when: date
    state: str


@dataclass(frozen=True)
class Tile:
    """A province with the number of rows on record; ``level`` 0..4 is its shade."""

    province: Division
    name: str
    count: int
    level: int


def rows(titles: Iterable[Title], on: date, kinds: Sequence[UnitType]) -> list[Row]:
    """The titles as the list shows them, with one query for all their places."""
    shown, by_id = list(titles), {kind.id: kind for kind in kinds}
    places = queries.places(title.unit.division for title in shown)
    return [
        Row(
            title,
            queries.state(title, on),
            by_id.get(title.unit.unit_type),
            places[title.unit.division.path],
            on,
        )
        for title in shown
    ]


def life(titles: Iterable[Title], on: date) -> list[Event]:
    """What happened to a unit's titles, and what is to come, in order of time."""
    found = []
    for title in titles:
        found.append((title.awarded_on, title, "awarded"))
        if title.revoked_on is not None:
            found.append((title.revoked_on, title, "revoked"))
        elif title.valid_until is not None:
            found.append((title.valid_until, title, "ends"))
    found.sort(key=lambda each: each[0])
    happened = [when < on if what == "ends" else when <= on for when, _, what in found]
    latest = max((at for at, done in enumerate(happened) if done), default=None)
    return [
        Event(title, what, when, "current" if at == latest else "" if happened[at] else "ahead")
        for at, (when, title, what) in enumerate(found)
    ]


def tiles(counts: Sequence[tuple[Division, int]]) -> list[Tile]:
    """The provinces for the tile grid; the darkest shade is the largest count."""
    most = max((count for _, count in counts), default=0) or 1
    return [
        Tile(province, everyday_name(province.name), count, -(-LEVELS * count // most))
        for province, count in counts
    ]


def everyday_name(name: str) -> str:
    """A province's name as people say it.

    >>> everyday_name("新疆维吾尔自治区"), everyday_name("北京市"), everyday_name("内蒙古自治区")
    ('新疆', '北京', '内蒙古')
    """
    return re.sub(r"(维吾尔|壮族|回族)?(自治区|特别行政区|省|市)$", "", name)
