"""The table form of the rule kind ``checklist``: the same as its ``award``, over columns."""

from __future__ import annotations

from functools import reduce
from operator import add

import ibis.expr.types as ir

from shifan.rulebook.base import Millipoints
from shifan.rulebook.rules import Checklist
from shifan.scoring.compile.share import divided, number, share, typed


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


def compile_some(
    rule: Checklist,
    columns: tuple[ir.Value, ...],
    out: tuple[ir.BooleanValue, ...],
    points: Millipoints,
) -> ir.IntegerValue:
    """The same where single parts may be ``out``, not applicable; 0 where all are."""
    nothing, ticked, there = number(0), [], []
    for column, gone, part in zip(columns, out, rule.parts, strict=True):
        weight = number(part.weight)
        ticked.append((column.fill_null(False) & ~gone).ifelse(weight, nothing))
        there.append(gone.ifelse(nothing, weight))
    won, of = (typed(reduce(add, each), "int64") for each in (ticked, there))
    by = (of > nothing).ifelse(of, number(1))
    most = points * sum(part.weight for part in rule.parts)
    return typed(divided(won * points + by // 2, by, 2 * most), "int32")
