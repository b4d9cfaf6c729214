"""Several statements on one fact as one column, exactly as :mod:`shifan.scoring.combine` makes them
one."""

from __future__ import annotations

from functools import reduce
from operator import add, and_, or_

import ibis
import ibis.expr.types as ir

from shifan.rulebook.indicators import Provision, Statements, columns, grades
from shifan.scoring.compile.share import divided, typed

TYPES = {"boolean": "boolean", "grade": "string"}
BEYOND = 10**14
"""More than any statement, in steps of its last decimal place: stands where there is none."""
LARGEST = 10**13


def name_of(provision: Provision) -> str:
    """The column of the fact that counts, on the way."""
    return f"_{provision.input.name}"


def together(provision: Provision, facts: ir.Table) -> ir.Table:
    """The facts with a column of what the provision's statements come to, if it has several."""
    said = provision.input.statements
    if said is None:
        return facts
    name, type_ = name_of(provision), TYPES.get(provision.input.type, "int64")
    parts = [f"{name}_{n}" for n in range(said.most)]
    facts = facts.mutate(**{
        part: _cast(facts[column] if column in facts.columns else ibis.null(type_), type_)
        for part, column in zip(parts, columns(provision), strict=True)
    })  # fmt: skip
    count = _number(facts, parts)
    facts = facts.mutate(**{f"{name}_count": count})
    if said.combine == "median":
        facts = _sorted(facts, parts)
    value = _combined(provision, said, facts, parts, facts[f"{name}_count"])
    enough = facts[f"{name}_count"] >= said.least
    return facts.mutate(**{name: enough.ifelse(value, ibis.null(type_))})


def _cast(value: ir.Value, type_: str) -> ir.Value:
    return typed(value, type_) if type_ == "int64" else value.cast(type_)


def _number(facts: ir.Table, parts: list[str]) -> ir.IntegerValue:
    return typed(reduce(add, (facts[part].notnull().ifelse(1, 0) for part in parts)), "int64")


def _combined(
    provision: Provision, said: Statements, facts: ir.Table, parts: list[str],
    count: ir.IntegerValue,
) -> ir.Value:  # fmt: skip
    values = [facts[part] for part in parts]
    if said.combine == "all_agree":
        first = ibis.coalesce(*values)
        agree = reduce(and_, ((value == first).fill_null(True) for value in values))
        return agree.ifelse(first, ibis.null(first.type()))
    low = said.combine == "lowest"
    if provision.input.type == "boolean":
        return reduce(and_ if low else or_, (value.fill_null(low) for value in values))
    ranks = grades(provision)
    if ranks:
        order = ranks[::-1] if low else ranks
        there = [
            (reduce(or_, ((value == rank).fill_null(False) for value in values)), rank)
            for rank in order
        ]
        return ibis.cases(*there, else_=ibis.null("string"))
    if said.combine in ("lowest", "highest"):
        beyond = BEYOND if low else -BEYOND
        filled = [value.fill_null(beyond) for value in values]
        return reduce(
            (lambda a, b: (a < b).ifelse(a, b)) if low else (lambda a, b: (a > b).ifelse(a, b)),
            filled,
        )
    least_one = (count > 0).ifelse(count, 1)
    if said.combine == "mean":
        whole = reduce(add, (value.fill_null(0) for value in values))
        return _rounded(typed(whole, "int64"), least_one, provision, said)
    lower, upper = (count + 1) // 2, count // 2 + 1
    middle = [
        ibis.cases(*((place == n, value) for n, value in enumerate(values, 1)), else_=0)
        for place in (lower, upper)
    ]
    two = typed(ibis.literal(2), "int64")
    return _rounded(typed(middle[0] + middle[1], "int64"), two, provision, said)


def _rounded(
    whole: ir.IntegerValue, by: ir.IntegerValue, provision: Provision, said: Statements
) -> ir.IntegerValue:
    """``whole`` ÷ ``by`` from the places of a statement to those of the result, half-up."""
    finer = said.places - provision.input.decimals
    times, over = 10 ** max(finer, 0), 10 ** max(-finer, 0)
    divisor = by * over
    return divided(whole * (2 * times) + divisor, divisor * 2, 2**62)


def _sorted(facts: ir.Table, parts: list[str]) -> ir.Table:
    """The statements in rising order, what is missing last: by neighbours that change places."""
    facts = facts.mutate(**{part: facts[part].fill_null(BEYOND) for part in parts})
    for turn in range(len(parts)):
        made: dict[str, ir.Value] = {}
        for at in range(turn % 2, len(parts) - 1, 2):
            one, other = facts[parts[at]], facts[parts[at + 1]]
            made[parts[at]] = (one < other).ifelse(one, other)
            made[parts[at + 1]] = (one < other).ifelse(other, one)
        facts = facts.mutate(**made) if made else facts
    return facts
