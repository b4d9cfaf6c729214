"""Write a worksheet as a stream of rows; no cell is ever a formula or a link."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import polars as pl
import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

MOST_ROWS = 1_048_575
"""Rows of a sheet below its header."""


class SheetWriter:
    """An XLSX file with one sheet that is written row after row."""

    def __init__(self, path: Path, name: str = "Sheet1") -> None:
        self._workbook = xlsxwriter.Workbook(
            str(path),
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        self._bold = self._workbook.add_format({"bold": True})
        self._points = self._workbook.add_format({"num_format": "0.00#"})
        self._start(name)

    def _start(self, name: str) -> None:
        self._sheet = self._workbook.add_worksheet(name)
        self._row = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self._workbook.close()
        except FileCreateError as failed:
            if error is None:
                raise OSError(str(failed)) from failed

    def another(self, name: str) -> None:
        """Leave the sheet and begin a next one."""
        self._start(name)

    def header(self, names: list[str]) -> None:
        """The names of the columns, kept in view."""
        for column, name in enumerate(names):
            self._sheet.write_string(0, column, name, self._bold)
        self._sheet.freeze_panes(1, 1)
        self._row = 1

    def points(self, frame: pl.DataFrame) -> None:
        """Rows whose whole numbers are millipoints, shown as points."""
        scaled = [kind.is_integer() for kind in frame.dtypes]
        write_number, write_string = self._sheet.write_number, self._sheet.write_string
        for row, cells in enumerate(frame.iter_rows(), self._row):
            for column, cell in enumerate(cells):
                if cell is None:
                    continue
                if scaled[column]:
                    write_number(row, column, cell / 1000, self._points)
                elif isinstance(cell, bool):
                    self._sheet.write_boolean(row, column, cell)
                else:
                    write_string(row, column, str(cell))
        self._row += frame.height

    def values(self, frame: pl.DataFrame) -> None:
        """Rows as they are."""
        for cells in frame.iter_rows():
            self.line(cells)

    def line(self, cells: tuple[Any, ...]) -> None:
        """One row: booleans, numbers and text each as such, nothing where there is None."""
        for column, cell in enumerate(cells):
            if cell is None:
                continue
            if isinstance(cell, bool):
                self._sheet.write_boolean(self._row, column, cell)
            elif isinstance(cell, int | Decimal):
                self._sheet.write_number(self._row, column, cell)
            else:
                self._sheet.write_string(self._row, column, str(cell))
        self._row += 1
