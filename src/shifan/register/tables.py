"""Units, and titles from before the system or from other tiers, taken over from tables."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Q

from shifan.accounts import policy
from shifan.accounts.actor import Actor
from shifan.bulk import copy_in
from shifan.cycles.models import PublishedRuleBook
from shifan.ledger import actions as ledger
from shifan.rulebook.base import Text
from shifan.rulebook.model import Measures
from shifan.scoring.table.named import BadTable, RowFault, named_rows
from shifan.titles.actions import Award, Cause, Term, key_of, record_many, titles_for
from shifan.titles.models import Event, What
from shifan.units.models import Division, Site, Unit

CHUNK = 5000
"""Rows looked up and written at a time."""

UNIT = ("name", "unit_type", "place")
BESIDE = ("also", "sites")
TITLE = (*UNIT, "tier", "from", "source")
MORE = ("until", "grade", "batch")
MOST = 100
"""Further places, or sites, of one unit at most."""

T = TypeVar("T")
Key = tuple[str, str, str]
"""A unit's name, type and the code of its place (empty: none)."""
Progress = Callable[[int, int], None]
"""Told how many rows of how many are done, now and then."""
Known = Mapping[tuple[str, str], Sequence[Unit]]
"""The units on record by name and code of their place."""


@dataclass(frozen=True)
class Taken:
    """How many rows were new, and how many said what was on record already."""

    new: int
    known: int


class Faults(list[RowFault]):
    """What is wrong with a table, row by row."""

    def say(self, row: int, zh: str, en: str) -> None:
        self.append(RowFault(row, Text(zh=zh, en=en)))


@transaction.atomic
def import_units(
    *, path: Path, rulebook: PublishedRuleBook, actor: Actor, now: datetime,
    progress: Progress = lambda rows, of: None,
) -> Taken:  # fmt: skip
    """Enter the units of the table (columns ``name``, ``unit_type``, ``place``), all or none.

    The type is one of the rule book's, the place a code; an area lies in the place of its own name,
    what lies nowhere has none. If there are, ``also`` are the codes of further places it reaches
    into and ``sites`` the names of its parts, both parted by semicolons. A unit of another
    programme that is there under this name and place is the same, of this type here.
    Raises NotAllowed for who does not run the programme, Refused and BadTable.
    """
    policy.require(actor, "programmes.run", rulebook.book.measures)
    measures, faults, seen = rulebook.book.measures, Faults(), set[Key]()
    rows: list[_Row] = []
    for number, cells in named_rows(path, UNIT, BESIDE):
        key = cells["name"], cells["unit_type"], cells["place"]
        if key in seen:
            faults.say(number, "与前面的行重复", "the same as a row before")
        elif _sound(measures, number, key, faults):
            seen.add(key)
            rows.append(_Row(number, key, _parted(cells, "also"), _parted(cells, "sites")))
    units = _Units(measures)
    for piece in _pieces(rows, progress):
        units.take(piece, faults)
    if faults:
        raise BadTable(sorted(faults, key=lambda each: each.row))
    changed = units.save()
    _note("units.imported", path, rulebook, changed, actor, now)
    return Taken(changed, len(rows) - changed)


@dataclass(frozen=True)
class _Row:
    """A unit as a row gives it, with the codes of further places and the names of its sites."""

    number: int
    key: Key
    also: tuple[str, ...]
    sites: tuple[str, ...]


