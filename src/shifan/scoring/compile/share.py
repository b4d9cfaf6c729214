"""Exact whole-number arithmetic on columns: clamping, and one division rounded half-up.

Engines differ in how they divide: Polars divides whole numbers, SQL engines may divide floats and
round down. Below 2⁵² both give the same; above, :func:`divided` puts a float's last bit right.
"""

from __future__ import annotations

from functools import lru_cache
from math import gcd

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import ibis.expr.types as ir

from shifan.rulebook.base import Millipoints

INT32 = 2**31 - 1
EXACT = 2**52
"""Below this, rounding down a quotient of two floats gives the whole quotient."""
WIDEST = 10**14
"""No share is taken of a larger whole: keeps every product within 64 bits."""
LIMB = 10**4


@lru_cache(4096)
def number(value: int) -> ir.IntegerScalar:
    """A whole number as a literal wide enough to reckon with (kept: Ibis is slow to make one)."""
    return ibis.literal(value, integer(abs(value)))


def capped(value: ir.IntegerValue, high: int) -> ir.IntegerValue:
    """``value`` as int32, but ``high`` where it is more."""
    return typed((value > number(high)).ifelse(number(high), value), "int32")


def clamp(value: ir.IntegerValue, low: int, high: int) -> ir.IntegerValue:
    """``value``, but ``low`` where it is less and ``high`` where it is more."""
    least, most = number(low), number(high)
    return (value > most).ifelse(most, (value < least).ifelse(least, value))


def whole(value: ir.IntegerValue, scale: int) -> ir.IntegerValue:
    """The whole part of a column of ``value × scale``; the value is not negative."""
    return value if scale == 1 else divided(value, scale, EXACT - 1)


def typed(value: ir.Value, dtype: str) -> ir.IntegerValue:
    """``value`` as exactly ``dtype`` on every engine.

    Ibis holds a sum of int32 to be int64 and leaves out a cast to it; Polars adds in int32.
    """
    return ops.Cast(value, to=dt.dtype(dtype)).to_expr()


def integer(most: int) -> str:
    """The type that holds ``0..most``: int32, or int64 where that is too small."""
    return "int32" if most <= INT32 else "int64"


def divided(numerator: ir.IntegerValue, by: ir.IntegerValue | int, most: int) -> ir.IntegerValue:
    """``numerator`` ÷ ``by``, rounded down, as int64; ``0 ≤ numerator ≤ most``, ``by > 0``, and the
    quotient is below 2⁵³, as points and facts are: a float's is then wrong by one at most."""
    quotient = typed(numerator // by, "int64")
    if most < EXACT:
        return quotient
    rest = numerator - quotient * by
    return quotient + (rest >= by).ifelse(1, 0) - (rest < 0).ifelse(1, 0)


def share(part: ir.IntegerValue, whole: int, points: Millipoints) -> ir.IntegerValue:
    """``points × part ÷ whole`` as int32, rounded half-up; ``0 ≤ part ≤ whole ≤ WIDEST``."""
    common = gcd(points, whole)
    times, by = points // common, whole // common
    most = whole * times + by // 2
    if most >= 2**62:
        return _long_share(typed(part, "int64"), times, by)
    product = typed(part, integer(most)) * number(times)
    if by == 1:
        return typed(product, "int32")
    return typed(divided(product + number(by // 2), number(by), most), "int32")


def _long_share(part: ir.IntegerValue, times: int, by: int) -> ir.IntegerValue:
    """The same in two steps where ``part × times`` would not fit into 64 bits."""
    high, low = divmod(times, LIMB)
    most = by * max(high, LIMB) + by * LIMB
    quotient = divided(part * high, by, most)
    rest = part * high - quotient * by
    tail = divided(rest * LIMB + part * low + by // 2, by, 2 * by * LIMB + by)
    return typed(quotient * LIMB + tail, "int32")
