"""Facts files for tests: CSV and XLSX in every shape people send them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import xlsxwriter

from shifan.rulebook.indicators import IndicatorSet
from shifan.rulebook.loader import load
from shifan.scoring.table.problems import BadFacts
from shifan.scoring.table.read import read

MINIMAL = Path(__file__).parents[1] / "books" / "minimal"
HEADER = ["unit", "plan_published", "green_cover", "upkeep", "late_complaints"]
GOOD: list[Sequence[Any]] = [
    HEADER,
    ["红塔区", True, 31.5, "good", 2],
    ["530302", False, None, None, None],
]
READ = [
    {
        "unit": "红塔区", "plan_published": True, "green_cover": 315, "late_complaints": 2,
        "upkeep": "good",
    },
    {
        "unit": "530302", "plan_published": False, "green_cover": None, "late_complaints": None,
        "upkeep": None,
    },
]  # fmt: skip
"""What is read of GOOD: the rule book's order of columns, 31.5 with one decimal place as 315."""


def town() -> IndicatorSet:
    return load(MINIMAL).indicators["town"]


def csv_file(
    folder: Path, rows: Sequence[Sequence[Any]], name: str = "facts.csv", comma: str = ",",
    encoding: str = "utf-8",
) -> Path:  # fmt: skip
    lines = [comma.join("" if cell is None else str(cell) for cell in row) for row in rows]
    path = folder / name
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode(encoding))
    return path


def xlsx_file(
    folder: Path,
    rows: Sequence[Sequence[Any]],
    more: Callable[[Any, Any], None] | None = None,
    name: str = "facts.xlsx",
) -> Path:
    """A workbook with one sheet; ``more`` may add to the workbook and the sheet."""
    workbook = xlsxwriter.Workbook(str(folder / name), {"strings_to_formulas": False})
    sheet = workbook.add_worksheet("数据")
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    if more:
        more(workbook, sheet)
    workbook.close()
    return folder / name


def with_sheet(path: Path, change: Callable[[bytes], bytes]) -> Path:
    """The workbook at ``path`` with the XML of its first sheet changed."""
    changed = path.with_name("changed.xlsx")
    with ZipFile(path) as old, ZipFile(changed, "w") as new:
        for part in old.namelist():
            content = old.read(part)
            new.writestr(part, change(content) if part.endswith("sheet1.xml") else content)
    return changed


def rows_of(path: Path, sheet: str | None = None) -> list[dict[str, Any]]:
    return read(path, town(), sheet).frame.collect().to_dicts()


def problems_of(path: Path, sheet: str | None = None) -> list[tuple[int | None, str, str]]:
    """Row, column and English sentence of every problem; a Chinese one must stand beside it."""
    try:
        read(path, town(), sheet)
    except BadFacts as bad:
        assert all(problem.message.zh and problem.message.en for problem in bad.problems)
        return [(p.row, p.column, p.message.en) for p in bad.problems]
    return []
