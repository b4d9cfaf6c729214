"""A table read row by row, each under the names of its header: CSV or XLSX."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from shifan.rulebook.base import Text
from shifan.scoring.table.delimited import Delimited
from shifan.scoring.table.rows import Refused, Source
from shifan.scoring.table.sniff import sniff
from shifan.scoring.table.workbook import Workbook

MOST = 100
"""Faults named at most."""


@dataclass(frozen=True)
class RowFault:
    """What is wrong with a row, as a spreadsheet numbers them."""

    row: int
    text: Text


class BadTable(Exception):
    """A table that was not taken over, with what is wrong, row by row."""

    def __init__(self, faults: Sequence[RowFault]) -> None:
        super().__init__(f"{len(faults)} rows cannot be taken over")
        self.faults = faults[:MOST]
        self.count = len(faults)

    @property
    def text(self) -> Text:
        """All of it in words."""
        zh = [f"第 {each.row} 行：{each.text.zh}" for each in self.faults]
        en = [f"Row {each.row}: {each.text.en or each.text.zh}" for each in self.faults]
        if self.count > MOST:
            zh.append(f"……共 {self.count} 行有误")
            en.append(f"… {self.count} rows in all")
        return Text(zh="\n".join(zh), en="\n".join(en))


def named_rows(
    path: Path, required: Sequence[str], optional: Sequence[str] = (), days: Sequence[str] = ()
) -> Iterator[tuple[int, dict[str, str]]]:
    """The filled rows below the header, each with its number and its cells as text, as they show.

    Columns may come in any order; others than the named are left out. Only those of ``days`` hold
    dates. Raises Refused for what is no such table and BadTable for rows that the file itself marks
    as unusable.
    """
    kind = sniff(path)
    if kind == "parquet":
        raise Refused("请用 CSV 或 XLSX", "give a CSV or an XLSX file")
    source: Source = Workbook(path, as_text=True) if kind == "xlsx" else Delimited(path)
    places: dict[str, int] = {}
    for batch in source.batches():
        if batch.faults:
            raise BadTable([RowFault(fault.row or 0, fault.text) for fault in batch.faults])
        before = [""] * batch.left
        for number, held in enumerate(batch.rows, batch.first):
            cells = [*before, *held] if before else held
            if not any(str(cell).strip() for cell in cells):
                continue
            if not places:
                places = _header([str(cell).strip() for cell in cells], required, optional)
                continue
            found = {name: cells[at] if at < len(cells) else "" for name, at in places.items()}
            for name, cell in found.items():
                if not isinstance(cell, str) and name not in days:
                    raise BadTable([RowFault(number, _kept_as_date(name, cell))])
            yield number, {name: str(cell).strip() for name, cell in found.items()}
    if not places:
        _header([], required, optional)


def _kept_as_date(name: str, cell: object) -> Text:
    return Text(
        zh=f"{name}：单元格被存成了日期或时间（{cell}），请设为文本格式",
        en=f"{name}: the cell was kept as a date or a time ({cell}): format it as text",
    )


def _header(
    cells: Sequence[str], required: Sequence[str], optional: Sequence[str]
) -> dict[str, int]:
    found = {name: cells.index(name) for name in (*required, *optional) if name in cells}
    lacking = [name for name in required if name not in found]
    twice = [name for name in found if cells.count(name) > 1]
    if lacking:
        names = ", ".join(lacking)
        raise Refused(f"缺少列：{names}。", f"There is no column {names}.")
    if twice:
        names = ", ".join(twice)
        raise Refused(f"重复的列：{names}。", f"The column {names} comes twice.")
    return found
