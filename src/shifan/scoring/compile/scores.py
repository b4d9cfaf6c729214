"""Score a table of units as one Ibis expression, exactly as ``evaluate`` scores a single one.

The facts table has ``unit`` (text) and the columns of :func:`shifan.scoring.facts.table_columns`:
booleans, grade ids as text, numbers as whole numbers of their last decimal place (81.5 with one
decimal is 815), within the column's bounds. Null is missing, and so is a column that is not there.

The results table has a row per unit, in millipoints (int32) unless said otherwise, ids with their
dots as underscores:

====================================  ==============================================================
``unit``                              as in the facts
``clause_1_1_1``                      won; null when missing or excluded as not applicable
``clause_1_1_1_not_applicable``       boolean, never null; only for clauses that may be so
``adjustment_B1``                     won (a penalty: what it costs); null when missing or unclaimed
``veto_V1``                           boolean: whether it holds; null when missing
``item_1_1``                          what its clauses won, as it counts in the category
``category_1``, ``category_1_open``   the sum won, and the sum its missing clauses keep open
``won``, ``open``, ``available``      the sums over all clauses, before scaling
``base``, ``bonus``, ``penalty``      as :class:`shifan.scoring.result.UnitScore` has them
``total``, ``best``                   likewise
``verdict``                           text: a value of :class:`shifan.scoring.result.Verdict`
``grade``                             text, empty for none; only where the set has grades
====================================  ==============================================================
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from operator import and_, or_

import ibis
import ibis.expr.types as ir

from shifan.rulebook.base import Millipoints, millipoints
from shifan.rulebook.indicators import (
    Clause,
    IndicatorSet,
    Provision,
    ScoredProvision,
)
from shifan.rulebook.rules import Checklist, Satisfaction
from shifan.scoring.compile import scopes
from shifan.scoring.compile.combine import name_of, together
from shifan.scoring.compile.kinds import checklist, compiled, satisfaction
from shifan.scoring.compile.scopes import column_of
from shifan.scoring.compile.share import INT32, divided, number, typed
from shifan.scoring.facts import ALL, LARGEST, POTENTIAL_PLACES, Column, provision_columns
from shifan.scoring.result import Verdict

TOTALS = ("won", "open", "available", "base", "bonus", "penalty", "total", "best")

NOTHING = ibis.null("int32")

WHOLE = int(ALL) * 10**POTENTIAL_PLACES
"""A potential of all the points, as it stands in the facts table."""

TYPES = {"boolean": "boolean", "number": "int32", "grade": "string"}
"""What stands for a column that is not in the facts."""


def compile_scores(indicators: IndicatorSet, facts: ir.Table) -> ir.Table:
    """The results table of the facts table ``facts`` (both described above), as an expression.

    Raises ValueError when the indicators can't be scored in whole numbers of 32 bits or exclude
    every clause, which the rule book's checker refuses as well.
    """
    _check(indicators)
    for provision in indicators.asked:
        facts = together(provision, facts)
    table = facts.select(facts.unit, **_provisions(indicators, facts))
    for reckon in (*scopes.REDUCTIONS, _totals):
        made = reckon(indicators, table)
        table = table.mutate(**made) if made else table
    table = table.mutate(verdict=_verdict(indicators, table))
    if indicators.grades:
        table = table.mutate(grade=_grade(indicators, table))
    return table.select(*result_schema(indicators).names)


def result_schema(indicators: IndicatorSet) -> ibis.Schema:
    """The columns of the results table and their types, in order.

    Raises ValueError when two ids lead to one column.
    """
    fields: list[tuple[str, str]] = [("unit", "string")]
    for clause in indicators.clauses:
        name = column_of("clause", clause.id)
        fields.append((name, "int32"))
        if clause.not_applicable:
            fields.append((f"{name}_not_applicable", "boolean"))
    entries, vetoes = indicators.adjustments.entries, indicators.vetoes
    fields += [(column_of("adjustment", entry.id), "int32") for entry in entries]
    fields += [(column_of("veto", veto.id), "boolean") for veto in vetoes]
    fields += [(column_of("item", item.id), "int32") for item in indicators.items]
    for category in indicators.categories:
        name = column_of("category", category.id)
        fields += [(name, "int32"), (f"{name}_open", "int32")]
    fields += [(name, "int32") for name in TOTALS] + [("verdict", "string")]
    fields += [("grade", "string")] if indicators.grades else []
    folded = [name.casefold() for name, _ in fields]
    twice = sorted({name for name in folded if folded.count(name) > 1})
    if twice:
        raise ValueError(f"two ids lead to the same column of results: {', '.join(twice)}")
    return ibis.schema(fields)


def _check(indicators: IndicatorSet) -> None:
    clauses, entries = indicators.clauses, indicators.adjustments.entries
    scales = sum(category.millipoints for category in indicators.categories)
    if max(sum(scored.millipoints for scored in (*clauses, *entries)), scales) > INT32:
        raise ValueError(f"all points together are more than {INT32 // 1000}")
    if all(clause.lessens for clause in clauses):
        raise ValueError("every clause may be excluded, which leaves no base")
    for provision in indicators.provisions:
        name, minimum = provision.input.name, provision.input.minimum
        if name == "unit":
            raise ValueError("an input is named unit, which is the column of the unit's id")
        if minimum < (0 if provision.input.type == "count" else -LARGEST):
            raise ValueError(f"{name} may be as little as {minimum}, which no engine reckons with")


# --- clauses, adjustments, vetoes ---------------------------------------------------------------


@dataclass(frozen=True)
class _Read:
    """A provision's columns in the facts table, and whether its fact is missing; which of its parts
    are not applicable, where single ones can be; the unit's own potential in hundredths of a
    percent, where it counts."""

    values: tuple[ir.Value, ...]
    scales: tuple[int, ...]
    missing: ir.BooleanValue
    not_applicable: ir.BooleanValue | None
    out: tuple[ir.BooleanValue, ...] = ()
    potential: ir.IntegerValue | None = None


def _provisions(indicators: IndicatorSet, facts: ir.Table) -> dict[str, ir.Value]:
    made: dict[str, ir.Value] = {}
    for clause in indicators.clauses:
        read, name = _read(clause, facts), column_of("clause", clause.id)
        made[name] = _clause(clause, read)
        if read.potential is not None:
            made[scopes.column_of_own(clause)] = _own_points(clause, read)
        if read.not_applicable is not None:
            made[f"{name}_not_applicable"] = read.not_applicable
    for entry in indicators.adjustments.entries:
        read = _read(entry, facts)
        made[column_of("adjustment", entry.id)] = _known(read.missing, _award(entry, read))
    for veto in indicators.vetoes:
        made[column_of("veto", veto.id)] = _read(veto, facts).values[0]
    return made


def _read(provision: Provision, facts: ir.Table) -> _Read:
    columns = provision_columns(provision)
    if provision.input.statements is not None:
        others = tuple(each for each in columns if each.role in ("potential", "not_applicable"))
        columns = (replace(columns[0], name=name_of(provision),
                           decimals=provision.input.places), *others)  # fmt: skip
    found = {column: _column(column, facts) for column in columns}
    of_fact = [each for each in columns if each.role not in ("potential", "not_applicable")]
    values = tuple(found[each] for each in of_fact)
    scales = tuple(10**column.decimals for column in of_fact)
    marks = [found[each].fill_null(False) for each in columns if each.role == "not_applicable"]
    gone = [value.isnull() for value in values]
    out = tuple(marks) if any(each.of for each in columns) else ()
    if out:
        gone = [none & ~excused for none, excused in zip(gone, out, strict=True)]
    missing = reduce(or_, gone)
    rule = provision.rule if isinstance(provision, ScoredProvision) else None
    if isinstance(rule, Satisfaction):
        missing = missing | satisfaction.compile_open(rule, values, scales)
    own = next((found[each] for each in columns if each.role == "potential"), None)
    return _Read(values, scales, missing, reduce(and_, marks) if marks else None, out, own)


def _column(column: Column, facts: ir.Table) -> ir.Value:
    return facts[column.name] if column.name in facts.columns else ibis.null(TYPES[column.type])


def _award(provision: ScoredProvision, read: _Read) -> ir.IntegerValue:
    """What the provision earns; anything where its fact is missing."""
    rule, points = provision.rule, provision.millipoints
    if read.out and isinstance(rule, Checklist):
        award = checklist.compile_some(rule, read.values, read.out, points)
    else:
        award = compiled(rule).compile(rule, read.values, read.scales, points)
    if read.potential is None:
        return typed(award, "int32")
    return _lessened(typed(award, "int64"), read.potential, points)


def _lessened(
    points: ir.IntegerValue, potential: ir.IntegerValue, most: Millipoints
) -> ir.IntegerValue:
    """The points as they count for a potential; all of them where there is none."""
    part = typed(potential, "int64").fill_null(WHOLE)
    return typed(divided(points * part + WHOLE // 2, WHOLE, most * WHOLE + WHOLE), "int32")


def _own_points(clause: Clause, read: _Read) -> ir.IntegerValue:
    """What the clause counts for, for the unit's own potential."""
    assert read.potential is not None
    full = number(clause.millipoints)
    own = _lessened(typed(full, "int64"), read.potential, clause.millipoints)
    if not clause.within or read.not_applicable is None:
        return own
    return read.not_applicable.ifelse(number(0), own)


