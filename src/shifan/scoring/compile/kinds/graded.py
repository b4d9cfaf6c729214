"""The table form of the rule kind ``graded``: the same as its ``award``, over columns."""

from __future__ import annotations

import ibis.expr.types as ir

from shifan.rulebook.base import Millipoints, millipoints
from shifan.rulebook.rules import Graded


def compile(
    rule: Graded, columns: tuple[ir.Value, ...], scales: tuple[int, ...], points: Millipoints
) -> ir.IntegerValue:
    """The same over a column of grade ids."""
    earned = [(grade.id, millipoints(grade.points)) for grade in rule.grades]
    return columns[0].cases(*(pair for pair in earned if pair[1]), else_=0)
