"""From clauses to items, categories and the whole, each scope counting for its own points.

A scope (an item or a category) is stretched where clauses may be taken out within it, or where it
has a scale: what is won in it then counts for other points than its clauses'. Columns that begin
with an underscore are what is reckoned with on the way, and are not among the results.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce
from operator import add

import ibis.expr.types as ir

from shifan.rulebook.base import millipoints
from shifan.rulebook.indicators import Category, Clause, IndicatorSet, Item
from shifan.scoring.compile.share import capped, divided, number, typed


def column_of(noun: str, id_: str) -> str:
    """The result column of a clause, item, category, adjustment or veto.

    >>> column_of("clause", "3.2.4")
    'clause_3_2_4'
    """
    return f"{noun}_{id_.replace('.', '_')}"


def _sum(parts: Iterable[ir.IntegerValue]) -> ir.IntegerValue:
    terms = list(parts) or [number(0)]
    return typed(reduce(add, terms), "int32")


def _points(holds: ir.BooleanValue, clause: Clause) -> ir.IntegerValue:
    """The clause's points where ``holds``, else 0."""
    return holds.ifelse(number(clause.millipoints), number(0))


def column_of_own(clause: Clause) -> str:
    """The column with what a clause with a potential counts for, on the way."""
    return f"_{column_of('clause', clause.id)}_own"


def _taken_out(clauses: Iterable[Clause], within: str) -> list[Clause]:
    """The clauses that may be taken out within the scope."""
    return [clause for clause in clauses if clause.within == within]


def _stretches_item(item: Item) -> bool:
    return item.minimum is not None or bool(_taken_out(item.clauses, "item"))


def _stretches(category: Category) -> bool:
    return (
        category.scale is not None
        or bool(_taken_out(category.clauses, "category"))
        or any(_stretches_item(item) for item in category.items)
    )


def parts(indicators: IndicatorSet, scores: ir.Table) -> dict[str, ir.Value]:
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


def stretched_items(indicators: IndicatorSet, parts: ir.Table) -> dict[str, ir.Value]:
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


def categories(indicators: IndicatorSet, parts: ir.Table) -> dict[str, ir.Value]:
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


def stretched_categories(indicators: IndicatorSet, parts: ir.Table) -> dict[str, ir.Value]:
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


def sums(indicators: IndicatorSet, parts: ir.Table) -> dict[str, ir.Value]:
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
    if clause.within:
        missing = missing & ~_excluded(clause, scores)
    if clause.potential is not None:
        return missing.ifelse(scores[column_of_own(clause)], number(0))
    return _points(missing, clause)


def _excluded(clause: Clause, scores: ir.Table) -> ir.BooleanValue:
    return scores[column_of("clause", clause.id) + "_not_applicable"]


def _possible(clauses: Iterable[Clause], scores: ir.Table) -> ir.IntegerValue | int:
    """The points that the clauses count for; a plain number if none can count for less."""
    most, out, own = 0, [], []
    for clause in clauses:
        if clause.potential is not None:
            own.append(scores[column_of_own(clause)])
            continue
        most += clause.millipoints
        if clause.within:
            out.append(_points(_excluded(clause, scores), clause))
    found = most - _sum(out) if out else most
    return _sum(own) + found if own else found


def minima(
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


REDUCTIONS = (parts, stretched_items, categories, stretched_categories, sums)
"""What is reckoned from the clauses' scores to the sums of the whole, in this order: each adds
columns to the table of the one before."""
