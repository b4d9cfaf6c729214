"""The header row: which column of the file is which column of the facts table."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from shifan.rulebook.base import Text
from shifan.scoring.facts import Column
from shifan.scoring.table.rows import Fault, Refused, letters

UNIT = "unit"
UNIT_NAMES = frozenset({UNIT, "单位", "单位代码"})
"""How the header may call the column of unit ids."""


@dataclass(frozen=True)
class Layout:
    """Where everything stands in the file; positions count from 0, the first column of a sheet."""

    row: int
    names: dict[int, str]
    unit: int | None
    columns: tuple[tuple[int, Column], ...]
    lettered: bool

    def label(self, position: int | None) -> str:
        """A column for people: its name, and in a workbook its letter."""
        if position is None:
            return ""
        name = self.names.get(position, "")
        if self.lettered:
            return f"{name} ({letters(position)})" if name else letters(position)
        return name or f"#{position + 1}"

    @property
    def unnamed_from(self) -> int:
        return max(self.names, default=-1) + 1


def is_blank(row: Sequence[object]) -> bool:
    return all(cell == "" or (isinstance(cell, str) and not cell.strip()) for cell in row)


def layout(
    row: int, left: int, cells: Sequence[object], columns: Sequence[Column], lettered: bool
) -> tuple[Layout, list[Fault]]:
    """The layout the header row states, and what is wrong with it.

    Raises Refused when the row names no column at all, which means that there is no header.
    """
    names = {
        left + index: name
        for index, cell in enumerate(cells)
        if (name := unicodedata.normalize("NFKC", str(cell)).strip())
    }
    known = {column.name: column for column in columns}
    if not any(_key(name) in known or _key(name) in UNIT_NAMES for name in names.values()):
        raise Refused(
            f"第 {row} 行不是表头：应写明 unit（单位代码）和各指标列名",
            f"row {row} is not a header: it must name the column unit and the columns of the facts",
        )
    unit: int | None = None
    seen: dict[str, int] = {}
    placed: list[tuple[int, Column]] = []
    made = Layout(row, names, None, (), lettered)
    faults: list[Fault] = []
    for position, name in names.items():
        key = UNIT if _key(name) in UNIT_NAMES else _key(name)
        if key in seen:
            first = made.label(seen[key])
            faults.append(Fault(row, position, _repeated(name, first)))
            continue
        seen[key] = position
        if key == UNIT:
            unit = position
        elif key in known:
            placed.append((position, known[key]))
        else:
            faults.append(Fault(row, position, unknown(name, list(known))))
    if unit is None:
        text = Text(
            zh="缺少单位列：表头应有 unit（或“单位”“单位代码”）",
            en="the column of the units is missing: the header must name one `unit`",
        )
        faults.append(Fault(row, None, text))
    return Layout(row, names, unit, tuple(placed), lettered), faults


def _key(name: str) -> str:
    return name.lower()


def _repeated(name: str, first: str) -> Text:
    return Text(zh=f"列名与 {first} 列重复", en=f"the name is already used by column {first}")


def unknown(name: str, known: list[str]) -> Text:
    """The sentence about a column that is not among ``known``, with the nearest of them."""
    near = get_close_matches(_key(name), [UNIT, *known], n=1, cutoff=0.6)
    zh, en = "不是本指标的列", "is not a column of these indicators"
    if near:
        return Text(zh=f"{zh}；是否应为 {near[0]}？", en=f"{en}; did you mean {near[0]}?")
    return Text(zh=zh, en=en)
