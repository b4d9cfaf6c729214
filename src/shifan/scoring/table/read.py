"""A facts file, whatever its format, as the canonical facts table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from shifan.rulebook.base import Text
from shifan.rulebook.indicators import IndicatorSet
from shifan.scoring.facts import Column, table_columns
from shifan.scoring.table.cells import Bad, ColumnReader, unit_id
from shifan.scoring.table.delimited import Delimited, guessed
from shifan.scoring.table.gather import Faults
from shifan.scoring.table.header import UNIT, Layout, is_blank, layout
from shifan.scoring.table.rows import Batch, Refused, Source
from shifan.scoring.table.sniff import Format, sniff
from shifan.scoring.table.workbook import Workbook


@dataclass(frozen=True)
class Table:
    """A facts table: ``unit`` and one column per fact, in the rule book's order.

    Booleans are booleans, numbers whole numbers scaled by ten to the power of the column's
    decimals, grades text; null is missing. Parquet and spooled rows are read again when the frame
    is collected. ``sheet`` names the sheet read, if the file has sheets; ``guessed`` is what to
    tell about the encoding of a file that does not say it.
    """

    frame: pl.LazyFrame
    format: Format
    sheet: str = ""
    guessed: Text | None = None


def read(
    path: Path, indicators: IndicatorSet, sheet: str | None = None, spool: Path | None = None
) -> Table:
    """The facts of the CSV, XLSX or Parquet file at ``path``, recognised by its content.

    Rows of a CSV or XLSX file wait in the folder ``spool``, which must last as long as the table is
    used; without one they are held in memory. Raises BadFacts with every problem of the file by row
    and column, and takes nothing over then; FileNotFoundError and other OSErrors as they come.
    """
    faults = Faults()
    rows = _Rows(table_columns(indicators), faults, _Kept(spool))
    kind: Format = "csv"
    source: Source | None = None
    try:
        kind = sniff(path)
        if kind == "parquet":
            from shifan.scoring.table import parquet

            return Table(parquet.scan(path, indicators), kind)
        source = Workbook(path, sheet) if kind == "xlsx" else Delimited(path)
        for batch in source.batches():
            rows.take(batch, source.lettered)
        rows.finish()
    except Refused as refused:
        faults.add(None, None, refused.text)
    if faults.total:
        raise faults.refusal(rows.layout)
    said = guessed(path) if kind == "csv" else None
    return Table(rows.frame(), kind, source.sheet if source else "", said)


SPOOLED = 100_000
"""Rows held in memory before they go to the spool."""


class _Kept:
    """Sound rows, in order; a batch may lack columns that another has."""

    def __init__(self, spool: Path | None) -> None:
        self._spool = spool
        self._frames: list[pl.DataFrame] = []
        self._parts: list[Path] = []

    def add(self, frame: pl.DataFrame) -> None:
        self._frames.append(frame)
        if self._spool and sum(map(len, self._frames)) >= SPOOLED:
            part = self._spool / f"{len(self._parts)}.parquet"
            pl.concat(self._frames, how="diagonal").write_parquet(part, compression="lz4")
            self._parts.append(part)
            self._frames.clear()

    def clear(self) -> None:
        self._frames.clear()

    def frame(self) -> pl.LazyFrame:
        spooled = [pl.scan_parquet(part, glob=False) for part in self._parts]
        return pl.concat([*spooled, *(f.lazy() for f in self._frames)], how="diagonal")


def _marks(columns: tuple[Column, ...]) -> dict[str, str]:
    """By the columns of facts that may be said not to apply, the one that marks it."""
    marks = [column for column in columns if column.role == "not_applicable"]
    return {
        column.name: mark.name
        for mark in marks
        for column in columns
        if column.provision == mark.provision
        and column.role not in ("not_applicable", "potential")
        and mark.of in ("", column.name)
    }


class _Rows:
    """Takes batches of raw rows, keeps the values of sound ones."""

    def __init__(self, columns: tuple[Column, ...], faults: Faults, kept: _Kept) -> None:
        self._columns = columns
        self._faults = faults
        self._marks = _marks(columns)
        self._readers = {
            column.name: ColumnReader(column, column.name in self._marks) for column in columns
        }
        self._kept = kept
        self._ids: list[pl.DataFrame] = []
        self._strange: set[int] = set()
        self.layout: Layout | None = None

    def take(self, batch: Batch, lettered: bool) -> None:
        self._faults.extend(batch.faults)
        rows, first = batch.rows, batch.first
        if self.layout is None:
            skipped = next((i for i, row in enumerate(rows) if not is_blank(row)), None)
            if skipped is None:
                return
            header = first + skipped
            self.layout, faults = layout(header, batch.left, rows[skipped], self._columns, lettered)
            self._faults.extend(faults)
            rows, first = rows[skipped + 1 :], header + 1
        if rows:
            self._body(rows, first, batch.left, self.layout)

    def _body(
        self, rows: Sequence[Sequence[object]], first: int, left: int, layout: Layout
    ) -> None:
        numbers: Sequence[int] = range(first, first + len(rows))
        ids = self._unit_cells(rows, left, layout)
        if "" in ids and any(is_blank(row) for row in rows):
            kept = [index for index, row in enumerate(rows) if not is_blank(row)]
            rows, numbers = [rows[i] for i in kept], [numbers[i] for i in kept]
            ids = [ids[i] for i in kept]
        if not rows:
            return
        cells = list(zip(*rows, strict=True))
        self._unnamed(cells, numbers, left, layout)
        units = self._units(ids, numbers, layout)
        values = self._values(cells, numbers, left, layout)
        if not self._faults.total:
            self._kept.add(pl.DataFrame([units, *values]))
        else:
            self._kept.clear()

    def _unit_cells(
        self, rows: Sequence[Sequence[object]], left: int, layout: Layout
    ) -> list[object]:
        if layout.unit is None or layout.unit < left or layout.unit - left >= len(rows[0]):
            return [""] * len(rows)
        return [row[layout.unit - left] for row in rows]

    def _unnamed(
        self,
        cells: list[tuple[object, ...]],
        numbers: Sequence[int],
        left: int,
        layout: Layout,
    ) -> None:
        for index, column in enumerate(cells):
            position = left + index
            if position in layout.names or position in self._strange or is_blank(column):
                continue
            self._strange.add(position)
            row = next(n for n, c in zip(numbers, column, strict=True) if not is_blank((c,)))
            text = Text(zh="该列有数据但没有列名", en="the column has cells but no name")
            self._faults.add(row, position, text)

    def _units(self, cells: list[object], numbers: Sequence[int], layout: Layout) -> pl.Series:
        ids: list[str | None] = []
        for row, cell in zip(numbers, cells, strict=True):
            id_ = unit_id(cell)
            if isinstance(id_, Bad):
                if layout.unit is not None:
                    self._faults.add(row, layout.unit, id_.text)
                ids.append(None)
            else:
                ids.append(id_)
        units = pl.Series(UNIT, ids, dtype=pl.String)
        rows = pl.Series("row", numbers, dtype=pl.UInt32)
        self._ids.append(pl.DataFrame([units, rows]).drop_nulls())
        return units

    def _values(
        self,
        cells: list[tuple[object, ...]],
        numbers: Sequence[int],
        left: int,
        layout: Layout,
    ) -> list[pl.Series]:
        made: dict[str, pl.Series] = {}
        excused: dict[str, set[int]] = {}
        blank = ("",) * len(numbers)
        for position, column in layout.columns:
            inside = 0 <= position - left < len(cells)
            read = self._readers[column.name].read(
                cells[position - left] if inside else blank, layout.lettered
            )
            made[column.name] = read.series
            for index, text in read.bad:
                self._faults.add(numbers[index], position, text)
            if read.excused:
                mark = self._marks[column.name]
                excused.setdefault(mark, set()).update(read.excused)
        for mark, indices in excused.items():
            made[mark] = self._marked(made.get(mark), mark, indices, numbers, layout)
        return [made[column.name] for column in self._columns if column.name in made]

    def _marked(
        self,
        given: pl.Series | None,
        mark: str,
        indices: set[int],
        numbers: Sequence[int],
        layout: Layout,
    ) -> pl.Series:
        """The column of the mark, with the rows added whose own cell says so."""
        values: list[object] = [None] * len(numbers) if given is None else given.to_list()
        for index in sorted(indices):
            if values[index] is False:
                position = next(p for p, column in layout.columns if column.name == mark)
                text = Text(
                    zh="此处填“否”，而该条数据填了“不适用”",
                    en="says no here, while the clause's own cell says not applicable",
                )
                self._faults.add(numbers[index], position, text)
            values[index] = True
        return pl.Series(mark, values, dtype=pl.Boolean)

    def finish(self) -> None:
        """Look at the file as a whole: a header, rows, every unit once."""
        if self.layout is None:
            raise Refused("文件没有数据", "the file has no rows")
        if not self._ids:
            raise Refused("表头之下没有数据行", "there is no row below the header")
        ids = pl.concat(self._ids)
        twice = ids.filter(pl.col(UNIT).is_duplicated())
        first: dict[str, int] = {}
        for unit, row in twice.iter_rows():
            if unit in first:
                text = Text(
                    zh=f"单位 {unit} 已在第 {first[unit]} 行出现",
                    en=f"unit {unit} already stands in row {first[unit]}",
                )
                self._faults.add(row, self.layout.unit, text)
            first.setdefault(unit, row)

    def frame(self) -> pl.LazyFrame:
        """All rows as one table, columns in the rule book's order."""
        whole = self._kept.frame()
        given = whole.collect_schema()
        return whole.select(UNIT, *(c.name for c in self._columns if c.name in given))
