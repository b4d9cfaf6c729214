"""The table form of the rule kind ``all_or_nothing``: the same as its ``award``, over columns."""

from __future__ import annotations

import ibis.expr.types as ir

from shifan.rulebook.base import Millipoints
from shifan.rulebook.rules import AllOrNothing
from shifan.scoring.compile.share import number


def compile(
    rule: AllOrNothing, columns: tuple[ir.Value, ...], scales: tuple[int, ...], points: Millipoints
) -> ir.IntegerValue:
    """The same over a boolean column."""
    return columns[0].ifelse(number(points), number(0))
