"""Units, and titles from before the system or from other tiers, taken over from tables.

What a row alone shows is checked as it is read; what it means beside the register, in SQL, where
the rows then lie in the table ``staged``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from shifan import bulk
from shifan.accounts import policy
from shifan.accounts.actor import Actor
from shifan.cycles.models import PublishedRuleBook
from shifan.ledger import actions as ledger
from shifan.rulebook.base import Text
from shifan.rulebook.model import Measures
from shifan.scoring.table.cells import LONGEST_SUM, is_sum
from shifan.scoring.table.delimited import guessed
from shifan.scoring.table.named import BadTable, RowFault, named_rows
from shifan.titles import staged as titles
from shifan.units import staged as units

UNIT = ("name", "unit_type", "place")
BESIDE = ("also", "sites")
TITLE = (*UNIT, "tier", "from", "source")
MORE = ("until", "grade", "batch")
DAYS = ("from", "until")
MOST = 100
"""Further places, or sites, of one unit at most."""

UNIT_COLUMNS = {
    "row": "int", "name": "text", "kind": "text", "place": "text", "also": "text[]",
    "sites": "text[]",
}  # fmt: skip
TITLE_COLUMNS = {
    "row": "int", "name": "text", "kind": "text", "place": "text", "level": "text",
    "holds_from": "date", "until": "date", "grade": "text", "batch": "int", "source": "text",
}  # fmt: skip

Key = tuple[str, str, str]
"""A unit's name, type and the code of its place (empty: none)."""
Progress = Callable[[int, int], None]
"""Told how many rows of how many are done, now and then."""


@dataclass(frozen=True)
class Taken:
    """How many rows were new, and how many said what was on record already; ``guessed``, what is
    to be told about the encoding of the table."""

    new: int
    known: int
    guessed: Text | None = None


class Faults(list[RowFault]):
    """What is wrong with a table, row by row; of each row what was said first."""

    def __init__(self) -> None:
        self.rows: set[int] = set()

    def say(self, row: int, zh: str, en: str) -> None:
        if row not in self.rows:
            self.rows.add(row)
            self.append(RowFault(row, Text(zh=zh, en=en)))

    def refuse(self) -> None:
        """Raise BadTable if there are any."""
        if self:
            raise BadTable(sorted(self, key=lambda each: each.row))


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
    measures, faults = rulebook.book.measures, Faults()
    policy.require(actor, "programmes.run", measures)
    rows = _Counted(_unit_rows(path, measures, faults))
    bulk.stage(UNIT_COLUMNS, rows)
    levels = {kind.id: kind.area for kind in measures.unit_types if kind.area is not None}
    names = {kind.id: kind.name for kind in measures.unit_types}
    for row, code in units.lost(levels):
        faults.say(row, f"没有地区 {code}", f"there is no place {code}")
    for row, place, kind in units.wrong(levels):
        name = names[kind]
        faults.say(row, f"{place} 不是“{name.zh}”", f"{place} is not of the type {name.en or kind}")
    for row, place in units.outside(measures.places) if measures.places else ():
        faults.say(row, f"{place} 不在本项目的地区体系内",
                   f"{place} lies outside the places of this programme")  # fmt: skip
    for row, code, holder in units.taken(levels):
        faults.say(row, f"{code} 已登记为“{holder}”", f"{code} is on record as “{holder}” already")
    faults.refuse()
    new = rows.summed(units.enter(measures.programme, names, levels), progress)
    _note("units.imported", path, rulebook, new, actor, now)
    return Taken(new, rows.count - new, guessed(path))


class _Counted:
    """Rows that are counted as they pass."""

    def __init__(self, rows: Iterator[tuple[Any, ...]]) -> None:
        self.rows, self.count = rows, 0

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        for row in self.rows:
            self.count += 1
            yield row

    def summed(self, counts: Iterator[int], progress: Progress) -> int:
        """All the counts together; each tells that some more rows are done."""
        new = 0
        for number, count in enumerate(counts, 1):
            new += count
            progress(min(number * bulk.PIECE, self.count), self.count)
        return new


