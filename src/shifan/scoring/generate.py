"""Plausible facts about units that do not exist: for trials, demonstrations and measurements.

A unit's ``quality`` runs through all its facts, so that totals spread as real ones do: most units
earn between 70 and 100 points of a hundred, a few far less. About one fact in twenty is missing,
all of them in four units of ten; a clause that may be not applicable is so for one unit in twenty;
each veto holds for one in a thousand.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow.parquet as pq
from numpy.typing import NDArray

from shifan.rulebook.base import millipoints
from shifan.rulebook.indicators import Adjustment, IndicatorSet, Provision, ScoredProvision, Veto
from shifan.rulebook.rules import DeductPer, Graded, Linear, PerCount, Satisfaction
from shifan.rulebook.rules import Steps as StepsRule
from shifan.scoring.facts import ALL, Column, provision_columns

CHUNK = 100_000
"""Units of a frame; a unit's facts do not depend on how many are asked for."""

INCOMPLETE = 0.4
"""The share of units that lack facts."""
MISSING = 0.12
"""The share of facts such a unit lacks."""

Floats = NDArray[np.float64]


def generate(indicators: IndicatorSet, units: int, seed: int) -> Iterator[pl.DataFrame]:
    """Facts of ``units`` units, in frames of at most ``CHUNK``; the same for the same seed.

    Columns are ``unit`` ("U00000001") and those of :func:`shifan.scoring.facts.table_columns`, in
    the input's own unit: boolean, whole number, decimal or grade id; null is missing.
    """
    for start in range(0, units, CHUNK):
        rows = min(CHUNK, units - start)
        yield _Chunk(indicators, seed, start, rows).frame()


def write_parquet(indicators: IndicatorSet, units: int, seed: int, path: Path) -> None:
    """Write the facts of :func:`generate` to one Parquet file, a few row groups at a time."""
    frames = generate(indicators, units, seed)
    first = next(frames, None)
    if first is None:
        first = _Chunk(indicators, seed, 0, 0).frame()
    table = first.to_arrow(compat_level=pl.CompatLevel.oldest())
    with pq.ParquetWriter(
        path, table.schema, compression="zstd", store_decimal_as_integer=True
    ) as writer:
        writer.write_table(table)
        for frame in frames:
            writer.write_table(frame.to_arrow(compat_level=pl.CompatLevel.oldest()))


class _Chunk:
    """One frame in the making: every column has its own stream of random numbers."""

    def __init__(self, indicators: IndicatorSet, seed: int, start: int, rows: int) -> None:
        self.indicators, self.seed, self.start, self.rows = indicators, seed, start, rows
        self.quality = 1 - 0.3 * self.uniform("quality") ** 3
        self.lacking = self.uniform("lacking") < INCOMPLETE

    def uniform(self, purpose: str) -> Floats:
        """A number in [0, 1) per unit, of a stream of its own for each purpose."""
        stream = np.random.default_rng((self.seed, self.start, zlib.crc32(purpose.encode())))
        return stream.random(self.rows)

    def frame(self) -> pl.DataFrame:
        numbers = pl.Series(np.arange(self.start + 1, self.start + self.rows + 1))
        made = [("U" + numbers.cast(pl.String).str.zfill(8)).alias("unit")]
        for provision in self.indicators.asked:
            for column in provision_columns(provision):
                made.append(self.column(provision, column))
        return pl.DataFrame(made)

    def column(self, provision: Provision, column: Column) -> pl.Series:
        values = self.values(provision, column).alias(column.name)
        gone = self.uniform(f"gone {column.name}")
        if column.role in ("not_applicable", "potential"):
            return values.set(pl.Series(gone < 0.9), None)
        if isinstance(provision, Adjustment | Veto):
            rate = 0.7 if isinstance(provision, Adjustment) and provision.effect == "bonus" else 0
            return values.set(pl.Series(gone < rate), None)
        return values.set(pl.Series(self.lacking & (gone < MISSING)), None)

    def values(self, provision: Provision, column: Column) -> pl.Series:
        chance = self.uniform(column.name)
        if column.role == "not_applicable":
            return pl.Series(chance < 0.5)
        if isinstance(provision, Veto):
            return pl.Series(chance < 0.001)
        assert isinstance(provision, ScoredProvision)
        if isinstance(provision, Adjustment):
            share = np.where(chance < 0.9, 0.0, chance * 10 - 9)
            good = share if provision.effect == "penalty" else 1 - share
        else:
            good = np.clip(self.quality + 0.24 * (chance - 0.5), 0, 1)
        if column.type == "boolean":
            return pl.Series(self.uniform(f"done {column.name}") < good)
        if isinstance(provision.rule, Graded) and column.type == "grade":
            return self.grade(provision.rule, good)
        return self.number(column, _value_at(provision, column, good))

    def grade(self, rule: Graded, good: Floats) -> pl.Series:
        ids = [grade.id for grade in rule.grades]
        index = np.minimum(((1 - good) * 1.6 * len(ids)).astype(np.int64), len(ids) - 1)
        return pl.Series(ids).gather(pl.Series(index))

    def number(self, column: Column, value: Floats) -> pl.Series:
        low, high = (int(bound.scaleb(column.decimals)) for bound in _bounds(column))
        steps = np.clip(np.rint(value * 10**column.decimals), low, high).astype(np.int64)
        series = pl.Series(steps)
        if not column.decimals:
            return series.cast(pl.Int8 if high <= 127 and low >= -128 else pl.Int32)
        scale = pl.lit(Decimal(1).scaleb(-column.decimals))
        digits = max(len(str(abs(low))), len(str(high)), column.decimals + 1)
        frame = series.cast(pl.Decimal(18, 0)).to_frame("number")
        made = frame.select((pl.col("number") * scale).cast(pl.Decimal(digits, column.decimals)))
        return made.to_series()


def _bounds(column: Column) -> tuple[Decimal, Decimal]:
    return column.minimum, min(column.maximum, Decimal(10) ** 6)


def _value_at(provision: ScoredProvision, column: Column, good: Floats) -> Floats:
    """About the value that earns the share ``good`` of the points."""
    rule, points = provision.rule, provision.millipoints
    if column.role == "potential":
        return good * float(ALL)
    if column.role == "sample":
        assert isinstance(rule, Satisfaction)
        return rule.minimum_sample * (0.8 + 2 * good)
    if isinstance(rule, Linear):
        return float(rule.low) + float(rule.full - rule.low) * good
    if isinstance(rule, Satisfaction):
        return float(rule.zero_at) + float(rule.full_at - rule.zero_at) * good
    if isinstance(rule, StepsRule):
        first, last = rule.steps[0].at, rule.steps[-1].at
        return float(first) + float(last - first) * (1.6 * good - 0.4)
    if isinstance(rule, PerCount):
        return good * points / millipoints(rule.each)
    assert isinstance(rule, DeductPer), f"a {rule.kind} rule reads no number"
    return (1 - good) * points / millipoints(rule.each)
