"""Run a tally on an engine of the process, or on Spark."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import ibis
import polars as pl

from shifan.fairness.tally import Asked, tally, tally_rows
from shifan.scoring.compile.engines import Engine, Source


def tallied(
    source: Source, questions: Mapping[str, Asked], engine: Engine | Literal["spark"] = "polars"
) -> list[dict[str, Any]]:
    """The rows of the tally of a table of answers, or of a Parquet file that holds one.

    Polars and DuckDB read of a file what is asked for, in pieces; ``python`` is the reference.
    ``spark`` is the Spark that the surroundings configure, whose workers must see the file; PySpark
    is an extra, and ModuleNotFoundError is raised without it.
    """
    if engine == "duckdb":
        return _duckdb(source, questions)
    if engine == "spark":
        return _spark(source, questions)
    frame = pl.scan_parquet(source) if isinstance(source, Path) else source.lazy()
    if engine == "python":
        return tally_rows(frame.collect().iter_rows(named=True), questions)
    backend = ibis.polars.connect({"answers": frame})
    made: pl.LazyFrame = backend.compile(tally(backend.table("answers"), questions))
    return made.collect(engine="streaming").to_dicts()


def _duckdb(source: Source, questions: Mapping[str, Asked]) -> list[dict[str, Any]]:
    backend = ibis.duckdb.connect()
    try:
        if isinstance(source, Path):
            answers = backend.read_parquet(source)
        else:
            backend.con.register("answers", source.lazy().collect().to_arrow())
            answers = backend.table("answers")
        query = backend.compile(tally(answers, questions))
        rows: list[dict[str, Any]] = backend.con.sql(query).to_arrow_table().to_pylist()
        return rows
    finally:
        backend.disconnect()


def _spark(source: Source, questions: Mapping[str, Asked]) -> list[dict[str, Any]]:
    from pyspark.sql import SparkSession

    session = SparkSession.builder.appName("shifan").getOrCreate()
    if isinstance(source, Path):
        answers = session.read.parquet(str(source))
    else:
        answers = session.createDataFrame(source.lazy().collect().to_arrow())
    answers.createOrReplaceTempView("answers")
    backend = ibis.pyspark.connect(session)
    query = backend.compile(tally(backend.table("answers"), questions))
    return [row.asDict() for row in session.sql(query).collect()]
