"""The table form of the rule kind ``deduct_per``: the same as its ``award``, over columns."""

from __future__ import annotations

import ibis.expr.types as ir

from shifan.rulebook.base import Millipoints, millipoints
from shifan.rulebook.rules import DeductPer
from shifan.scoring.compile.share import clamp, number, typed, whole


def compile(
    rule: DeductPer, columns: tuple[ir.Value, ...], scales: tuple[int, ...], points: Millipoints
) -> ir.IntegerValue:
    """The same over a column of ``value × scale``."""
    each, floor = millipoints(rule.each), millipoints(rule.floor)
    counted = whole(columns[0], scales[0])
    most = (points - floor) // each if floor <= points else -1
    left = number(points) - typed(clamp(counted, 0, most), "int32") * number(each)
    return (counted > number(most)).ifelse(number(floor), left)
