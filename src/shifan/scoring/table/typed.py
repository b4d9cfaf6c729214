"""A typed column of a file as a column of the canonical facts table, and where it does not fit."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

import numpy as np
import polars as pl

from shifan.rulebook.base import Text
from shifan.scoring.facts import BadValue, Column, parse, plain

Bounds = tuple[Decimal, Decimal]
"""The least and the greatest value a column holds, in its own unit."""

WANTED = {
    "boolean": Text(zh="布尔", en="boolean"),
    "grade": Text(zh="文本", en="text"),
    "number": Text(zh="整数、小数（DECIMAL）或浮点数", en="an integer, a decimal or a float"),
}
FLOAT32 = 2**24
"""Whole numbers below it are exact as 32-bit floats."""


@dataclass(frozen=True)
class Reading:
    """How a column of the file becomes a column of the facts table.

    ``bad`` is true where a value does not fit (null is missing, not bad); None if all fit.
    """

    column: Column
    canonical: pl.Expr
    bad: pl.Expr | None = None


def reading(column: Column, dtype: pl.DataType, bounds: Bounds | None) -> Reading | Text:
    """The reading of a column of type ``dtype``; a sentence when the type is wrong.

    ``bounds`` are known beforehand where the file keeps statistics.
    """
    given = pl.col(column.name)
    if dtype == pl.Null:
        kinds = {"boolean": pl.Boolean, "number": pl.Int16, "grade": pl.String}
        return Reading(column, given.cast(kinds[column.type]))
    if column.type == "boolean" and dtype == pl.Boolean:
        return Reading(column, given)
    if column.type == "grade" and isinstance(dtype, pl.String | pl.Categorical | pl.Enum):
        words = given.cast(pl.String)
        return Reading(column, words, ~words.is_in(list(column.grades)))
    if column.type == "number":
        if dtype.is_integer():
            return _integers(column, dtype, bounds)
        if isinstance(dtype, pl.Decimal):
            return _decimals(column, dtype.scale, bounds)
        if dtype.is_float():
            return _floats(column, dtype)
    wanted = WANTED[column.type]
    return Text(
        zh=f"该列类型为 {dtype}，应为{wanted.zh}", en=f"is of type {dtype} and must be {wanted.en}"
    )


def complaint(column: Column, value: object) -> Text:
    """Why ``value`` does not fit into the column."""
    try:
        meant = parse(column, value)
    except BadValue as error:
        return error.text
    right = plain(meant) if isinstance(meant, Decimal) else meant
    return Text(zh=f"“{value}”应写作 {right}", en=f"{value} must be written as {right}")


def number_type(column: Column) -> pl.DataType:
    """The narrowest of int16, int32 and int64 that holds every scaled value of the column."""
    low, high = _scaled(column, column.decimals)
    for dtype, bits in ((pl.Int16(), 15), (pl.Int32(), 31)):
        if -(2**bits) <= low and high < 2**bits:
            return dtype
    return pl.Int64()


def _scaled(column: Column, decimals: int) -> tuple[int, int]:
    """The column's bounds in steps of its ``decimals``-th place."""
    low = column.minimum.scaleb(decimals).to_integral_value(ROUND_CEILING)
    high = column.maximum.scaleb(decimals).to_integral_value(ROUND_FLOOR)
    return int(low), int(high)


def _within(column: Column, bounds: Bounds | None) -> bool:
    return bounds is not None and column.minimum <= bounds[0] and bounds[1] <= column.maximum


def _outside(value: pl.Expr, column: Column, decimals: int) -> pl.Expr:
    low, high = _scaled(column, decimals)
    return ~value.cast(pl.Int128).is_between(_wide(low), _wide(high))


def _wide(value: int) -> pl.Expr:
    return pl.lit(value, dtype=pl.Int128)


def _integers(column: Column, dtype: pl.DataType, bounds: Bounds | None) -> Reading:
    given, kept = pl.col(column.name), number_type(column)
    bad = None if _within(column, bounds) else _outside(given, column, 0)
    if column.decimals:
        return Reading(column, given.cast(kept) * pl.lit(10**column.decimals, dtype=kept), bad)
    narrow = dtype == pl.Int8 or dtype == kept or (dtype == pl.Int16 and kept != pl.Int8)
    return Reading(column, given if narrow else given.cast(kept), bad)


def _decimals(column: Column, scale: int, bounds: Bounds | None) -> Reading:
    steps, kept = pl.col(column.name).to_physical(), number_type(column)
    bad = None if _within(column, bounds) else _outside(steps, column, scale)
    finer = scale - column.decimals
    if finer <= 0:
        whole = steps if finer == 0 else steps * _wide(10**-finer)
        return Reading(column, whole.cast(kept), bad)
    broken = steps % _wide(10**finer) != 0
    whole = (steps // _wide(10**finer)).cast(kept)
    return Reading(column, whole, broken if bad is None else bad | broken)


def _floats(column: Column, dtype: pl.DataType) -> Reading:
    given, factor = pl.col(column.name), float(10**column.decimals)
    steps = (given.cast(pl.Float64) * factor).round()
    exact = given.map_batches(
        lambda series: _exact(series, factor), return_dtype=pl.Boolean, is_elementwise=True
    )
    low, high = _scaled(column, column.decimals)
    sound = exact & steps.is_between(low, high)
    if dtype != pl.Float64:
        sound &= steps.abs() <= FLOAT32
    return Reading(column, steps.cast(number_type(column)), given.is_not_null() & ~sound)


def _exact(series: pl.Series, factor: float) -> pl.Series:
    """Whether a float is the one nearest to a whole number of steps: dividing gives it again.

    NumPy divides; Polars would multiply by the inverse of ``factor``, which is not the same.
    """
    given = series.to_numpy()
    with np.errstate(invalid="ignore"):
        again = (np.rint(given.astype(np.float64) * factor) / factor).astype(given.dtype)
    return pl.Series(again == given)
