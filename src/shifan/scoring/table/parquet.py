"""A Parquet file of facts as the canonical facts table: checked first, then read as a stream.

Columns are in the input's own unit: whole numbers, decimals, booleans, grade ids as text. A float
is taken only where it is the float nearest to a decimal with the column's places. Ranges are judged
by the statistics Parquet keeps per row group where it has them, so that most columns of a sound
file are read once, when they are scored.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from shifan.rulebook.base import Text
from shifan.rulebook.indicators import IndicatorSet
from shifan.scoring.facts import table_columns
from shifan.scoring.table.cells import LONGEST_ID, Bad, unit_id
from shifan.scoring.table.header import UNIT
from shifan.scoring.table.problems import BadFacts, Problem
from shifan.scoring.table.typed import Bounds, Reading, complaint, reading

LISTED = 20
"""The most rows listed of one column."""
PLAIN_ID = r"^[0-9A-Za-z][!-~]{0,199}$"
"""Unit ids that need no closer look."""
ODD_ID = r"^$|^[\s=+@-]|\s$|[\p{C}\p{Zl}\p{Zp}\x{A0}\x{2000}-\x{200F}\x{3000}\x{FE00}-\x{FFFF}]"
"""Unit ids that need a closer look: signs a formula begins with, spaces, forms of full width."""
ROW, ROWS, ODD, FALLS = " row", " rows", " odd", " falls"
"""Columns of our own; none of facts is named with a space."""


def read(path: Path, indicators: IndicatorSet) -> pl.DataFrame:
    """The canonical facts table of the file, in memory. Raises BadFacts."""
    with readable():
        return scan(path, indicators).collect(engine="streaming")


def scan(path: Path, indicators: IndicatorSet) -> pl.LazyFrame:
    """The canonical facts table of the file, checked, to be read in a stream. Raises BadFacts."""
    opened = Opened(path, indicators)
    opened.check()
    return opened.frame


class Opened:
    """A file of facts whose values are looked at while others prepare to use its ``frame``.

    Raises BadFacts when it is no Parquet file, has no rows, no units or a column twice.
    """

    def __init__(self, path: Path, indicators: IndicatorSet) -> None:
        with readable():
            metadata = pq.read_metadata(path)
            problems = _whole(metadata)
            if problems:
                raise BadFacts(problems)
            self._file = pl.scan_parquet(path, glob=False)
            schema = self._file.collect_schema()
            self._readings, self._problems = _readings(metadata, schema, indicators)
            looks = _looks(self._readings, schema[UNIT] == pl.String)
            self._looking = self._file.select(looks).collect(engine="streaming", background=True)
        columns = [each.canonical for each in self._readings]
        self.frame = self._file.select(pl.col(UNIT), *columns)
        """The canonical facts table; not to be used before it is checked."""

    def check(self) -> None:
        """Wait for the values to be looked at. Raises BadFacts with every problem of the file.

        That is a column that is unknown or of the wrong type, and values that do not fit (the first
        rows of each column, counted from 1).
        """
        with readable():
            counted = self._looking.fetch_blocking().row(0, named=True)
            problems, total = self._problems, len(self._problems)
            for found, count in _values(self._file, self._readings, counted):
                problems, total = problems + found, total + count
        if problems:
            raise BadFacts(problems, total)


@contextmanager
def readable() -> Iterator[None]:
    """Turn what a damaged file raises, then or while it is streamed, into BadFacts."""
    try:
        yield
    except (pa.ArrowException, pl.exceptions.PolarsError, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # about the disk, not about the content
        text = Text(
            zh="Parquet 文件已损坏或不完整，无法读取",
            en=f"the Parquet file is damaged or incomplete: {str(error).splitlines()[0]}",
        )
        raise BadFacts([Problem(None, "", text)]) from error


def _readings(
    metadata: pq.FileMetaData, schema: pl.Schema, indicators: IndicatorSet
) -> tuple[list[Reading], list[Problem]]:
    """How each column of the file is read, and which cannot be."""
    known = {column.name: column for column in table_columns(indicators)}
    made: dict[str, Reading] = {}
    problems: list[Problem] = []
    for name, dtype in schema.items():
        if name == UNIT:
            if dtype != pl.String:
                text = Text(zh=f"该列类型为 {dtype}，应为文本", en=f"is of type {dtype}, not text")
                problems.append(Problem(None, UNIT, text))
        elif name in known:
            column = known[name]
            bounds = _bounds(metadata, name) if column.type == "number" else None
            found = reading(column, dtype, bounds)
            if isinstance(found, Reading):
                made[name] = found
            else:
                problems.append(Problem(None, name, found))
        else:
            problems.append(Problem(None, name, _unknown(name, list(known))))
    return [made[name] for name in known if name in made], problems


def _whole(metadata: pq.FileMetaData) -> list[Problem]:
    """What is wrong with the file before any of its columns is looked at."""
    names = metadata.schema.to_arrow_schema().names
    problems = []
    if UNIT not in names:
        text = Text(zh="缺少 unit（单位代码）列", en="the column `unit` is missing")
        problems.append(Problem(None, "", text))
    for name in sorted({name for name in names if names.count(name) > 1}):
        text = Text(zh="列名出现不止一次", en="the name is used by more than one column")
        problems.append(Problem(None, name, text))
    if metadata.num_rows == 0:
        problems.append(Problem(None, "", Text(zh="文件没有数据行", en="the file has no rows")))
    return problems


def _bounds(metadata: pq.FileMetaData, name: str) -> Bounds | None:
    """The least and greatest value of a column, if every row group's statistics tell them."""
    column = metadata.schema.names.index(name)
    least, most = [], []
    for group in range(metadata.num_row_groups):
        chunk = metadata.row_group(group).column(column)
        kept = chunk.statistics
        if kept is None:
            return None
        if kept.has_null_count and kept.null_count == chunk.num_values:
            continue
        if not kept.has_min_max or not isinstance(kept.min, int | Decimal):
            return None
        least.append(Decimal(kept.min))
        most.append(Decimal(kept.max))
    return (min(least), max(most)) if least else (Decimal(0), Decimal(0))


