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

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import reduce
from operator import add, and_, or_

import ibis
import ibis.expr.types as ir

from shifan.rulebook.base import millipoints
from shifan.rulebook.indicators import (
    Category,
    Clause,
    IndicatorSet,
    Item,
    Provision,
    ScoredProvision,
)
from shifan.rulebook.rules import Satisfaction
from shifan.scoring.compile.combine import name_of, together
from shifan.scoring.compile.kinds import compiled, satisfaction
from shifan.scoring.compile.share import INT32, capped, divided, number, typed
from shifan.scoring.facts import LARGEST, Column, provision_columns
from shifan.scoring.result import Verdict

TOTALS = ("won", "open", "available", "base", "bonus", "penalty", "total", "best")

NOTHING = ibis.null("int32")

TYPES = {"boolean": "boolean", "number": "int32", "grade": "string"}
"""What stands for a column that is not in the facts."""


def compile_scores(indicators: IndicatorSet, facts: ir.Table) -> ir.Table:
    """The results table of the facts table ``facts`` (both described above), as an expression.

    Raises ValueError when the indicators can't be scored in whole numbers of 32 bits or exclude
    every clause, which the rule book's checker refuses as well.
    """
    _check(indicators)
    for provision in indicators.provisions:
        facts = together(provision, facts)
    table = facts.select(facts.unit, **_provisions(indicators, facts))
    for reckon in (_parts, _stretched_items, _categories, _stretched_categories, _sums, _totals):
        made = reckon(indicators, table)
        table = table.mutate(**made) if made else table
    table = table.mutate(verdict=_verdict(indicators, table))
    if indicators.grades:
        table = table.mutate(grade=_grade(indicators, table))
    return table.select(*result_schema(indicators).names)


def column_of(noun: str, id_: str) -> str:
    """The result column of a clause, item, category, adjustment or veto.

    >>> column_of("clause", "3.2.4")
    'clause_3_2_4'
    """
    return f"{noun}_{id_.replace('.', '_')}"


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
    if all(_excludable(clause) for clause in clauses):
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
    """A provision's columns in the facts table, and whether its fact is missing."""

    values: tuple[ir.Value, ...]
    scales: tuple[int, ...]
    missing: ir.BooleanValue
    not_applicable: ir.BooleanValue | None


def _provisions(indicators: IndicatorSet, facts: ir.Table) -> dict[str, ir.Value]:
    made: dict[str, ir.Value] = {}
    for clause in indicators.clauses:
        read, name = _read(clause, facts), column_of("clause", clause.id)
        made[name] = _clause(clause, read)
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
        marks_ = tuple(each for each in columns if each.role == "not_applicable")
        columns = (replace(columns[0], name=name_of(provision),
                           decimals=provision.input.places), *marks_)  # fmt: skip
    found = [(column, _column(column, facts)) for column in columns]
    values = tuple(value for column, value in found if column.role != "not_applicable")
    marks = [value for column, value in found if column.role == "not_applicable"]
    scales = tuple(10**column.decimals for column in columns)[: len(values)]
    missing = reduce(or_, (value.isnull() for value in values))
    rule = provision.rule if isinstance(provision, ScoredProvision) else None
    if isinstance(rule, Satisfaction):
        missing = missing | satisfaction.compile_open(rule, values, scales)
    return _Read(values, scales, missing, marks[0].fill_null(False) if marks else None)


def _column(column: Column, facts: ir.Table) -> ir.Value:
    return facts[column.name] if column.name in facts.columns else ibis.null(TYPES[column.type])


def _award(provision: ScoredProvision, read: _Read) -> ir.IntegerValue:
    """What the provision earns; anything where its fact is missing."""
    rule = provision.rule
    award = compiled(rule).compile(rule, read.values, read.scales, provision.millipoints)
    return typed(award, "int32")


def _known(unknown: ir.BooleanValue, value: ir.IntegerValue) -> ir.IntegerValue:
    return unknown.ifelse(NOTHING, value)


def _clause(clause: Clause, read: _Read) -> ir.IntegerValue:
    award = _award(clause, read)
    if read.not_applicable is None:
        return _known(read.missing, award)
    if _excludable(clause):
        return _known(read.missing | read.not_applicable, award)
    return read.not_applicable.ifelse(number(clause.millipoints), _known(read.missing, award))


def _excludable(clause: Clause) -> bool:
    return clause.not_applicable is not None and clause.not_applicable.treatment == "exclude"


# --- sums ---------------------------------------------------------------------------------------


def _sum(parts: Iterable[ir.IntegerValue]) -> ir.IntegerValue:
    terms = list(parts) or [number(0)]
    return typed(reduce(add, terms), "int32")


def _points(holds: ir.BooleanValue, scored: ScoredProvision) -> ir.IntegerValue:
    """The provision's points where ``holds``, else 0."""
    return holds.ifelse(number(scored.millipoints), number(0))


# A scope (an item or a category) is stretched where clauses may be taken out within it, or where it
# has a scale: what is won in it then counts for other points than its clauses'. Columns that begin
# with an underscore are what is reckoned with on the way, and are not among the results.