class _Units:
    """What the rows of a table add: new units, types, places and sites."""

    def __init__(self, measures: Measures) -> None:
        self.measures = measures
        self.kinds = {kind.id for kind in measures.unit_types}
        self.new: list[Unit] = []
        self.called: list[Unit] = []
        self.places: list[Any] = []
        self.sites: list[Site] = []

    def take(self, piece: Sequence[_Row], faults: Faults) -> None:
        """Add what these rows say that is not on record yet."""
        places, known = _looked_up(row.key for row in piece)
        further = Division.objects.in_bulk({code for row in piece for code in row.also})
        areas = _areas(row.key for row in piece)
        for row in piece:
            name, kind_id, code = row.key
            kind, place = self.measures.unit_type(kind_id), places.get(code)
            missing = [each for each in row.also if each not in further]
            if (place is None and (code or kind.area)) or missing:
                lost = missing[0] if missing else code
                faults.say(row.number, f"没有地区 {lost}", f"there is no place {lost}")
            elif place is not None and kind.area is not None and kind.area != place.level:
                faults.say(
                    row.number, f"{place.name} 不是“{kind.name.zh}”",
                    f"{place.name} is not of the type {kind.name.en or kind.id}",
                )  # fmt: skip
            elif kind.area and (taken := areas.setdefault((kind_id, code), name)) != name:
                faults.say(
                    row.number, f"{code} 已登记为“{taken}”",
                    f"{code} is on record as “{taken}” already",
                )  # fmt: skip
            else:
                self._add(row, place, bool(kind.area), known, further)

    def _add(
        self, row: _Row, place: Division | None, area: bool, known: Known,
        further: Mapping[str, Division],
    ) -> None:  # fmt: skip
        name, kind_id, _ = row.key
        unit = _found(known, row.key, self.measures.programme)
        if unit is None:
            here = known.get((name, row.key[2]), ())
            unit = next((each for each in here if self._foreign(each)), None)
            if unit is not None:
                unit.kinds[self.measures.programme] = kind_id
                self.called.append(unit)
        if unit is None:
            unit = Unit(name=name, unit_type=kind_id, division=place, is_area=area)
            self.new.append(unit)
        link = Unit.also_in.through
        self.places += [link(unit_id=unit.pk, division_id=each) for each in row.also]
        self.sites += [Site(unit_id=unit.pk, name=each) for each in row.sites]

    def _foreign(self, unit: Unit) -> bool:
        """Whether this programme has not met the unit under a type of its own."""
        return unit.kind_in(self.measures.programme) not in self.kinds

    def save(self) -> int:
        """Write it all; how many units are new here."""
        copy_in(self.new)
        Unit.objects.bulk_update(self.called, ["kinds"], batch_size=CHUNK)
        Unit.also_in.through.objects.bulk_create(self.places, CHUNK, ignore_conflicts=True)
        Site.objects.bulk_create(self.sites, CHUNK, ignore_conflicts=True)
        return len(self.new) + len(self.called)


def _parted(cells: Mapping[str, str], column: str) -> tuple[str, ...]:
    """The entries of a cell, parted by semicolons, each once."""
    found = (each.strip()[:120] for each in re.split("[;；]", cells.get(column, "")))
    return tuple(dict.fromkeys(each for each in found if each))[:MOST]


@transaction.atomic
def import_titles(
    *, path: Path, rulebook: PublishedRuleBook, actor: Actor, now: datetime,
    progress: Progress = lambda rows, of: None,
) -> Taken:  # fmt: skip
    """Enter titles that units of the register hold, all or none, each with its ``source``.

    Columns: ``name``, ``unit_type``, ``place`` (the unit), ``tier``, ``from`` (2024-05-01),
    ``source`` (the document); if there are, ``until``, ``grade``, ``batch``. The same award from
    the same source is on record once. Raises as :func:`import_units` does.
    """
    measures = rulebook.book.measures
    policy.require(actor, "programmes.run", measures)
    tiers = {each.id for each in measures.offices}
    faults, seen = Faults(), set[tuple[Any, ...]]()
    rows: list[tuple[int, Key, str, Term, str]] = []
    for number, cells in named_rows(path, TITLE, MORE):
        key = cells["name"], cells["unit_type"], cells["place"]
        since, until = _day(cells["from"]), _day(cells.get("until", ""))
        batch = cells.get("batch", "")
        if not _sound(measures, number, key, faults):
            continue
        if cells["tier"] not in tiers:
            names = ", ".join(sorted(tiers))
            faults.say(number, f"层级须为：{names}", f"the tier must be one of: {names}")
        elif since is None or (cells.get("until") and until is None):
            faults.say(number, "日期须为 2024-05-01 的形式且存在", "a day must exist: 2024-05-01")
        elif until is not None and until < since:
            faults.say(number, "终止早于起始", "it ends before it begins")
        elif not cells["source"]:
            faults.say(number, "没有来源", "there is no source")
        elif batch and not batch.isdecimal():
            faults.say(number, "批次须为整数", "the batch must be a whole number")
        elif (again := (key, cells["tier"], since, batch, cells["source"])) in seen:
            faults.say(number, "与前面的行重复", "the same as a row before")
        else:
            seen.add(again)
            term = Term(
                since, until, grade=cells.get("grade", "")[:60],
                batch=int(batch) if batch else None,
            )  # fmt: skip
            rows.append((number, key, cells["tier"], term, cells["source"][:300]))
    new = 0
    for piece in _pieces(rows, progress):
        _, units = _looked_up(key for _, key, *_ in piece)
        awards = []
        for number, key, tier, term, source in piece:
            unit = _found(units, key, measures.programme)
            if unit is not None:
                cause = Cause(source=source)
                awards.append(Award(unit, measures.programme, tier, term, cause))
            else:
                faults.say(number, f"没有这个单位：{key[0]}", f"there is no such unit: {key[0]}")
        if not faults:
            new += _award(awards, now)
    if faults:
        raise BadTable(sorted(faults, key=lambda each: each.row))
    _note("titles.imported", path, rulebook, new, actor, now)
    return Taken(new, len(rows) - new)


