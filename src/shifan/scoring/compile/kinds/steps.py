"""The table form of the rule kind ``steps``: the same as its ``award``, over columns."""

from __future__ import annotations

from math import ceil, floor

import ibis.expr.types as ir

from shifan.rulebook.base import Millipoints, millipoints
from shifan.rulebook.rules import Steps
from shifan.scoring.compile.share import number


def compile(
    rule: Steps, columns: tuple[ir.Value, ...], scales: tuple[int, ...], points: Millipoints
) -> ir.IntegerValue:
    """The same over a column of ``value × scale``."""
    value, scale, up = columns[0], scales[0], rule.direction == "at_least"
    earned: ir.IntegerValue = number(0)
    for step in rule.steps:
        bound = ceil(step.at * scale) if up else floor(step.at * scale)
        reached = value >= number(bound) if up else value <= number(bound)
        earned = reached.ifelse(number(millipoints(step.points)), earned)
    return earned
