"""The score a second time: slow, plain, and sharing nothing with ``shifan.scoring``.

Written from the rule book's words, for tests only. In go one unit type's indicators as the plain
JSON values a rule book is stored as, and the unit's facts (column → value). Out comes a dict of
plain values, in thousandths of a point. Every number on the way is a fraction.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from math import floor
from typing import Any

HALF = Fraction(1, 2)


@cache
def number(text: Any) -> Fraction:
    """A number of the document, which writes decimals as text."""
    return Fraction(text)


@cache
def thousandths(text: Any) -> Fraction:
    return Fraction(text) * 1000


def half_up(value: Fraction) -> int:
    return floor(value + HALF)


def read_by_the_rule(provision: dict[str, Any], facts: dict[str, Any]) -> list[Any]:
    """The values the rule reads; several statements on one fact are made one."""
    values = [facts.get(name) for name in column_names(provision)]
    several = provision["input"].get("statements")
    if several is None:
        return values
    there = [value for value in values if value is not None]
    if len(there) < several.get("least", 1):
        return [None]
    how = several["combine"]
    if how == "all_agree":
        return [there[0] if len(set(there)) == 1 else None]
    if provision["input"]["type"] == "grade":
        order = [grade["id"] for grade in provision["rule"]["grades"]]  # best first
        there.sort(key=order.index)
        return [there[-1] if how == "lowest" else there[0]]
    there.sort()
    if how in ("lowest", "highest"):
        return [there[0] if how == "lowest" else there[-1]]
    if how == "median":
        there = [there[(len(there) - 1) // 2], there[len(there) // 2]]
    exact = sum(map(Fraction, there), Fraction(0)) / len(there)
    step = Fraction(1, 10 ** several.get("places", 2))
    return [half_up(exact / step) * step]


def column_names(provision: dict[str, Any]) -> list[str]:
    name = provision["input"]["name"]
    if provision["input"].get("statements"):
        return [f"{name}_{n + 1}" for n in range(provision["input"]["statements"]["most"])]
    if provision["input"]["type"] == "checklist":
        return [f"{name}_{part['id']}" for part in provision["rule"]["parts"]]
    if provision["input"]["type"] == "satisfaction":
        return [name, f"{name}_sample"]
    return [name]


def on_a_line(value: Fraction, none_at: Fraction, all_at: Fraction, full: Fraction) -> int:
    """Points between two marks, whichever of them is the larger."""
    if none_at < all_at:
        if value <= none_at:
            return 0
        if value >= all_at:
            return int(full)
    else:
        if value >= none_at:
            return 0
        if value <= all_at:
            return int(full)
    return half_up((value - none_at) / (all_at - none_at) * full)


def earned(provision: dict[str, Any], values: list[Any]) -> int | None:
    """What the stated values earn, or None when they do not count as stated."""
    rule = provision["rule"]
    full = thousandths(provision["points"])
    kind = rule["kind"]

    if kind == "all_or_nothing":
        return int(full) if values[0] else 0

    if kind == "steps":
        won = 0
        for step in rule["steps"]:
            if rule.get("direction", "at_least") == "at_least":
                reached = Fraction(values[0]) >= number(step["at"])
            else:
                reached = Fraction(values[0]) <= number(step["at"])
            if reached:
                won = max(won, int(thousandths(step["points"])))
        return won

    if kind == "linear":
        return on_a_line(Fraction(values[0]), number(rule["low"]), number(rule["full"]), full)

    if kind == "per_count":
        return int(min(Fraction(values[0]) * thousandths(rule["each"]), full))

    if kind == "checklist":
        parts = zip(rule["parts"], values, strict=True)
        there = [(part.get("weight", 1), tick) for part, tick in parts if tick != "left out"]
        ticked = [weight for weight, tick in there if tick]
        return half_up(full * sum(ticked) / sum(weight for weight, _ in there))

    if kind == "deduct_per":
        left = full - Fraction(values[0]) * thousandths(rule["each"])
        return int(max(left, thousandths(rule.get("floor", 0))))

    if kind == "graded":
        points = {grade["id"]: grade["points"] for grade in rule["grades"]}
        return int(thousandths(points[values[0]]))

    if kind == "satisfaction":
        share, sample = values
        if sample < rule["minimum_sample"]:
            return 0 if rule.get("insufficient") == "none" else None
        return on_a_line(Fraction(share), number(rule["zero_at"]), number(rule["full_at"]), full)

    raise ValueError(kind)


def counted(
    won: int, open_: int, possible: int, to: Fraction, step: Fraction
) -> tuple[int, int, int]:
    """Won and open points of so many as they count of ``to``, to the nearest ``step``."""
    here = int(step) * half_up(won * to / possible / step)
    best = int(step) * half_up((won + open_) * to / possible / step)
    return here, best - here, int(to)


def parts_left_out(clause: dict[str, Any], facts: dict[str, Any]) -> list[bool]:
    """Of each column of the clause whether it is declared not applicable."""
    excuse, names = clause.get("not_applicable"), column_names(clause)
    if excuse is None:
        return [False] * len(names)
    if excuse.get("within") == "clause":
        return [facts.get(f"{name}_not_applicable") is True for name in names]
    return [facts.get(f"{clause['input']['name']}_not_applicable") is True] * len(names)


def one_clause(clause: dict[str, Any], facts: dict[str, Any]) -> tuple[str, int, int, str]:
    """Its state, what it won, the most it could win, and the scope it is taken out of."""
    full = int(thousandths(clause["points"]))
    left_out = parts_left_out(clause, facts)
    own = facts.get(f"{clause['input']['name']}_potential") if "potential" in clause else None
    share = Fraction(1) if own is None else Fraction(own) / 100
    excuse = clause.get("not_applicable")
    if excuse is not None and all(left_out):
        if excuse["treatment"] == "full":
            here = half_up(full * share)
            return "not_applicable", here, here, ""
        within = excuse.get("within", "whole")
        return "not_applicable", 0, 0, "item" if within == "clause" else within
    values = read_by_the_rule(clause, facts)
    if clause["rule"]["kind"] == "checklist":
        values = ["left out" if out else v for v, out in zip(values, left_out, strict=True)]
    points = None if None in values else earned(clause, values)
    if points is None:
        return "missing", 0, half_up(full * share), ""
    return "scored", half_up(points * share), half_up(full * share), ""


def scopes_and_minima(indicators: dict[str, Any], facts: dict[str, Any]) -> tuple[Any, ...]:
    """Clauses, items, categories as they count; of each scope what its minimum asks, of how much,
    what is won, what is open, of how much that applies."""
    clauses: list[Any] = []
    items: list[Any] = []
    categories: list[Any] = []
    minima: list[Any] = []
    for category in indicators["categories"]:
        of_items = []
        out_of_category = Fraction(0)
        for item in category["items"]:
            won = open_ = possible = 0
            out_of_item = Fraction(0)
            for clause in item["clauses"]:
                state, points, full, out_of = one_clause(clause, facts)
                clauses.append((clause["id"], state, points, full))
                won += points
                open_ += full if state == "missing" else 0
                possible += full
                out_of_item += thousandths(clause["points"]) if out_of == "item" else 0
                out_of_category += thousandths(clause["points"]) if out_of == "category" else 0
            worth = sum(thousandths(clause["points"]) for clause in item["clauses"])
            minima.append((item.get("minimum"), worth, won, open_, possible))
            if possible:
                wider = possible + out_of_item
                sums = counted(won, open_, possible, wider, Fraction(1))
            else:
                sums = (0, 0, 0)
                out_of_category += out_of_item
            of_items.append((item["id"], *sums))
        items += of_items
        won, open_, possible = (sum(each[n] for each in of_items) for n in (1, 2, 3))
        scale = category.get("scale")
        worth = (
            thousandths(scale["to"])
            if scale
            else sum(
                thousandths(clause["points"])
                for item in category["items"]
                for clause in item["clauses"]
            )
        )
        minima.append((category.get("minimum"), worth, won, open_, possible))
        if not possible:
            sums = (0, 0, 0)
        elif scale:
            step = Fraction(10) ** (3 - scale.get("places", 3))
            sums = counted(won, open_, possible, worth, step)
        else:
            sums = counted(won, open_, possible, possible + out_of_category, Fraction(1))
        categories.append((category["id"], *sums))
    return clauses, items, categories, minima


def naive_score(indicators: dict[str, Any], facts: dict[str, Any]) -> dict[str, Any]:
    """Everything the score of a unit says: states, sums, totals, verdict."""
    clauses, items, categories, minima = scopes_and_minima(indicators, facts)
    adjustments = []
    bonus = penalty = Fraction(0)
    something_unchecked = False
    for entry in indicators["adjustments"].get("entries", []):
        full = int(thousandths(entry["points"]))
        values = read_by_the_rule(entry, facts)
        points = None if None in values else earned(entry, values)
        if points is not None:
            adjustments.append((entry["id"], "scored", points, full))
            if entry["effect"] == "bonus":
                bonus += points
            else:
                penalty += points
        elif entry["effect"] == "bonus":
            adjustments.append((entry["id"], "unclaimed", 0, full))
        else:
            adjustments.append((entry["id"], "missing", 0, full))
            something_unchecked = True
    bonus = min(bonus, thousandths(indicators["adjustments"]["bonus_cap"]))
    if indicators["adjustments"].get("penalty_cap") is not None:
        penalty = min(penalty, thousandths(indicators["adjustments"]["penalty_cap"]))

    vetoes = []
    vetoed = False
    for veto in indicators.get("vetoes", []):
        holds = facts.get(veto["input"]["name"])
        vetoes.append((veto["id"], "missing" if holds is None else "scored", 0, 0))
        if holds is None:
            something_unchecked = True
        elif holds:
            vetoed = True

    won, open_, available = (sum(each[n] for each in categories) for n in (1, 2, 3))
    base_points = thousandths(indicators["base_points"])
    base = half_up(won * base_points / available)
    best_base = half_up((won + open_) * base_points / available)
    total = max(Fraction(0), base + bonus - penalty)
    best = max(Fraction(0), best_base + bonus - penalty)

    minima_hold = minima_can_hold = True
    for asked, worth, won_here, open_here, possible_here in minima:
        if asked is None or possible_here == 0:
            continue
        needed = thousandths(asked) / worth
        if Fraction(won_here, possible_here) < needed:
            minima_hold = False
        if Fraction(won_here + open_here, possible_here) < needed:
            minima_can_hold = False

    apply_from = thousandths(indicators["apply_from"])
    if vetoed:
        verdict = "vetoed"
    elif not minima_can_hold:
        verdict = "below_minimum"
    elif best < apply_from:
        verdict = "not_reached"
    elif total < apply_from or not minima_hold or something_unchecked:
        verdict = "incomplete"
    else:
        verdict = "reached"

    grade = ""
    if verdict not in ("vetoed", "below_minimum"):
        for each in reversed(indicators.get("grades", [])):
            if total >= thousandths(each["from"]):
                grade = each["id"]

    return {
        "clauses": clauses,
        "adjustments": adjustments,
        "vetoes": vetoes,
        "items": items,
        "categories": categories,
        "won": won,
        "open": open_,
        "available": available,
        "base": base,
        "bonus": int(bonus),
        "penalty": int(penalty),
        "total": int(total),
        "best": int(best),
        "verdict": verdict,
        "grade": grade,
    }
