"""What each kind offers a unit that wants more: exact in its gain, and no larger than needed."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.oracles.strategies import KINDS, Drawn, points, reads, rule_of
from tests.scoring.factories import clause as clause_of
from tests.scoring.factories import one

from shifan.rulebook.base import Text
from shifan.rulebook.indicators import Clause
from shifan.scoring.facts import parse, provision_columns
from shifan.scoring.kinds import kind
from shifan.scoring.kinds.change import Change, relative

NUMERIC = ("steps", "linear", "per_count", "deduct_per", "satisfaction")


@st.composite
def improvable(draw: Callable[..., Any], kinds: tuple[str, ...]) -> tuple[Clause, Any, int]:
    """A clause with a rule of one of the kinds, a value for it, and millipoints wanted."""
    source = Drawn(draw)
    worth = source.integer(1, 5000)
    rule, read = rule_of(source, source.pick(kinds), worth)
    made = clause_of("fact", points(worth), rule, input=read)
    known = reads(made)
    values = known.fresh(source) if known.fresh else source.pick([*known.telling, known.best])
    value = values[0] if len(values) == 1 else values
    return Clause.model_validate(made), value, source.integer(1, worth)


def earns(clause: Clause, value: Any) -> int:
    return kind(clause.rule).award(clause.rule, value, clause.millipoints)


def improve(clause: Clause, value: Any, wanted: int) -> Change | None:
    return kind(clause.rule).improve(clause.rule, value, clause.millipoints, wanted, clause.input)


@given(improvable(KINDS))
@settings(max_examples=800, deadline=None)
def test_change_earns_what_it_says_and_what_is_wanted(case: tuple[Clause, Any, int]) -> None:
    clause, value, wanted = case
    now, change = earns(clause, value), improve(clause, value, wanted)

    if change is None:
        assert now == clause.millipoints
        return
    assert earns(clause, change.to) == now + change.gain
    assert change.gain >= wanted or now + change.gain == clause.millipoints
    assert 0 <= change.effort <= 1


@given(improvable(NUMERIC))
@settings(max_examples=800, deadline=None)
def test_change_of_a_number_is_one_the_input_can_hold(case: tuple[Clause, Any, int]) -> None:
    clause, value, wanted = case
    change = improve(clause, value, wanted)

    if change is not None:
        stated = change.to if isinstance(change.to, tuple) else (change.to,)
        columns = provision_columns(clause)
        assert tuple(map(parse, columns, stated)) == stated


@given(improvable(NUMERIC))
@settings(max_examples=1200, deadline=None)
def test_no_smaller_change_of_a_number_earns_what_is_wanted(case: tuple[Clause, Any, int]) -> None:
    clause, value, wanted = case
    now, change = earns(clause, value), improve(clause, value, wanted)

    if change is not None:
        survey = isinstance(value, tuple)
        before, after = (value[0], change.to[0]) if survey else (value, change.to)
        back = Decimal(1).scaleb(-clause.input.decimals) * (1 if after < before else -1)
        nearly = (after + back, change.to[1]) if survey else after + back
        assert earns(clause, nearly) < min(now + wanted, clause.millipoints)


@given(improvable(("graded",)))
@settings(deadline=None)
def test_no_lower_grade_earns_what_is_wanted(case: tuple[Clause, Any, int]) -> None:
    clause, value, wanted = case
    now, change = earns(clause, value), improve(clause, value, wanted)

    if change is not None:
        ids = [grade.id for grade in clause.rule.grades]
        lower = ids[ids.index(change.to) + 1]
        assert earns(clause, lower) < min(now + wanted, clause.millipoints)


@given(improvable(("checklist",)))
@settings(deadline=None)
def test_no_fewer_parts_of_a_checklist_earn_what_is_wanted(case: tuple[Clause, Any, int]) -> None:
    clause, value, wanted = case
    now, change = earns(clause, value), improve(clause, value, wanted)

    if change is not None:
        assert all(after for before, after in zip(value, change.to, strict=True) if before)
        unticked = [i for i, ticked in enumerate(value) if not ticked]
        for fewer in combinations(unticked, sum(change.to) - sum(value) - 1):
            ticked = tuple(done or i in fewer for i, done in enumerate(value))
            assert earns(clause, ticked) - now < wanted


PARTS = [
    {"id": "a", "text": {"zh": "甲", "en": "A"}, "weight": 1},
    {"id": "b", "text": {"zh": "乙"}, "weight": 3},
    {"id": "c", "text": {"zh": "丙", "en": "C"}, "weight": 2},
]
GRADES = [
    {"id": "good", "text": {"zh": "好", "en": "Good"}, "points": 2},
    {"id": "fair", "text": {"zh": "中"}, "points": 1},
    {"id": "poor", "text": {"zh": "差", "en": "Poor"}, "points": 0},
]
STEPS = [{"at": 60, "points": "0.5"}, {"at": 80, "points": 1}, {"at": 95, "points": 2}]
FALLING = [{"at": 30, "points": 1}, {"at": 10, "points": 2}]
COUNTED = {"unit": {"zh": "个", "en": "gardens"}}


@pytest.mark.parametrize(
    ("rule", "read", "value", "wanted", "to", "gain", "effort", "zh", "en"),
    [
        ({"kind": "all_or_nothing"}, {}, False, 1,
         True, 2000, 1, "做到此条", "Put this in place"),
        ({"kind": "steps", "steps": STEPS}, {}, 40, 500,
         60, 500, Fraction(1, 3), "提高到 60%", "Raise to 60%"),
        ({"kind": "steps", "steps": STEPS}, {}, 60, 501,
         95, 1500, Fraction(7, 19), "提高到 95%", "Raise to 95%"),
        ({"kind": "steps", "steps": STEPS}, {}, 60, 2000,
         95, 1500, Fraction(7, 19), "提高到 95%", "Raise to 95%"),
        ({"kind": "steps", "direction": "at_most", "steps": FALLING}, {}, 40, 1,
         30, 1000, Fraction(1, 4), "降低到 30%", "Lower to 30%"),
        ({"kind": "linear", "low": 60, "full": 90}, {"decimals": 1}, 60, 1000,
         75, 1000, Fraction(1, 5), "提高到 75%", "Raise to 75%"),
        ({"kind": "linear", "low": 60, "full": 90}, {}, 50, 1,
         61, 67, Fraction(11, 61), "提高到 61%", "Raise to 61%"),
        ({"kind": "linear", "low": 60, "full": 90}, {"decimals": 4}, 60, 1,
         "60.0075", 1, Fraction(1, 8001), "提高到 60.0075%", "Raise to 60.0075%"),
        ({"kind": "linear", "low": 60, "full": 90}, {"decimals": 2}, 81, 5000,
         "90", 600, Fraction(1, 10), "提高到 90%", "Raise to 90%"),
        ({"kind": "linear", "low": 90, "full": 60}, {}, 90, 1000,
         75, 1000, Fraction(1, 6), "降低到 75%", "Lower to 75%"),
        ({"kind": "linear", "low": -10, "full": 10}, {"type": "number", "minimum": -20}, -10, 1500,
         5, 1500, 1, "提高到 5", "Raise to 5"),
        ({"kind": "per_count", "each": "0.6"}, COUNTED, 1, 601,
         3, 1200, Fraction(2, 3), "提高到 3 个", "Raise to 3 gardens"),
        ({"kind": "per_count", "each": "0.6"}, COUNTED, 3, 9000,
         4, 200, Fraction(1, 4), "提高到 4 个", "Raise to 4 gardens"),
        ({"kind": "deduct_per", "each": "0.6"}, COUNTED, 3, 601,
         1, 1200, Fraction(2, 3), "降低到 1 个", "Lower to 1 gardens"),
        ({"kind": "deduct_per", "each": "0.6", "floor": 1}, COUNTED, 9, 1,
         1, 400, Fraction(8, 9), "降低到 1 个", "Lower to 1 gardens"),
        ({"kind": "deduct_per", "each": "0.6"}, COUNTED, 3, 9000,
         0, 1800, 1, "降低到 0 个", "Lower to 0 gardens"),
    ],
)  # fmt: skip
def test_change_is_offered_in_full(
    rule: Any, read: Any, value: Any, wanted: int, to: Any, gain: int, effort: Any, zh: str, en: str
) -> None:
    number = value if isinstance(value, bool) else Decimal(value)
    wished = to if isinstance(to, bool) else Decimal(to)

    change = improve(one(rule, **read), number, wanted)

    assert change == Change(wished, gain, Fraction(effort), Text(zh=zh, en=en))


def test_checklist_offers_its_heaviest_parts_first() -> None:
    checklist = one({"kind": "checklist", "parts": PARTS})

    nothing = (False, False, False)
    assert improve(checklist, nothing, 1000) == Change(
        (False, True, False), 1000, Fraction(1, 3), Text(zh="补齐：乙", en="Add: 乙")
    )
    assert improve(checklist, nothing, 1001) == Change(
        (False, True, True), 1667, Fraction(2, 3), Text(zh="补齐：乙、丙", en="Add: 乙; C")
    )
    assert improve(checklist, (True, True, True), 1) is None


def test_graded_offers_the_lowest_grade_that_is_enough() -> None:
    graded = one({"kind": "graded", "grades": GRADES})

    assert improve(graded, "poor", 1000) == Change(
        "fair", 1000, Fraction(1, 2), Text(zh="达到“中”", en="Reach “中”")
    )
    assert improve(graded, "poor", 1001) == Change(
        "good", 2000, Fraction(1), Text(zh="达到“好”", en="Reach “Good”")
    )
    assert improve(graded, "fair", 5000) == Change(
        "good", 1000, Fraction(1, 2), Text(zh="达到“好”", en="Reach “Good”")
    )
    assert improve(graded, "good", 1) is None


def test_satisfaction_offers_the_share_and_keeps_a_larger_sample() -> None:
    survey = one({"kind": "satisfaction", "zero_at": 60, "full_at": 90, "minimum_sample": 100})

    for sample, kept in ((Decimal(20), Decimal(100)), (Decimal(400), Decimal(400))):
        assert improve(survey, (Decimal(60), sample), 1000) == Change(
            (Decimal(75), kept), 1000, Fraction(1, 5), Text(zh="提高到 75%", en="Raise to 75%")
        )
    assert improve(survey, (Decimal(90), Decimal(400)), 1) is None


def test_satisfaction_offers_a_share_with_the_decimals_its_input_keeps() -> None:
    survey = one({"kind": "satisfaction", "zero_at": 60, "full_at": "89.5", "minimum_sample": 1})

    change = improve(survey, (Decimal(60), Decimal(1)), 2000)

    assert change is not None
    assert (change.to, change.gain) == ((Decimal(90), Decimal(1)), 2000)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (0, 0, 0),
        (0, 5, 1),
        (50, 75, Fraction(1, 3)),
        (75, 50, Fraction(1, 3)),
        (-4, -2, Fraction(1, 2)),
        (-5, 5, 1),
    ],
)
def test_relative_step_is_a_share_of_the_larger(old: int, new: int, expected: Any) -> None:
    assert relative(Decimal(old), Decimal(new)) == expected