def _unit_rows(path: Path, measures: Measures, faults: Faults) -> Iterator[tuple[Any, ...]]:
    seen, kinds = set[Key](), {kind.id for kind in measures.unit_types}
    for number, cells in named_rows(path, UNIT, BESIDE):
        key = cells["name"], cells["unit_type"], cells["place"]
        if key in seen:
            faults.say(number, "与前面的行重复", "the same as a row before")
        elif _sound(kinds, number, key, faults):
            seen.add(key)
            yield (number, *key, _parted(cells, "also"), _parted(cells, "sites"))


def _parted(cells: Mapping[str, str], column: str) -> list[str]:
    """The entries of a cell, parted by semicolons, each once."""
    if not cells.get(column):
        return []
    found = (each.strip()[:120] for each in re.split("[;；]", cells[column].replace("\0", "")))
    return list(dict.fromkeys(each for each in found if each))[:MOST]


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
    measures, faults = rulebook.book.measures, Faults()
    policy.require(actor, "programmes.run", measures)
    rows = _Counted(_title_rows(path, measures, faults))
    bulk.stage(TITLE_COLUMNS, rows)
    for row, name in titles.strangers(measures.programme):
        faults.say(row, f"没有这个单位：{name}", f"there is no such unit: {name}")
    faults.refuse()
    new = rows.summed(titles.award(measures.programme, now), progress)
    _note("titles.imported", path, rulebook, new, actor, now)
    return Taken(new, rows.count - new, guessed(path))


def _title_rows(path: Path, measures: Measures, faults: Faults) -> Iterator[tuple[Any, ...]]:
    seen, kinds = set[tuple[Any, ...]](), {kind.id for kind in measures.unit_types}
    tiers = {each.id for each in measures.offices}
    for number, cells in named_rows(path, TITLE, MORE, DAYS):
        key = cells["name"], cells["unit_type"], cells["place"]
        since, until = _day(cells["from"]), _day(cells.get("until", ""))
        grade, batch, source = cells.get("grade", ""), cells.get("batch", ""), cells["source"]
        if not _sound(kinds, number, key, faults):
            continue
        if cells["tier"] not in tiers:
            names = ", ".join(sorted(tiers))
            faults.say(number, f"层级须为：{names}", f"the tier must be one of: {names}")
        elif since is None or (cells.get("until") and until is None):
            lost = cells["from"] if since is None else cells["until"]
            faults.say(number, f"“{lost}”不是日期，请写作 2024-05-01",
                       f"“{lost}” is no day; write one as 2024-05-01")  # fmt: skip
        elif until is not None and until < since:
            faults.say(number, "终止早于起始", "it ends before it begins")
        elif not source:
            faults.say(number, "没有来源", "there is no source")
        elif "\0" in grade + source:
            faults.say(number, "含有无法保存的字符", "a character that cannot be kept")
        elif batch and not (batch.isdecimal() and int(batch) < 2**31):
            faults.say(number, "批次须为整数", "the batch must be a whole number")
        elif (again := (key, cells["tier"], since, batch, source)) in seen:
            faults.say(number, "与前面的行重复", "the same as a row before")
        else:
            seen.add(again)
            yield (number, *key, cells["tier"], since, until, grade[:60], int(batch) if batch
                   else None, source[:300])  # fmt: skip


def _sound(kinds: Collection[str], number: int, key: Key, faults: Faults) -> bool:
    """Whether the row names a unit, of a type of the rule book."""
    if not key[0] or len(key[0]) > 120 or "\0" in "".join(key):
        faults.say(number, "单位名称为空或过长", "the unit's name is missing or too long")
    elif len(key[0]) < LONGEST_SUM and is_sum(key[0]):
        faults.say(number, f"“{key[0]}”是合计行，不是单位",
                   f"“{key[0]}” stands for a sum, not for a unit")  # fmt: skip
    elif key[1] not in kinds:
        names = ", ".join(sorted(kinds))
        faults.say(number, f"单位类型须为：{names}", f"the type must be one of: {names}")
    else:
        return True
    return False


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
