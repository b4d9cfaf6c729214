"""The table form of the rule kind ``linear``: the same as its ``award``, over columns."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor, lcm

import ibis.expr.types as ir

from shifan.rulebook.base import Millipoints
from shifan.rulebook.rules import Linear
from shifan.scoring.compile.share import WIDEST, clamp, integer, share, typed


def compile(
    rule: Linear, columns: tuple[ir.Value, ...], scales: tuple[int, ...], points: Millipoints
) -> ir.IntegerValue:
    """The same over a column of ``value × scale``; bounds may be finer than the column.

    Raises ValueError for bounds so fine or far apart that 64 bits do not hold them.
    """
    low, full = Fraction(rule.low) * scales[0], Fraction(rule.full) * scales[0]
    fine = lcm(low.denominator, full.denominator)
    ends = sorted((low, full))
    start, whole = int(low * fine), int((full - low) * fine)
    if abs(start) + 2 * abs(whole) + fine > WIDEST:
        raise ValueError(f"bounds {rule.low} and {rule.full} have too many digits")
    value = clamp(columns[0], floor(ends[0]), ceil(ends[1]))
    value = typed(value, integer(abs(start) + 2 * abs(whole) + fine)) * fine
    passed = value - start if whole > 0 else start - value
    if fine > 1:
        passed = clamp(passed, 0, abs(whole))
    return share(passed, abs(whole), points)
