"""Run the compiled scores on an engine: in memory, or from file to file as a stream."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import ibis
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from shifan.rulebook.indicators import IndicatorSet
from shifan.scoring.compile.scopes import column_of
from shifan.scoring.compile.scores import TOTALS, compile_scores, result_schema
from shifan.scoring.evaluate import score
from shifan.scoring.facts import table_columns
from shifan.scoring.result import ProvisionScore, State, UnitScore
from shifan.scoring.table import parquet
from shifan.scoring.table.write import replacing

Engine = Literal["polars", "duckdb", "python"]
"""``polars`` is the fastest; ``python`` scores row by row with the reference evaluator."""

Source = Path | pl.LazyFrame | pl.DataFrame
"""A Parquet file of facts in their own units, or a canonical facts table."""

ROWS = 100_000
"""Rows of a batch where units pass from one library to another, and of a row group written so."""
GROUP = 250_000
"""Rows of a group that Polars writes: larger ones, quickly packed and without statistics, take a
third less time, and results are read whole."""


def results(indicators: IndicatorSet, source: Source, engine: Engine = "polars") -> pl.LazyFrame:
    """The results table of a Parquet file or a canonical facts table (see :mod:`.compile`).

    On Polars nothing is computed before the frame is collected or sunk; the other engines score now
    and hold the results in memory. Raises BadFacts when a file's facts do not fit, ValueError for
    indicators that can't be compiled.
    """
    if engine != "polars":
        batches = list(_batches(indicators, _facts(indicators, source), engine))
        table = pa.Table.from_batches(batches, result_schema(indicators).to_pyarrow())
        return pl.LazyFrame(pl.from_arrow(table))
    if not isinstance(source, Path):
        return _polars(indicators, source.lazy())
    opened = parquet.Opened(source, indicators)
    made = _polars(indicators, opened.frame)  # while the values are being looked at
    opened.check()
    return made


def score_file(
    indicators: IndicatorSet, source: Source, out: Path, engine: Engine = "polars"
) -> int:
    """Score a Parquet file or a canonical facts table into the Parquet file ``out``.

    Memory stays bounded, whatever the number of units, which is returned. ``out`` appears when it
    is complete, in place of what was there; otherwise nothing is left. Raises BadFacts when the
    facts do not fit, ValueError for indicators that can't be compiled, OSError of the disk.
    """
    reading = parquet.readable() if isinstance(source, Path) else nullcontext()
    with reading, replacing(out) as beside:
        if engine == "polars":
            table = results(indicators, source)
            table.sink_parquet(
                beside, compression="zstd", compression_level=1, statistics=False,
                row_group_size=GROUP,
            )  # fmt: skip
        else:
            _write(indicators, _batches(indicators, _facts(indicators, source), engine), beside)
        return int(pq.read_metadata(beside).num_rows)


def _facts(indicators: IndicatorSet, source: Source) -> pl.LazyFrame:
    return parquet.scan(source, indicators) if isinstance(source, Path) else source.lazy()


def _polars(indicators: IndicatorSet, facts: pl.LazyFrame) -> pl.LazyFrame:
    backend = ibis.polars.connect({"facts": facts})
    made: pl.LazyFrame = backend.compile(compile_scores(indicators, backend.table("facts")))
    return made


def _write(indicators: IndicatorSet, batches: Iterator[pa.RecordBatch], path: Path) -> None:
    schema = result_schema(indicators).to_pyarrow()
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in batches:
            writer.write_batch(batch.cast(schema))


def _batches(
    indicators: IndicatorSet, facts: pl.LazyFrame, engine: Engine
) -> Iterator[pa.RecordBatch]:
    return _duckdb(indicators, facts) if engine == "duckdb" else _python(indicators, facts)


def _duckdb(indicators: IndicatorSet, facts: pl.LazyFrame) -> Iterator[pa.RecordBatch]:
    backend = ibis.duckdb.connect()
    try:
        backend.con.register("facts", _arrow(facts))
        expression = compile_scores(indicators, backend.table("facts"))
        yield from backend.con.sql(backend.compile(expression)).to_arrow_reader(ROWS)
    finally:
        backend.disconnect()


def _arrow(facts: pl.LazyFrame) -> pa.RecordBatchReader:
    """The frame as a stream of Arrow batches."""
    plain = pl.CompatLevel.oldest()
    empty = pl.DataFrame(schema=facts.collect_schema()).to_arrow(compat_level=plain)
    batches = (
        batch
        for frame in facts.collect_batches(chunk_size=ROWS, maintain_order=True)
        for batch in frame.to_arrow(compat_level=plain).to_batches()
    )
    return pa.RecordBatchReader.from_batches(empty.schema, batches)


# --- row by row ---------------------------------------------------------------------------------


def _python(indicators: IndicatorSet, facts: pl.LazyFrame) -> Iterator[pa.RecordBatch]:
    schema = result_schema(indicators).to_pyarrow()
    decimals = {c.name: c.decimals for c in table_columns(indicators) if c.type == "number"}
    for frame in facts.collect_batches(chunk_size=ROWS, maintain_order=True):
        rows = []
        for stated in frame.iter_rows(named=True):
            for name, places in decimals.items():
                if stated.get(name) is not None:
                    stated[name] = Decimal(stated[name]).scaleb(-places)
            rows.append(_row(indicators, stated["unit"], score(indicators, stated)))
        yield pa.RecordBatch.from_pylist(rows, schema)


def _row(indicators: IndicatorSet, unit: str, result: UnitScore) -> dict[str, Any]:
    """A unit's score as a row of the results table."""
    row: dict[str, Any] = {"unit": unit}
    for clause, part in zip(indicators.clauses, result.clauses, strict=True):
        name = column_of("clause", clause.id)
        out = clause.within and part.state is State.NOT_APPLICABLE
        row[name] = None if out else _won(part)
        if clause.not_applicable:
            row[f"{name}_not_applicable"] = part.state is State.NOT_APPLICABLE
    row |= {column_of("adjustment", part.id): _won(part) for part in result.adjustments}
    row |= {column_of("veto", part.id): part.value for part in result.vetoes}
    row |= {column_of("item", item.id): item.won for item in result.items}
    for category in result.categories:
        name = column_of("category", category.id)
        row |= {name: category.won, f"{name}_open": category.open}
    row |= {name: getattr(result, name) for name in TOTALS} | {"verdict": str(result.verdict)}
    return row | ({"grade": result.grade} if indicators.grades else {})


def _won(part: ProvisionScore) -> int | None:
    """What the provision won, if it counts."""
    full = part.state is State.NOT_APPLICABLE
    return part.won if part.state is State.SCORED or full else None
