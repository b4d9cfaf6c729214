"""Random valid indicator sets and facts for them.

One description of what a set may look like, drawn from either of two sources of choices:
:class:`Drawn` (hypothesis, which shrinks what fails) or :class:`Seeded` (fast, for mass runs).
Sets and rules are the plain values a rule book file holds; they read nothing of ``shifan.scoring``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count
from random import Random
from typing import Any, Protocol, TypeVar

from hypothesis import strategies as st

T = TypeVar("T")
KINDS = (
    "all_or_nothing", "steps", "linear", "per_count", "checklist", "deduct_per", "graded",
    "satisfaction",
)  # fmt: skip
READ_AGAIN = ("all_or_nothing", "linear", "checklist", "satisfaction")
"""Kinds whose rule says nothing of points."""
DRAFTED = {"status": "drafted", "basis": "none: drawn for a test"}


class Source(Protocol):
    """Where choices come from."""

    def integer(self, low: int, high: int) -> int: ...
    def pick(self, options: Sequence[T]) -> T: ...
    def chance(self, percent: int) -> bool: ...
    def distinct(self, low: int, high: int, size: int) -> list[int]:
        """``size`` different whole numbers in ``low..high``, rising."""


class Seeded:
    """Choices of a seeded generator: the same ones every time."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def integer(self, low: int, high: int) -> int:
        return low + int(self.random.random() * (high - low + 1))

    def pick(self, options: Sequence[T]) -> T:
        return options[int(self.random.random() * len(options))]

    def chance(self, percent: int) -> bool:
        return self.random.random() * 100 < percent

    def distinct(self, low: int, high: int, size: int) -> list[int]:
        return sorted(self.random.sample(range(low, high + 1), size))