def _known(unknown: ir.BooleanValue, value: ir.IntegerValue) -> ir.IntegerValue:
    return unknown.ifelse(NOTHING, value)


def _clause(clause: Clause, read: _Read) -> ir.IntegerValue:
    award = _award(clause, read)
    if read.not_applicable is None:
        return _known(read.missing, award)
    if clause.within:
        return _known(read.missing | read.not_applicable, award)
    full = number(clause.millipoints)
    if read.potential is not None:
        full = _own_points(clause, read)
    return read.not_applicable.ifelse(full, _known(read.missing, award))


# --- total and verdict --------------------------------------------------------------------------


def _totals(indicators: IndicatorSet, sums: ir.Table) -> dict[str, ir.Value]:
    base = _scaled(indicators, sums.won, sums)
    best = _scaled(indicators, sums.won + sums.open, sums)
    return {
        "base": base,
        "total": _total(base + sums.bonus - sums.penalty),
        "best": _total(best + sums.bonus - sums.penalty),
    }


def _total(points: ir.IntegerValue) -> ir.IntegerValue:
    return typed((points < number(0)).ifelse(number(0), points), "int32")


def _scaled(indicators: IndicatorSet, won: ir.IntegerValue, sums: ir.Table) -> ir.IntegerValue:
    """``won`` out of the available points, as a share of the full base; rounded half-up once."""
    base = millipoints(indicators.base_points)
    full = sum(category.millipoints for category in indicators.categories)
    if base == full and not any(clause.lessens for clause in indicators.clauses):
        return won
    available = typed(sums.available, "int64")
    numerator = typed(won, "int64") * base + available // 2
    return typed(divided(numerator, available, full * base + full), "int32")


