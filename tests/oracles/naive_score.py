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


def column_names(provision: dict[str, Any]) -> list[str]:
    name = provision["input"]["name"]
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
        weights = [part.get("weight", 1) for part in rule["parts"]]
        ticked = [weight for weight, tick in zip(weights, values, strict=True) if tick]
        return half_up(full * sum(ticked) / sum(weights))

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


def naive_score(indicators: dict[str, Any], facts: dict[str, Any]) -> dict[str, Any]:
    """Everything the score of a unit says: states, sums, totals, verdict."""
    won_of: dict[str, int] = {}
    open_of: dict[str, int] = {}
    possible_of: dict[str, int] = {}
    clauses = []
    items = []
    categories = []

    for category in indicators["categories"]:
        for item in category["items"]:
            for clause in item["clauses"]:
                full = int(thousandths(clause["points"]))
                excuse = clause.get("not_applicable")
                excused = facts.get(f"{clause['input']['name']}_not_applicable")
                values = [facts.get(name) for name in column_names(clause)]
                if excuse is not None and excused is True:
                    state = "not_applicable"
                    won = full if excuse["treatment"] == "full" else 0
                    possible = won
                else:
                    possible = full
                    points = None if None in values else earned(clause, values)
                    state = "missing" if points is None else "scored"
                    won = 0 if points is None else points
                won_of[clause["id"]] = won
                open_of[clause["id"]] = possible if state == "missing" else 0
                possible_of[clause["id"]] = possible
                clauses.append((clause["id"], state, won, possible))
            ids = [clause["id"] for clause in item["clauses"]]
            items.append(
                (
                    item["id"],
                    sum(won_of[id_] for id_ in ids),
                    sum(open_of[id_] for id_ in ids),
                    sum(possible_of[id_] for id_ in ids),
                )
            )
        ids = [clause["id"] for item in category["items"] for clause in item["clauses"]]
        categories.append(
            (
                category["id"],
                sum(won_of[id_] for id_ in ids),
                sum(open_of[id_] for id_ in ids),
                sum(possible_of[id_] for id_ in ids),
            )
        )

    adjustments = []
    bonus = penalty = Fraction(0)
    something_unchecked = False
    for entry in indicators["adjustments"].get("entries", []):
        full = int(thousandths(entry["points"]))
        values = [facts.get(name) for name in column_names(entry)]
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

    won = sum(won_of.values())
    open_ = sum(open_of.values())
    available = sum(possible_of.values())
    base_points = thousandths(indicators["base_points"])
    base = half_up(won * base_points / available)
    best_base = half_up((won + open_) * base_points / available)
    total = max(Fraction(0), base + bonus - penalty)
    best = max(Fraction(0), best_base + bonus - penalty)

    minima_hold = minima_can_hold = True
    for category, (_, won_here, open_here, possible_here) in zip(
        indicators["categories"], categories, strict=True
    ):
        if category.get("minimum") is None or possible_here == 0:
            continue
        full_here = sum(
            thousandths(clause["points"])
            for item in category["items"]
            for clause in item["clauses"]
        )
        needed = thousandths(category["minimum"]) / full_here
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
    }
