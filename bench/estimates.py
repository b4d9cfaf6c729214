"""Estimates from ten million answers: Polars and DuckDB in the process, and a small Spark cluster.

BENCH_ANSWERS sets the number of answers, BENCH_ROUNDS the rounds. Spark runs as a local cluster of
two workers and needs Java 17; without Java its figures are left out, and this is said.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import polars as pl

from bench.figures import Figure, Goal, Times, interleaved
from shifan.fairness.engines import tallied
from shifan.fairness.sampling import Estimate, estimate
from shifan.fairness.tally import Asked, cells

ANSWERS = int(os.environ.get("BENCH_ANSWERS", "10000000"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
SEED, STRATA, PART = 20260101, 40, 1_000_000
CONFIDENCE = Decimal("0.95")
CHOICES = ["very_good", "good", "fair", "bad", "unknown"]
ASKED = Asked(frozenset({"very_good", "good"}), frozenset({"unknown"}))
QUESTIONS = {"clean": ASKED, "safe": ASKED, "heard": ASKED}
POPULATIONS: dict[str, int | None] = {f"S{i:02d}": 400_000 + 9_000 * i for i in range(STRATA)}
SPARK = "local-cluster[2,1,2048]"

Rows = list[dict[str, Any]]


def figures() -> Iterator[Figure]:
    """Every figure of the estimates, as soon as it is measured."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "answers.parquet"
        write(path, ANSWERS, SEED)
        kept: dict[str, dict[str, Estimate]] = {}

        def job(name: str, count: Callable[[], Rows]) -> Callable[[], None]:
            return lambda: kept.__setitem__(name, estimates(count()))

        times = interleaved(
            {
                "read": lambda: pl.read_parquet(path),
                "Polars": job("Polars", lambda: tallied(path, QUESTIONS, "polars")),
                "DuckDB": job("DuckDB", lambda: tallied(path, QUESTIONS, "duckdb")),
            },
            ROUNDS,
        )
        what = f"estimate {len(QUESTIONS)} shares from {ANSWERS:,} answers, {STRATA} strata"
        for name, ratio in (("Polars", 3), ("DuckDB", 10)):
            read = Goal(ratio, "reading the file alone", times["read"])
            yield Figure(f"{what}: Ibis on {name}", times[name], (Goal(60), read))
        if shutil.which("java"):
            yield from _spark(path, what, kept, times["read"])
        else:
            print("  no Java here: Spark is left out", flush=True)
        differing = sum(found != kept["Polars"] for found in kept.values())
        yield Figure(
            f"  engines that differ in any figure ({', '.join(kept)})", differing, (Goal(0),)
        )
        print("  " + "; ".join(_line(name, e) for name, e in kept["Polars"].items()), flush=True)


def estimates(rows: Rows) -> dict[str, Estimate]:
    """The estimate of every question from the rows of a tally."""
    return {name: estimate(cells(rows, name), POPULATIONS, CONFIDENCE) for name in QUESTIONS}


def _line(name: str, found: Estimate) -> str:
    return f"{name} {found.share} % ({found.low}–{found.high}), n {found.n:,}"


def write(path: Path, answers: int, seed: int) -> None:
    """A Parquet file of generated answers: 5 % null, an eighth flagged to weigh half or nothing."""
    import pyarrow.parquet as pq

    random = np.random.default_rng(seed)
    writer = None
    for start in range(0, answers, PART):
        table = _answers(random, min(PART, answers - start)).to_arrow(
            compat_level=pl.CompatLevel.oldest()
        )
        writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd")
        writer.write_table(table)
    if writer:
        writer.close()


def _answers(random: np.random.Generator, rows: int) -> pl.DataFrame:
    stratum = random.integers(0, STRATA, rows)
    flags = random.random(rows)
    columns = {
        "stratum": pl.Series(list(POPULATIONS)).gather(stratum),
        "weight": np.select([flags < 0.03, flags < 0.125], [0, 500], 1000).astype(np.int64),
    }
    names = pl.Series([*CHOICES, None])
    for shift, question in enumerate(QUESTIONS):
        steps = np.array([0.30, 0.55, 0.75, 0.90, 0.95])
        drawn = random.random(rows) ** (1 + 0.01 * ((stratum + shift) % STRATA))
        choice = np.searchsorted(steps, drawn, side="right")
        columns[question] = names.gather(choice)
    return pl.DataFrame(columns)


def _spark(
    path: Path, what: str, kept: dict[str, dict[str, Estimate]], read: Times
) -> Iterator[Figure]:
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    started = time.perf_counter()
    session = (
        SparkSession.builder.master(SPARK)
        .appName("estimates")
        .config("spark.executor.memory", "1g")
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate()
    )
    try:
        session.sparkContext.setLogLevel("ERROR")
        kept["Spark"] = estimates(tallied(path, QUESTIONS, "spark"))
        first = time.perf_counter() - started
        job = {"Spark": lambda: estimates(tallied(path, QUESTIONS, "spark"))}
        times = interleaved(job, min(ROUNDS, 3))["Spark"]
        goals = (Goal(60), Goal(30, "reading the file alone", read))
        yield Figure(f"{what}: Ibis on Spark, {SPARK}", times, goals)
        yield Figure("  the first time, with the start of the cluster", first, unit="s")
        part = pl.scan_parquet(path).head(100_000).collect()
        same = estimates(tallied(part, QUESTIONS, "spark")) == estimates(tallied(part, QUESTIONS))
        yield Figure("  a table in memory, where Spark says something else", not same, (Goal(0),))
    finally:
        session.stop()
