"""The table form of the rule kind ``per_count``: the same as its ``award``, over columns."""

from __future__ import annotations

import ibis.expr.types as ir

from shifan.rulebook.base import Millipoints, millipoints
from shifan.rulebook.rules import PerCount
from shifan.scoring.compile.share import clamp, number, typed, whole


def compile(
    rule: PerCount, columns: tuple[ir.Value, ...], scales: tuple[int, ...], points: Millipoints
) -> ir.IntegerValue:
    """The same over a column of ``value × scale``."""
    counted, each = whole(columns[0], scales[0]), millipoints(rule.each)
    enough, rest = divmod(points, each)
    earned = typed(clamp(counted, 0, enough), "int32") * number(each)
    return (counted > number(enough)).ifelse(number(points), earned) if rest else earned
