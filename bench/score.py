"""Scoring: a table of a million units beside its yardsticks, its growth, and a single unit live.

BENCH_UNITS sets the size of the table, BENCH_ROUNDS the rounds; BENCH_LARGE=1 adds ten times as
many units, which takes a few minutes and a few gigabytes on disk.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from decimal import Decimal
from math import log
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from bench.figures import Figure, Goal, Times, interleaved
from shifan.rulebook.indicators import IndicatorSet
from shifan.rulebook.loader import load
from shifan.scoring.compile.engines import results, score_file
from shifan.scoring.evaluate import score
from shifan.scoring.explain import explain
from shifan.scoring.facts import table_columns
from shifan.scoring.generate import write_parquet

UNITS = int(os.environ.get("BENCH_UNITS", "1000000"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "7"))
LARGE = bool(os.environ.get("BENCH_LARGE"))
SEED = 20260101


def indicators() -> IndicatorSet:
    return load("neac/2020").indicators["prefecture"]


def figures() -> Iterator[Figure]:
    """Every figure of scoring, as soon as it is measured."""
    with TemporaryDirectory() as folder:
        yield from _table(Path(folder))
        yield from _growth(Path(folder))
    yield from _one_unit()


def _table(folder: Path) -> Iterator[Figure]:
    from bench.yardsticks import openfisca

    set_, facts, out = indicators(), folder / "facts.parquet", folder / "results.parquet"
    write_parquet(set_, UNITS, SEED, facts)
    simulated = openfisca.system(set_)
    scored = results(set_, facts)
    times = interleaved(
        {
            "read": lambda: pl.read_parquet(facts),
            "openfisca": lambda: openfisca.total(simulated, set_, facts),
            "in memory": lambda: _in_memory(set_, facts),
            "scoring": lambda: scored.collect(),
            "to file": lambda: score_file(set_, facts, out),
        },
        ROUNDS,
    )
    what = f"score {UNITS:,} units × {len(set_.clauses)} clauses"
    read = Goal(3.5, "reading the file", times["read"])
    other = Goal(0.75, "OpenFisca (total only, file read)", times["openfisca"])
    yield Figure(f"{what}: checked, read, all columns in memory", times["in memory"], (read, other))
    yield Figure("  of that, without the check and the compiling", times["scoring"])
    yield Figure(f"{what}: file to file", times["to file"])
    yield Figure("  size of the results", out.stat().st_size / 1e6, unit="MB")


def _in_memory(set_: IndicatorSet, facts: Path) -> pl.DataFrame:
    return results(set_, facts).collect()


def _growth(folder: Path) -> Iterator[Figure]:
    """How time and memory grow; each size in a process of its own, file to file."""
    sizes = [UNITS // 100, UNITS, *([10 * UNITS] if LARGE else [])]
    before: tuple[int, float] | None = None
    for units in sizes:
        facts = folder / f"facts{units}.parquet"
        write_parquet(indicators(), units, SEED, facts)
        runs = [_child(facts, folder / "out.parquet") for _ in range(3)]
        facts.unlink()
        taken = Times(tuple(seconds for seconds, _ in runs))
        yield Figure(f"file to file, {units:,} units", taken)
        memory = max(peak for _, peak in runs)
        limit = (Goal(3.0),) if units > UNITS else ()
        yield Figure(f"  most memory in use, {units:,} units", memory, limit, "GB")
        if before:
            exponent = log(taken.best / before[1]) / log(units / before[0])
            what = f"  growth from {before[0]:,} to {units:,} units"
            yield Figure(what, exponent, (Goal(1.05),), "(exponent)")
        before = (units, taken.best)


def _child(facts: Path, out: Path) -> tuple[float, float]:
    """Seconds of one run in a fresh process, and the gigabytes it had in use at most."""
    command = [sys.executable, "-m", "bench.score", str(facts), str(out)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds, peak = json.loads(done.stdout)
    return seconds, peak


def _run_as_child(facts: str, out: str) -> None:
    set_ = indicators()
    started = time.perf_counter()
    score_file(set_, Path(facts), Path(out))
    taken = time.perf_counter() - started
    status = Path("/proc/self/status").read_text()  # ru_maxrss would count the parent's memory
    peak = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    print(json.dumps([taken, int(peak) * 1024 / 1e9]))


def _one_unit() -> Iterator[Figure]:
    set_ = indicators()
    facts = {
        column.name: _middling(column.type, column.maximum, column.grades)
        for column in table_columns(set_)
        if column.role != "not_applicable"
    }
    changed = iter(range(10**9))

    def change() -> None:
        facts["supervision_share"] = Decimal(next(changed) % 100)
        score(set_, facts)

    result = score(set_, facts)
    times = interleaved({"live": change, "why": lambda: explain(set_, facts, result)}, 100)
    yield Figure("live score of one unit after one fact changes", times["live"], (Goal(0.005),))
    yield Figure("explanation of one unit, all clauses", times["why"], (Goal(0.020),))


def _middling(kind: str, maximum: Decimal, grades: tuple[str, ...]) -> bool | Decimal | str:
    if kind == "boolean":
        return False
    return grades[-1] if kind == "grade" else min(maximum, Decimal(1000)) / 2


if __name__ == "__main__":
    _run_as_child(*sys.argv[1:])