def _taken_out(clauses: Iterable[Clause], within: str) -> list[Clause]:
    """The clauses that may be taken out within the scope."""
    return [
        clause
        for clause in clauses
        if _excludable(clause) and clause.not_applicable and clause.not_applicable.within == within
    ]


def _stretches_item(item: Item) -> bool:
    return item.minimum is not None or bool(_taken_out(item.clauses, "item"))


def _stretches(category: Category) -> bool:
    return (
        category.scale is not None
        or bool(_taken_out(category.clauses, "category"))
        or any(_stretches_item(item) for item in category.items)
    )


def _parts(indicators: IndicatorSet, scores: ir.Table) -> dict[str, ir.Value]:
    """Sums of single clauses and adjustments."""
    made: dict[str, ir.Value] = {}
    for item in indicators.items:
        names = [column_of("clause", clause.id) for clause in item.clauses]
        name = column_of("item", item.id)
        won = _sum(scores[each].fill_null(number(0)) for each in names)
        if not _stretches_item(item):
            made[name] = won
            continue
        made[f"_{name}_won"] = won
        made[f"_{name}_open"] = _sum(_open(clause, scores) for clause in item.clauses)
        made[f"_{name}_possible"] = _column_of_possible(item.clauses, scores)
        made[f"_{name}_out"] = _out(_taken_out(item.clauses, "item"), scores)
    for category in indicators.categories:
        name = column_of("category", category.id)
        if not _stretches(category):
            made[f"{name}_open"] = _sum(_open(clause, scores) for clause in category.clauses)
            continue
        for item in category.items:
            if not _stretches_item(item):
                inner = column_of("item", item.id)
                made[f"_{inner}_open"] = _sum(_open(clause, scores) for clause in item.clauses)
                made[f"_{inner}_possible"] = _column_of_possible(item.clauses, scores)
        made[f"_{name}_out"] = _out(_taken_out(category.clauses, "category"), scores)
    plain = [c for each in indicators.categories if not _stretches(each) for c in each.clauses]
    made["_plain_possible"] = _column_of_possible(plain, scores)
    return made | _adjusted(indicators, scores)


def _column_of_possible(clauses: Iterable[Clause], scores: ir.Table) -> ir.IntegerValue:
    found = _possible(clauses, scores)
    return typed(number(found) if isinstance(found, int) else found, "int32")


def _out(clauses: Iterable[Clause], scores: ir.Table) -> ir.IntegerValue:
    """The points that are taken out."""
    return _sum(_points(_excluded(clause, scores), clause) for clause in clauses)


def _stretched_items(indicators: IndicatorSet, parts: ir.Table) -> dict[str, ir.Value]:
    """Items as they count in their category."""
    made: dict[str, ir.Value] = {}
    for item in filter(_stretches_item, indicators.items):
        name, full = column_of("item", item.id), sum(c.millipoints for c in item.clauses)
        possible, out = parts[f"_{name}_possible"], parts[f"_{name}_out"]
        some = possible > number(0)
        to = typed(some.ifelse(possible + out, number(0)), "int32")
        won, best = (
            _stretched(each, possible, to, full, full)
            for each in (
                parts[f"_{name}_won"], parts[f"_{name}_won"] + parts[f"_{name}_open"],
            )
        )  # fmt: skip
        made[name] = won
        made[f"_{name}_counted_open"] = typed(best - won, "int32")
        made[f"_{name}_counted"] = to
        made[f"_{name}_passed"] = typed(some.ifelse(number(0), out), "int32")
    return made


def _stretched(
    won: ir.IntegerValue, possible: ir.IntegerValue, to: ir.IntegerValue, most: int, full: int,
    step: int = 1,
) -> ir.IntegerValue:  # fmt: skip
    """``won`` of ``possible`` (at most ``full``) as a share of ``to`` (at most ``most``), rounded
    half-up once to a multiple of ``step``; 0 where nothing is possible."""
    by = typed((possible > number(0)).ifelse(possible, number(1)), "int64") * step
    numerator = typed(won, "int64") * typed(to, "int64") + by // 2
    return typed(divided(numerator, by, full * most + full * step) * step, "int32")


def _categories(indicators: IndicatorSet, parts: ir.Table) -> dict[str, ir.Value]:
    """Sums of items."""
    made: dict[str, ir.Value] = {}
    for category in indicators.categories:
        name = column_of("category", category.id)
        names = [column_of("item", item.id) for item in category.items]
        won = _sum(parts[each] for each in names)
        if not _stretches(category):
            made[name] = won
            continue
        opens, possibles, passed = [], [], [parts[f"_{name}_out"]]
        for item, inner in zip(category.items, names, strict=True):
            counted = "_counted" if _stretches_item(item) else ""
            opens.append(parts[f"_{inner}{counted}_open"])
            possibles.append(parts[f"_{inner}{counted or '_possible'}"])
            passed += [parts[f"_{inner}_passed"]] if counted else []
        made[f"_{name}_won"] = won
        made[f"_{name}_own_open"] = _sum(opens)
        made[f"_{name}_possible"] = _sum(possibles)
        made[f"_{name}_all_out"] = _sum(passed)
    return made


