"""The table form of the rule kind ``checklist``: the same as its ``award``, over columns."""

from __future__ import annotations

from functools import reduce
from operator import add

import ibis.expr.types as ir

from shifan.rulebook.base import Millipoints
from shifan.rulebook.rules import Checklist
from shifan.scoring.compile.share import number, share


def compile(
    rule: Checklist, columns: tuple[ir.Value, ...], scales: tuple[int, ...], points: Millipoints
) -> ir.IntegerValue:
    """The same over one boolean column per part."""
    weights = [part.weight for part in rule.parts]
    ticked = (
        column.ifelse(number(weight), number(0))
        for column, weight in zip(columns, weights, strict=True)
    )
    return share(reduce(add, ticked), sum(weights), points)