def _unknown(name: str, known: list[str]) -> Text:
    zh, en = "不是本指标的列", "is not a column of these indicators"
    near = get_close_matches(name, [UNIT, *known], n=1, cutoff=0.6)
    if near:
        return Text(zh=f"{zh}；是否应为 {near[0]}？", en=f"{en}; did you mean {near[0]}?")
    return Text(zh=zh, en=en)


Found = tuple[list[Problem], int]
"""Problems of a column, and how many there are of which these are the first."""


def _looks(readings: list[Reading], units: bool) -> list[pl.Expr]:
    """How often values do not fit; ``units`` says whether the unit ids can be looked at."""
    unit = pl.col(UNIT)
    odd = ~unit.str.contains(PLAIN_ID).fill_null(False)
    rising = (unit > unit.shift(1)).fill_null(False)
    found = [each.bad.sum().alias(each.column.name) for each in readings if each.bad is not None]
    made = [odd.sum().alias(ODD), (~rising).sum().alias(FALLS)] if units else []
    return [pl.len().alias(ROWS), *made, *found]


def _values(
    frame: pl.LazyFrame, readings: list[Reading], counted: dict[str, int]
) -> Iterator[Found]:
    """The values that do not fit, given how often that is so."""
    if counted.get(ODD):
        yield _odd_units(frame)
    if counted.get(FALLS, 0) > 1:  # the first has none before it
        yield _doubled_units(frame)
    for each in readings:
        if counted.get(each.column.name):
            yield _listed(frame, each), counted[each.column.name]


def _odd_units(frame: pl.LazyFrame) -> Found:
    """Ids that are missing, would be taken for a formula, or are not written as they are meant."""
    unit = pl.col(UNIT)
    odd = unit.is_null() | unit.str.contains(ODD_ID) | (unit.str.len_chars() > LONGEST_ID)
    rows = frame.select(unit).with_row_index(ROW, 1).filter(odd).collect(engine="streaming")
    found = [(row, text) for row, id_ in rows.iter_rows() if (text := _odd_unit(id_))]
    return [Problem(row, UNIT, text) for row, text in found[:LISTED]], len(found)


def _odd_unit(raw: str | None) -> Text | None:
    meant = unit_id(raw or "")
    if isinstance(meant, Bad):
        return meant.text
    if meant == raw:
        return None
    return Text(zh=f"单位代码应写作“{meant}”", en=f"the unit must be written as {meant!r}")


def _doubled_units(frame: pl.LazyFrame) -> Found:
    unit = pl.col(UNIT)
    different, rows = frame.select(unit.hash().n_unique(), pl.len()).collect().row(0)
    if different == rows:
        return [], 0
    numbered = frame.select(unit).with_row_index(ROW, 1)
    twice = numbered.filter(unit.is_not_null() & unit.is_duplicated()).collect()
    first: dict[str, int] = {}
    found = []
    for row, id_ in twice.iter_rows():
        if id_ in first:
            text = Text(
                zh=f"单位 {id_} 已在第 {first[id_]} 行出现",
                en=f"unit {id_} already stands in row {first[id_]}",
            )
            found.append(Problem(row, UNIT, text))
        first.setdefault(id_, row)
    return found[:LISTED], len(found)


def _listed(frame: pl.LazyFrame, each: Reading) -> list[Problem]:
    """The first rows whose value does not fit into the column."""
    assert each.bad is not None
    name = each.column.name
    rows = frame.with_row_index(ROW, 1).filter(each.bad).select(ROW, name).head(LISTED).collect()
    return [Problem(row, name, complaint(each.column, value)) for row, value in rows.iter_rows()]