def _award(awards: Sequence[Award], now: datetime) -> int:
    """Append the awards that are not on record yet; how many."""
    titles = titles_for(awards)
    there = Event.objects.filter(title__in=titles.values(), what=What.AWARDED)
    known = set(there.values_list("title_id", "holds_from", "batch", "source"))
    new = [
        (titles[key_of(each)], each)
        for each in awards
        if (titles[key_of(each)].pk, each.term.holds_from, each.term.batch, each.cause.source)
        not in known
    ]
    record_many([(title, What.AWARDED, None, each.cause, each.term) for title, each in new], now)
    return len(new)


def _sound(measures: Measures, number: int, key: Key, faults: Faults) -> bool:
    """Whether the row names a unit, of a type of the rule book."""
    kinds = [kind.id for kind in measures.unit_types]
    if not key[0] or len(key[0]) > 120 or "\0" in "".join(key):
        faults.say(number, "单位名称为空或过长", "the unit's name is missing or too long")
    elif key[1] not in kinds:
        names = ", ".join(kinds)
        faults.say(number, f"单位类型须为：{names}", f"the type must be one of: {names}")
    else:
        return True
    return False


def _looked_up(keys: Iterable[Key]) -> tuple[Mapping[str, Division], Known]:
    """The places of these codes, and the units that are on record."""
    wanted = set(keys)
    codes = {place for *_, place in wanted}
    where = Q(division__in=codes) | Q(division=None)
    found: dict[tuple[str, str], list[Unit]] = {}
    for row in Unit.objects.filter(where, name__in={name for name, *_ in wanted}):
        found.setdefault((row.name, row.division_id or ""), []).append(row)
    return Division.objects.in_bulk(codes), found


def _found(known: Known, key: Key, programme: str) -> Unit | None:
    """The unit of this name, place and type in the programme."""
    here = known.get((key[0], key[2]), ())
    return next((each for each in here if each.kind_in(programme) == key[1]), None)


def _areas(keys: Iterable[Key]) -> dict[tuple[str, str], str]:
    """What the areas at these places are called on record, by type and code."""
    rows = Unit.objects.filter(is_area=True, division__in={place for *_, place in keys})
    return {(row.unit_type, row.division_id or ""): row.name for row in rows}


def _pieces(rows: Sequence[T], progress: Progress) -> Iterator[Sequence[T]]:
    for first in range(0, len(rows), CHUNK):
        yield rows[first : first + CHUNK]
        progress(min(first + CHUNK, len(rows)), len(rows))


def _day(text: str) -> date | None:
    """A day as it is written, or as a spreadsheet gives it; None for what is none."""
    try:
        return date.fromisoformat(text.removesuffix(" 00:00:00").removesuffix("T00:00:00"))
    except ValueError:
        return None


def _note(
    verb: str, path: Path, rulebook: PublishedRuleBook, count: int, actor: Actor, now: datetime
) -> None:
    """One entry for the whole table, with the digest of the file."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    ledger.record(actor=actor.name, verb=verb, subject=rulebook, at=now, count=count,
                  file=digest)  # fmt: skip