def _verdict(indicators: IndicatorSet, sums: ir.Table) -> ir.StringValue:
    yes, threshold = ibis.literal(True), millipoints(indicators.apply_from)
    possible, certain = yes, sums.total >= threshold
    for can, does in scopes.minima(indicators, sums):
        possible, certain = possible & can, certain & does
    vetoes = [sums[column_of("veto", veto.id)] for veto in indicators.vetoes]
    penalties = [
        sums[column_of("adjustment", entry.id)]
        for entry in indicators.adjustments.entries
        if entry.effect == "penalty"
    ]
    known = reduce(and_, (fact.notnull() for fact in (*vetoes, *penalties)), yes)
    vetoed = reduce(or_, (veto.fill_null(False) for veto in vetoes), ~yes)
    return ibis.cases(
        (vetoed, Verdict.VETOED.value),
        (~possible, Verdict.BELOW_MINIMUM.value),
        (sums.best < threshold, Verdict.NOT_REACHED.value),
        (certain & known, Verdict.REACHED.value),
        else_=Verdict.INCOMPLETE.value,
    )


def _grade(indicators: IndicatorSet, sums: ir.Table) -> ir.StringValue:
    out = sums.verdict.isin([Verdict.VETOED.value, Verdict.BELOW_MINIMUM.value])
    reached = [(sums.total >= millipoints(each.from_), each.id) for each in indicators.grades]
    return ibis.cases((out, ""), *reached, else_="")