class Drawn:
    """Choices of hypothesis."""

    def __init__(self, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        self.draw = draw

    def integer(self, low: int, high: int) -> int:
        return int(self.draw(st.integers(low, high)))

    def pick(self, options: Sequence[T]) -> T:
        chosen: T = self.draw(st.sampled_from(options))
        return chosen

    def chance(self, percent: int) -> bool:
        return self.integer(0, 99) >= 100 - percent

    def distinct(self, low: int, high: int, size: int) -> list[int]:
        whole = st.integers(low, high)
        return sorted(self.draw(st.lists(whole, min_size=size, max_size=size, unique=True)))


# --- indicator sets ---------------------------------------------------------------------------


def points(thousandths: int) -> str:
    return str(Decimal(thousandths).scaleb(-3))


def on_grid(steps: int, decimals: int) -> str:
    return str(Decimal(steps).scaleb(-decimals))


def _worth(source: Source) -> int:
    """What a provision is worth in millipoints: round, odd, or next to nothing."""
    kind = source.integer(0, 9)
    if kind < 5:
        return 500 * source.integer(1, 10)
    return source.integer(1, 7) if kind == 9 else source.integer(8, 5000)


def _ranged(source: Source, type_: str) -> tuple[dict[str, Any], int, int]:
    """A numeric input, with the lowest and highest bound a rule on it may use, in its last place"""
    decimals = 0 if type_ == "count" else source.pick((0, 0, 1, 2, 3, 4))
    unit = 10**decimals
    low, high = 0, (100 if type_ == "percent" else 400) * unit
    read: dict[str, Any] = {"type": type_, "decimals": decimals}
    if type_ == "number" and source.chance(30):
        low = -source.integer(1, 50) * unit
        read["minimum"] = on_grid(low, decimals)
    if source.chance(30):
        high = source.integer(low + 8, high)
        read["maximum"] = on_grid(high, decimals)
    return read, low, high


def rule_of(source: Source, kind: str, worth: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """A sound rule of the kind for ``worth`` millipoints, and the input it reads."""
    rule: dict[str, Any] = {"kind": kind}
    if kind == "all_or_nothing":
        return rule, {"type": "boolean"}
    if kind in ("steps", "linear"):
        read, low, high = _ranged(source, source.pick(("percent", "number", "count")))
        upwards, decimals = source.chance(50), read["decimals"]
        size = 2 if kind == "linear" else source.integer(1, min(4, worth))
        bounds = source.distinct(low, high, size)
        at = [on_grid(bound, decimals) for bound in (bounds if upwards else bounds[::-1])]
        if kind == "linear":
            return rule | {"low": at[0], "full": at[1]}, read
        won = [*source.distinct(0, worth - 1, size - 1), worth]
        rule["steps"] = [{"at": a, "points": points(p)} for a, p in zip(at, won, strict=True)]
        return rule | {"direction": "at_least" if upwards else "at_most"}, read
    if kind == "per_count":
        each = source.integer(1, worth + 10) if source.chance(50) else max(worth // 4, 1)
        read = {"type": "count"}
        if source.chance(30):
            read["maximum"] = str(-(-worth // each) + source.integer(0, 5))
        return rule | {"each": points(each)}, read
    if kind == "checklist":
        size, even = source.integer(2, 5), source.chance(30)
        weights = [1 if even else source.integer(1, source.pick((7, 1000))) for _ in range(size)]
        parts = [
            {"id": f"p{i}", "text": {"zh": f"第{i}项"}, "weight": weight}
            for i, weight in enumerate(weights)
        ]
        return rule | {"parts": parts}, {"type": "checklist"}
    if kind == "deduct_per":
        each = source.integer(1, worth + 10) if source.chance(50) else max(worth // 4, 1)
        floor = source.integer(0, worth - 1) if source.chance(50) else 0
        return rule | {"each": points(each), "floor": points(floor)}, {"type": "count"}
    if kind == "graded":
        size = source.integer(2, min(4, worth + 1))
        won = [worth, *source.distinct(0, worth - 1, size - 1)[::-1]]
        grades = [
            {"id": f"g{i}", "text": {"zh": f"第{i}等"}, "points": points(p)}
            for i, p in enumerate(won)
        ]
        return rule | {"grades": grades}, {"type": "grade"}
    decimals = source.integer(0, 4)
    zero, full = source.distinct(0, 100 * 10**decimals, 2)
    rule |= {"zero_at": on_grid(zero, decimals), "full_at": on_grid(full, decimals)}
    rule["minimum_sample"] = source.integer(1, 500)
    rule["insufficient"] = source.pick(("missing", "none"))
    return rule, {"type": "satisfaction", "decimals": source.pick((decimals, source.integer(0, 4)))}


def _several(source: Source, kind: str, read: dict[str, Any]) -> dict[str, Any]:
    """How several statements on an input are combined."""
    ways = ["lowest", "highest", "all_agree"]
    if kind in ("steps", "linear") and Decimal(read.get("minimum", 0)) >= 0:
        ways += ["mean", "mean", "median", "median"]
    most = source.integer(2, 5)
    return {
        "combine": source.pick(ways), "most": most, "least": source.integer(1, most),
        "places": source.integer(0, 4),
    }  # fmt: skip


def indicator_set(source: Source, most: int = 3) -> dict[str, Any]:
    """A valid indicator set with at most ``most`` of anything per level."""
    numbers = count()

    def provision(id_: str, kind: str | None) -> tuple[dict[str, Any], int]:
        worth, n = _worth(source), next(numbers)
        made: dict[str, Any] = {"id": id_, "text": {"zh": f"第{n}条"}, "checked_by": ["materials"]}
        rule, read = rule_of(source, kind, worth) if kind else ({}, {"type": "boolean"})
        if kind and kind not in ("checklist", "satisfaction") and source.chance(15):
            read = read | {"statements": _several(source, kind, read)}
        made |= {"source": DRAFTED, "input": {"name": f"i{n}", "from": ["self"], **read}}
        return made | ({"rule": rule, "points": points(worth)} if kind else {}), worth

    before: list[dict[str, Any]] = []

    def read_again(id_: str) -> tuple[dict[str, Any], int]:
        """Another clause that reads the input of one before it."""
        worth = _worth(source)
        return source.pick(before) | {"id": id_, "points": points(worth)}, worth

    def clause(id_: str) -> tuple[dict[str, Any], int]:
        if before and source.chance(15):
            return read_again(id_)
        made, worth = provision(id_, source.pick(KINDS))
        made |= {"duty": "required", "theme": "theme"}
        first = id_ == "1.1.1"  # never excluded, so that some base is left
        if not first and source.chance(40):
            treatment = source.pick(("exclude", "full"))
            made["not_applicable"] = {"when": {"zh": "无此情形"}, "treatment": treatment}
            if treatment == "exclude" and source.chance(60):
                made["not_applicable"]["within"] = source.pick(("item", "category"))
                if made["rule"]["kind"] == "checklist" and source.chance(60):
                    made["not_applicable"]["within"] = "clause"
        if not first and source.chance(15):
            made["potential"] = {"zh": "本单位的潜力"}
        if not first and made["rule"]["kind"] in READ_AGAIN:
            before.append(made)
        return made, worth

    categories, base = [], 0
    for c in range(1, source.integer(1, most) + 1):
        items, here = [], 0
        for i in range(1, source.integer(1, 2) + 1):
            made = [clause(f"{c}.{i}.{k}") for k in range(1, source.integer(1, most) + 1)]
            here += sum(worth for _, worth in made)
            clauses = [each for each, _ in made]
            item = {"id": f"{c}.{i}", "name": {"zh": f"项{c}.{i}"}, "clauses": clauses}
            if source.chance(20):
                worth = sum(each for _, each in made)
                item["minimum"] = points(source.pick((worth * 6 // 10, source.integer(0, worth))))
            items.append(item)
        category: dict[str, Any] = {"id": str(c), "name": {"zh": f"类{c}"}, "items": items}
        whole = any(
            each.get("not_applicable", {}).get("within", "item") == "whole"
            or (
                each.get("not_applicable", {}).get("treatment") == "exclude"
                and "within" not in each["not_applicable"]
            )
            for item in items
            for each in item["clauses"]
        )
        if not whole and source.chance(40):
            places = source.integer(0, 3)
            here = source.integer(1, 60 * 10**places) * 10 ** (3 - places)
            category["scale"] = {"to": points(here), "places": places}
        if source.chance(30):
            category["minimum"] = points(source.pick((here * 6 // 10, source.integer(0, here))))
        categories.append(category)
        base += here
    entries, most_of = [], {"bonus": 0, "penalty": 0}
    for n in range(source.integer(0, most)):
        entry, worth = provision(f"A{n}", source.pick(KINDS))
        entries.append(entry | {"effect": source.pick(("bonus", "penalty"))})
        most_of[entries[-1]["effect"]] += worth
    bonus_cap = source.integer(0, most_of["bonus"] + 500)
    adjustments: dict[str, Any] = {"bonus_cap": points(bonus_cap), "entries": entries}
    if source.chance(50):
        adjustments["penalty_cap"] = points(source.integer(0, most_of["penalty"] + 500))
    most_won = base + min(bonus_cap, most_of["bonus"])
    marks = source.distinct(0, most_won, min(source.integer(0, 3), most_won))[::-1]
    near = (base, most_won, base * 9 // 10, base * 7 // 10, base // 2)
    return {
        "unit_type": "town",
        "name": {"zh": "指标"},
        "source": DRAFTED,
        "base_points": points(base),
        "apply_from": points(max(source.pick((*near, source.integer(0, most_won))), 1)),
        "evidence_budget": 0,
        "themes": [{"id": "theme", "name": {"zh": "主题"}}],
        "categories": categories,
        "adjustments": adjustments,
        "vetoes": [provision(f"V{n}", None)[0] for n in range(source.integer(0, 1))],
        "grades": [
            {"id": f"g{n}", "name": {"zh": f"第{n}等"}, "from": points(mark)}
            for n, mark in enumerate(marks)
        ],
    }


# --- facts ------------------------------------------------------------------------------------

Values = tuple[bool | Decimal | str, ...]


@dataclass
class Reads:
    """What may be stated for one provision: its columns, telling values, and the best of them."""

    columns: list[str]
    best: Values
    telling: list[Values] = field(default_factory=list)
    """On, just below and just above every bound."""
    fresh: Callable[[Source], Values] | None = None
    """Any value at all."""
    not_applicable: list[str] = field(default_factory=list)
    potential: str = ""


def _numeric(provision: dict[str, Any], bounds: list[Decimal], best: Decimal) -> Reads:
    read = provision["input"]
    decimals = read.get("decimals", 0)
    percent = read["type"] in ("percent", "satisfaction")
    top = Decimal(100) if percent else 2 * max(abs(bound) for bound in bounds) + 1
    low, high = Decimal(read.get("minimum", 0)), min(Decimal(read.get("maximum", top)), top)
    first, last = (int(each.scaleb(decimals)) for each in (low, high))
    marks = {first, last}
    for bound in bounds:
        mark = int(bound.scaleb(decimals))
        marks |= {mark - 1, mark, mark + 1}
    telling = [(Decimal(m).scaleb(-decimals),) for m in sorted(marks) if first <= m <= last]

    def fresh(source: Source) -> Values:
        return (Decimal(source.integer(first, last)).scaleb(-decimals),)

    return Reads([read["name"]], (best,), telling, fresh)


def reads(provision: dict[str, Any]) -> Reads:
    """What may be stated for the provision (a clause, adjustment or veto of the document)."""
    one, several = _reads_one(provision), provision["input"].get("statements")
    if several is None:
        return one
    columns = [f"{one.columns[0]}_{n + 1}" for n in range(several["most"])]

    def single(source: Source) -> Any:
        if source.chance(15):
            return None
        return one.fresh(source)[0] if one.fresh else source.pick(one.telling)[0]

    def fresh(source: Source) -> Values:
        if source.chance(30):
            return (single(source),) * len(columns)
        return tuple(single(source) for _ in columns)

    alike = [value * len(columns) for value in one.telling]
    return Reads(columns, one.best * len(columns), alike, fresh)


def _reads_one(provision: dict[str, Any]) -> Reads:
    """What may be stated on it once."""
    rule, name = provision.get("rule", {"kind": "veto"}), provision["input"]["name"]
    kind = rule["kind"]
    if kind == "veto":
        return Reads([name], (False,), [(False,)] * 5 + [(True,)])
    if kind == "all_or_nothing":
        return Reads([name], (True,), [(True,), (False,)])
    if kind == "checklist":
        columns = [f"{name}_{part['id']}" for part in rule["parts"]]

        def ticks(source: Source) -> Values:
            return tuple(source.chance(60) for _ in columns)

        return Reads(columns, (True,) * len(columns), [(False,) * len(columns)], ticks)
    if kind == "graded":
        ids = [grade["id"] for grade in rule["grades"]]
        return Reads([name], (ids[0],), [(id_,) for id_ in ids])
    if kind == "steps":
        bounds = [Decimal(step["at"]) for step in rule["steps"]]
        return _numeric(provision, bounds, bounds[-1])
    if kind == "linear":
        return _numeric(
            provision, [Decimal(rule["low"]), Decimal(rule["full"])], Decimal(rule["full"])
        )
    worth = Decimal(provision["points"])
    if kind == "per_count":
        enough = -(-worth // Decimal(rule["each"]))
        return _numeric(provision, [Decimal(0), enough], enough)
    if kind == "deduct_per":
        least = (worth - Decimal(rule.get("floor", 0))) // Decimal(rule["each"]) + 1
        return _numeric(provision, [Decimal(0), least], Decimal(0))
    share = _numeric(provision, [Decimal(rule["zero_at"]), Decimal(rule["full_at"])], Decimal(100))
    least = Decimal(rule["minimum_sample"])
    telling = [(*value, least) for value in share.telling] + [(Decimal(100), least - 1)]
    fresh = share.fresh
    assert fresh is not None
    return Reads(
        [name, f"{name}_sample"],
        (Decimal(100), least),
        telling,
        lambda source: (*fresh(source), max(least + source.integer(-2, 9), Decimal(0))),
    )


def plan(document: dict[str, Any]) -> list[Reads]:
    """What may be stated about a unit, provision by provision. ``document`` is plain JSON."""
    made = []
    for category in document["categories"]:
        for item in category["items"]:
            for clause in item["clauses"]:
                made.append(reads(clause))
                name, excuse = clause["input"]["name"], clause.get("not_applicable")
                if excuse is not None:
                    parts = made[-1].columns if excuse.get("within") == "clause" else [name]
                    made[-1].not_applicable = [f"{each}_not_applicable" for each in parts]
                if "potential" in clause:
                    made[-1].potential = f"{name}_potential"
    for provision in (*document["adjustments"].get("entries", ()), *document.get("vetoes", ())):
        made.append(reads(provision))
    return made


def facts(source: Source, plans: list[Reads]) -> dict[str, Any]:
    """Facts of one unit: how much is missing and how well it does differ from unit to unit."""
    missing, good = source.pick((0, 0, 3, 12, 40)), source.pick((0, 30, 60, 90, 97))
    stated: dict[str, Any] = {}
    for each in plans:
        for name in each.not_applicable:
            if source.chance(30):
                stated[name] = source.pick((True, True, False, None))
        if each.potential and source.chance(60):
            hundredths = source.pick((0, 10000, 5000, 3333, source.integer(0, 10000)))
            stated[each.potential] = Decimal(hundredths).scaleb(-2)
        if missing and source.chance(missing):
            if source.chance(70):
                continue
            values = (*each.best[:-1], None)  # one column of several, or stated as nothing
        elif source.chance(good):
            values = each.best
        elif each.fresh and source.chance(40):
            values = each.fresh(source)
        else:
            values = source.pick(each.telling)
        stated.update(zip(each.columns, values, strict=True))
    return stated


# --- strategies -------------------------------------------------------------------------------


@st.composite
def indicator_sets(draw: Callable[..., Any], most: int = 2) -> dict[str, Any]:
    """Documents of valid indicator sets."""
    return indicator_set(Drawn(draw), most)


@st.composite
def cases(draw: Callable[..., Any], most: int = 2) -> tuple[dict[str, Any], dict[str, Any]]:
    """A valid indicator set with facts for it."""
    document = draw(indicator_sets(most))
    return document, facts(Drawn(draw), plan(document))