def _stretched_categories(indicators: IndicatorSet, parts: ir.Table) -> dict[str, ir.Value]:
    """Categories as they count in the whole."""
    made: dict[str, ir.Value] = {}
    for category in filter(_stretches, indicators.categories):
        name, scale = column_of("category", category.id), category.scale
        full = sum(clause.millipoints for clause in category.clauses)
        possible = parts[f"_{name}_possible"]
        target = possible + parts[f"_{name}_all_out"]
        if scale is not None:
            target = number(millipoints(scale.to))
        to = typed((possible > number(0)).ifelse(target, number(0)), "int32")
        step = 10 ** (3 - scale.places) if scale is not None else 1
        most = max(full, category.millipoints)
        won, best = (
            _stretched(each, possible, to, most, full, step)
            for each in (
                parts[f"_{name}_won"], parts[f"_{name}_won"] + parts[f"_{name}_own_open"],
            )
        )  # fmt: skip
        made[name] = won
        made[f"{name}_open"] = typed(best - won, "int32")
        made[f"_{name}_counted"] = to
    return made


def _adjusted(indicators: IndicatorSet, scores: ir.Table) -> dict[str, ir.Value]:
    adjustments = indicators.adjustments
    made: dict[str, ir.Value] = {}
    for effect, cap in (("bonus", adjustments.bonus_cap), ("penalty", adjustments.penalty_cap)):
        names = [column_of("adjustment", e.id) for e in adjustments.entries if e.effect == effect]
        won = _sum(scores[name].fill_null(number(0)) for name in names)
        made[effect] = won if cap is None else capped(won, millipoints(cap))
    return made


def _sums(indicators: IndicatorSet, parts: ir.Table) -> dict[str, ir.Value]:
    """Sums of categories."""
    names = [column_of("category", category.id) for category in indicators.categories]
    counted = [
        parts[f"_{name}_counted"]
        for name, category in zip(names, indicators.categories, strict=True)
        if _stretches(category)
    ]
    return {
        "won": _sum(parts[name] for name in names),
        "open": _sum(parts[f"{name}_open"] for name in names),
        "available": _sum([parts["_plain_possible"], *counted]),
    }


def _open(clause: Clause, scores: ir.Table) -> ir.IntegerValue:
    missing = scores[column_of("clause", clause.id)].isnull()
    if _excludable(clause):
        missing = missing & ~_excluded(clause, scores)
    return _points(missing, clause)


def _excluded(clause: Clause, scores: ir.Table) -> ir.BooleanValue:
    return scores[column_of("clause", clause.id) + "_not_applicable"]


def _possible(clauses: Iterable[Clause], scores: ir.Table) -> ir.IntegerValue | int:
    """The points of the clauses that are not excluded; a plain number if none can be."""
    most, excludable = 0, []
    for clause in clauses:
        most += clause.millipoints
        if _excludable(clause):
            excludable.append(_points(_excluded(clause, scores), clause))
    return most - _sum(excludable) if excludable else most


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
    if base == full and not any(_excludable(clause) for clause in indicators.clauses):
        return won
    available = typed(sums.available, "int64")
    numerator = typed(won, "int64") * base + available // 2
    return typed(divided(numerator, available, full * base + full), "int32")


def _minima(
    indicators: IndicatorSet, sums: ir.Table
) -> Iterator[tuple[ir.BooleanValue, ir.BooleanValue]]:
    """Of each minimum whether it can be reached with all that is open, and whether it is."""
    parts: list[tuple[str, Category | Item, bool, int]] = []
    for category in indicators.categories:
        name = column_of("category", category.id)
        parts.append((name, category, _stretches(category), category.millipoints))
        for item in category.items:
            full = sum(clause.millipoints for clause in item.clauses)
            parts.append((column_of("item", item.id), item, True, full))
    for name, part, stretched, full in parts:
        if part.minimum is None:
            continue
        if not stretched:
            won, open_ = sums[name], sums[f"{name}_open"]
            possible = _possible(part.clauses, sums)
        else:
            own = "_own_open" if isinstance(part, Category) else "_open"
            won, open_, possible = (sums[f"_{name}{each}"] for each in ("_won", own, "_possible"))
        minimum = millipoints(part.minimum)
        yield _meets(won + open_, minimum, possible, full), _meets(won, minimum, possible, full)


def _meets(
    won: ir.IntegerValue, minimum: int, possible: ir.IntegerValue | int, full: int
) -> ir.BooleanValue:
    """Whether ``won`` of ``possible`` reaches ``minimum`` of ``full``."""
    if isinstance(possible, int):
        return won >= minimum
    return typed(won, "int64") * full >= typed(possible, "int64") * minimum


def _verdict(indicators: IndicatorSet, sums: ir.Table) -> ir.StringValue:
    yes, threshold = ibis.literal(True), millipoints(indicators.apply_from)
    possible, certain = yes, sums.total >= threshold
    for can, does in _minima(indicators, sums):
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
