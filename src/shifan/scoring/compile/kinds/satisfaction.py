"""The table form of the rule kind ``satisfaction``: the same as its ``award``, over columns."""

from __future__ import annotations

from decimal import Decimal

import ibis
import ibis.expr.types as ir

from shifan.rulebook.base import Millipoints
from shifan.rulebook.rules import Satisfaction
from shifan.scoring.compile.kinds import linear
from shifan.scoring.kinds.satisfaction import line

Surveyed = tuple[Decimal, Decimal]
"""The share in percent and the number of answers it rests on."""


def compile(
    rule: Satisfaction, columns: tuple[ir.Value, ...], scales: tuple[int, ...], points: Millipoints
) -> ir.IntegerValue:
    """The same over the columns of share and sample, each ``value × scale``; none of the points
    where the sample is not large enough."""
    award = linear.compile(line(rule), columns, scales, points)
    return compile_counts(rule, columns, scales).ifelse(award, 0)


def compile_counts(
    rule: Satisfaction, columns: tuple[ir.Value, ...], scales: tuple[int, ...]
) -> ir.BooleanValue:
    """The same over the columns of share and sample."""
    return columns[1] >= rule.minimum_sample * scales[1]


def compile_open(
    rule: Satisfaction, columns: tuple[ir.Value, ...], scales: tuple[int, ...]
) -> ir.BooleanValue:
    """Whether the sample is insufficient, and the clause therefore missing."""
    if rule.insufficient != "missing":
        return ibis.literal(False)
    return ~compile_counts(rule, columns, scales).fill_null(False)
