"""What each rule kind awards and says, by hand: at, just below and just above every bound."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from tests.scoring.factories import one

from shifan.scoring.arithmetic import points_text
from shifan.scoring.facts import LARGEST
from shifan.scoring.kinds import KINDS, kind

ALL_OR_NOTHING = {"kind": "all_or_nothing"}
RISING = {
    "kind": "steps",
    "steps": [{"at": 60, "points": "0.5"}, {"at": 80, "points": 1}, {"at": 95, "points": 2}],
}
FALLING = {
    "kind": "steps",
    "direction": "at_most",
    "steps": [{"at": 30, "points": "0.5"}, {"at": 10, "points": 1}, {"at": 0, "points": 2}],
}
UP = {"kind": "linear", "low": 60, "full": 90}
DOWN = {"kind": "linear", "low": 90, "full": 60}
ACROSS_ZERO = {"kind": "linear", "low": -10, "full": 10}
THIRDS = {"kind": "linear", "low": 0, "full": 3}
SIXTEENTHS = {"kind": "linear", "low": 0, "full": 16}
PER_COUNT = {"kind": "per_count", "each": "0.4"}
DEDUCT = {"kind": "deduct_per", "each": "0.3"}
DEDUCT_FLOOR = {"kind": "deduct_per", "each": "0.3", "floor": "0.5"}
EVEN_PARTS = {"kind": "checklist", "parts": [{"id": i, "text": {"zh": i}} for i in "abc"]}
WEIGHED_PARTS = {
    "kind": "checklist",
    "parts": [
        {"id": "a", "text": {"zh": "甲"}, "weight": 1},
        {"id": "b", "text": {"zh": "乙"}, "weight": 5},
        {"id": "c", "text": {"zh": "丙"}, "weight": 10},
    ],
}
GRADED = {
    "kind": "graded",
    "grades": [
        {"id": "good", "text": {"zh": "好"}, "points": 2},
        {"id": "fair", "text": {"zh": "中"}, "points": "1.2"},
        {"id": "poor", "text": {"zh": "差"}, "points": "0.1"},
    ],
}
SATISFACTION = {"kind": "satisfaction", "zero_at": 60, "full_at": 90, "minimum_sample": 100}


def award(rule: dict[str, Any], value: Any, points: Any = 2) -> int:
    """Millipoints the value earns in a clause of ``points``; numbers may be written as text."""
    made = one(rule, points)
    return kind(made.rule).award(made.rule, value, made.millipoints)


@pytest.mark.parametrize(("value", "expected"), [(True, 2000), (False, 0)])
def test_all_or_nothing_awards_all_or_nothing(value: bool, expected: int) -> None:
    assert award(ALL_OR_NOTHING, value) == expected


@pytest.mark.parametrize(
    ("rule", "value", "expected"),
    [
        (RISING, "0", 0),
        (RISING, "59.9999", 0),
        (RISING, "60", 500),
        (RISING, "60.0001", 500),
        (RISING, "79.9999", 500),
        (RISING, "80", 1000),
        (RISING, "94.9999", 1000),
        (RISING, "95", 2000),
        (RISING, "100", 2000),
        (FALLING, "100", 0),
        (FALLING, "30.0001", 0),
        (FALLING, "30", 500),
        (FALLING, "10.0001", 500),
        (FALLING, "10", 1000),
        (FALLING, "0.0001", 1000),
        (FALLING, "0", 2000),
    ],
)
def test_steps_award_the_furthest_step_reached(rule: Any, value: str, expected: int) -> None:
    assert award(rule, Decimal(value)) == expected


@pytest.mark.parametrize(
    ("rule", "value", "points", "expected"),
    [
        (UP, "0", 2, 0),
        (UP, "60", 2, 0),
        (UP, "60.0075", 2, 1),  # 0.5 millipoints
        (UP, "60.0074", 2, 0),  # 0.4933…
        (UP, "60.0225", 2, 2),  # 1.5: a half goes up, not to even
        (UP, "60.0375", 2, 3),  # 2.5
        (UP, "81", 2, 1400),
        (UP, "89.9925", 2, 2000),  # 1999.5
        (UP, "89.9924", 2, 1999),
        (UP, "90", 2, 2000),
        (UP, "100", 2, 2000),
        (DOWN, "100", 2, 0),
        (DOWN, "90", 2, 0),
        (DOWN, "89.9925", 2, 1),
        (DOWN, "89.9926", 2, 0),
        (DOWN, "69", 2, 1400),
        (DOWN, "60", 2, 2000),
        (DOWN, "0", 2, 2000),
        (ACROSS_ZERO, "-10", 2, 0),
        (ACROSS_ZERO, "-5", 2, 500),
        (ACROSS_ZERO, "0", 2, 1000),
        (ACROSS_ZERO, "10", 2, 2000),
        (THIRDS, "1", 1, 333),
        (THIRDS, "2", 1, 667),
        (SIXTEENTHS, "1", "0.2", 13),  # 12.5
        (SIXTEENTHS, "3", "0.2", 38),  # 37.5
        (SIXTEENTHS, "1", "0.001", 0),
        (SIXTEENTHS, "8", "0.001", 1),  # 0.5
    ],
)
def test_linear_awards_the_share_of_the_way_rounded_half_up(
    rule: Any, value: str, points: Any, expected: int
) -> None:
    assert award(rule, Decimal(value), points) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [(0, 0), (1, 400), (4, 1600), (5, 2000), (6, 2000), (10**9, 2000)]
)
def test_per_count_awards_each_up_to_the_clause(value: int, expected: int) -> None:
    assert award(PER_COUNT, Decimal(value)) == expected


def test_per_count_caps_a_last_one_that_fits_in_part() -> None:
    assert [award(PER_COUNT, Decimal(n), "1.5") for n in (3, 4)] == [1200, 1500]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ((False, False, False), 0),
        ((True, False, False), 667),
        ((False, False, True), 667),
        ((True, True, False), 1333),
        ((True, True, True), 2000),
    ],
)
def test_checklist_awards_the_ticked_share(value: tuple[bool, ...], expected: int) -> None:
    assert award(EVEN_PARTS, value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ((True, False, False), 13),  # 200 × 1/16 = 12.5
        ((False, True, False), 63),  # 62.5
        ((False, False, True), 125),
        ((True, True, False), 75),
        ((True, False, True), 138),  # 137.5
    ],
)
def test_checklist_awards_by_weight_rounded_half_up(value: tuple[bool, ...], expected: int) -> None:
    assert award(WEIGHED_PARTS, value, "0.2") == expected


@pytest.mark.parametrize("value", [(True,), (True,) * 4])
def test_checklist_refuses_more_or_fewer_ticks_than_parts(value: tuple[bool, ...]) -> None:
    with pytest.raises(ValueError, match=r"^zip\(\) argument 2 is (shorter|longer)"):
        award(EVEN_PARTS, value)


@pytest.mark.parametrize(
    ("rule", "value", "expected"),
    [
        (DEDUCT, 0, 2000),
        (DEDUCT, 1, 1700),
        (DEDUCT, 6, 200),
        (DEDUCT, 7, 0),
        (DEDUCT, 10**9, 0),
        (DEDUCT_FLOOR, 0, 2000),
        (DEDUCT_FLOOR, 4, 800),
        (DEDUCT_FLOOR, 5, 500),
        (DEDUCT_FLOOR, 6, 500),
        (DEDUCT_FLOOR, 10**9, 500),
    ],
)
def test_deduct_per_takes_off_each_down_to_the_floor(rule: Any, value: int, expected: int) -> None:
    assert award(rule, Decimal(value)) == expected


@pytest.mark.parametrize(("value", "expected"), [("good", 2000), ("fair", 1200), ("poor", 100)])
def test_graded_awards_the_points_of_the_grade(value: str, expected: int) -> None:
    assert award(GRADED, value) == expected


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        ("0", 0),
        ("60", 0),
        ("60.0074", 0),
        ("60.0075", 1),
        ("75", 1000),
        ("89.9924", 1999),
        ("90", 2000),
        ("100", 2000),
    ],
)
def test_satisfaction_awards_the_share_of_the_way(share: str, expected: int) -> None:
    assert award(SATISFACTION, (Decimal(share), Decimal(100))) == expected


@pytest.mark.parametrize(("sample", "expected"), [(0, False), (99, False), (100, True)])
def test_satisfaction_counts_from_its_minimum_sample_on(sample: int, expected: bool) -> None:
    made = one(SATISFACTION)

    assert kind(made.rule).counts(made.rule, (Decimal(95), Decimal(sample))) is expected


@pytest.mark.parametrize(
    ("rule", "least"),
    [
        (ALL_OR_NOTHING, 0),
        (RISING, 0),
        (FALLING, 0),
        ({"kind": "steps", "steps": [{"at": 0, "points": 1}, {"at": 5, "points": 2}]}, 0),
        ({"kind": "steps", "steps": [{"at": -9, "points": 1}, {"at": -4, "points": 2}]}, 0),
        ({"kind": "steps", "direction": "at_most", "steps": [{"at": -4, "points": 2}]}, 0),
        (UP, 0),
        (DOWN, 0),
        (PER_COUNT, 0),
        (EVEN_PARTS, 0),
        (DEDUCT, 0),
        (DEDUCT_FLOOR, 500),
        (GRADED, 100),
        (SATISFACTION, 0),
    ],
)
def test_worst_value_earns_the_least_the_rule_can_give(rule: Any, least: int) -> None:
    made = one(rule)
    module = kind(made.rule)

    assert module.award(made.rule, module.worst(made.rule), made.millipoints) == least


@pytest.mark.parametrize(
    ("rule", "worst"),
    [
        (ALL_OR_NOTHING, False),
        (RISING, 0),
        ({"kind": "steps", "steps": [{"at": "0.5", "points": 2}]}, 0),
        ({"kind": "steps", "steps": [{"at": 0, "points": 2}]}, -1),
        (FALLING, 61),
        ({"kind": "steps", "direction": "at_most", "steps": [{"at": -4, "points": 2}]}, 9),
        (UP, 60),
        (DOWN, 90),
        (PER_COUNT, 0),
        (EVEN_PARTS, (False, False, False)),
        (DEDUCT, LARGEST),
        (GRADED, "poor"),
        (SATISFACTION, (60, 0)),
    ],
)
def test_missing_fact_starts_from_the_worst_value(rule: Any, worst: Any) -> None:
    made = one(rule)

    assert kind(made.rule).worst(made.rule) == worst


def test_worst_count_uses_up_the_largest_clause_at_the_smallest_deduction() -> None:
    slow = {"kind": "deduct_per", "each": "0.001"}
    rule = one(slow, 100_000).rule

    assert award(slow, kind(rule).worst(rule), 100_000) == 0


def test_every_kind_of_rule_has_its_module() -> None:
    rules = (
        ALL_OR_NOTHING, RISING, UP, PER_COUNT, EVEN_PARTS, DEDUCT, GRADED, SATISFACTION,
    )  # fmt: skip

    assert {rule["kind"]: kind(one(rule).rule).__name__ for rule in rules} == {
        name: f"shifan.scoring.kinds.{name}" for name in KINDS
    }


# --- sentences --------------------------------------------------------------------------------

GARDENS = {"unit": {"zh": "个", "en": "gardens"}}
HECTARES = {"type": "number", "unit": {"zh": "公顷"}, "decimals": 2}


@pytest.mark.parametrize(
    ("rule", "read", "value", "zh", "en"),
    [
        (ALL_OR_NOTHING, {}, True, "已做到，得满分 2.00 分。", "In place: all 2.00 points."),
        (ALL_OR_NOTHING, {}, False,
         "未做到，不得分（满分 2.00 分）。", "Not in place: none of the 2.00 points."),
        (RISING, {}, "59",
         "59%未达到第一档（≥ 60%），不得分（满分 2.00 分）。",
         "At 59% the first step (≥ 60%) is not reached: 0 of 2.00 points."),
        (RISING, {}, "94.5",
         "94.5%达到“≥ 80%”一档，得 1.00 分（满分 2.00 分）。",
         "At 94.5% the step ≥ 80% is reached: 1.00 of 2.00 points."),
        (FALLING, HECTARES, "31",
         "31 公顷未达到第一档（≤ 30 公顷），不得分（满分 2.00 分）。",
         "At 31 公顷 the first step (≤ 30 公顷) is not reached: 0 of 2.00 points."),
        (FALLING, HECTARES, "0.50",
         "0.5 公顷达到“≤ 10 公顷”一档，得 1.00 分（满分 2.00 分）。",
         "At 0.5 公顷 the step ≤ 10 公顷 is reached: 1.00 of 2.00 points."),
        (UP, {}, "90",
         "90%达到满分线 90%，得满分 2.00 分。",
         "90% meets the full mark of 90%: all 2.00 points."),
        (UP, {}, "60",
         "60%未越过起分线 60%，不得分（满分 2.00 分）。",
         "60% does not pass 60%, where points begin: 0 of 2.00 points."),
        (UP, {}, "82.5",
         "82.5%介于 60%（0 分）与 90%（满分）之间，按比例得 1.50 分（满分 2.00 分）。",
         "82.5% lies between 60% (none) and 90% (all): 1.50 of 2.00 points."),
        (DOWN, {"type": "number"}, "81",
         "81 介于 90（0 分）与 60（满分）之间，按比例得 0.60 分（满分 2.00 分）。",
         "81 lies between 90 (none) and 60 (all): 0.60 of 2.00 points."),
        (PER_COUNT, GARDENS, "5",
         "5 个，每项 0.40 分，计 2.00 分（上限 2.00 分）。",
         "5 gardens at 0.40 points each: 2.00 of at most 2.00 points."),
        (PER_COUNT, GARDENS, "6",
         "6 个，每项 0.40 分，达到上限，计 2.00 分。",
         "6 gardens at 0.40 points each, capped at 2.00: 2.00 points."),
        (DEDUCT, GARDENS, "0",
         "没有扣分情形，得满分 2.00 分。", "Nothing to deduct: all 2.00 points."),
        (DEDUCT, GARDENS, "3",
         "3 个，每项扣 0.30 分，得 1.10 分（满分 2.00 分）。",
         "3 gardens, 0.30 points off for each: 1.10 of 2.00 points."),
    ],
)  # fmt: skip
def test_sentence_says_what_was_read_and_what_it_earned(
    rule: Any, read: Any, value: Any, zh: str, en: str
) -> None:
    made = one(rule, **read)
    fact = value if isinstance(value, bool) else Decimal(value)

    said = kind(made.rule).explain(made.rule, fact, made.millipoints, made.input)

    assert (said.zh, said.en) == (zh, en)


@pytest.mark.parametrize(
    ("rule", "value", "zh", "en"),
    [
        (WEIGHED_PARTS, (True, True, True),
         "3 项全部具备，得满分 2.00 分。", "All 3 parts: all 2.00 points."),
        (WEIGHED_PARTS, (True, False, False),
         "3 项中具备 1 项，得 0.125 分（满分 2.00 分）；尚缺：乙、丙。",
         "1 of 3 parts: 0.125 of 2.00 points; not yet: 乙; 丙."),
        (GRADED, "fair", "评为“中”，得 1.20 分（满分 2.00 分）。",
         "Graded “中”: 1.20 of 2.00 points."),
        (SATISFACTION, (Decimal(90), Decimal(99)),
         "样本 99 份，少于规定的 100 份，暂不计分。",
         "99 answers, fewer than the 100 required: not counted yet."),
        (SATISFACTION, (Decimal(75), Decimal("1E+2")),
         "样本 100 份；75%介于 60%（0 分）与 90%（满分）之间，按比例得 1.00 分（满分 2.00 分）。",
         "100 answers; 75% lies between 60% (none) and 90% (all): 1.00 of 2.00 points."),
    ],
)  # fmt: skip
def test_sentence_of_several_columns_or_a_grade(rule: Any, value: Any, zh: str, en: str) -> None:
    made = one(rule)

    said = kind(made.rule).explain(made.rule, value, made.millipoints, made.input)

    assert (said.zh, said.en) == (zh, en)


def test_sentence_uses_the_english_names_where_the_rule_book_has_them() -> None:
    parts = [{"id": "a", "text": {"zh": "甲", "en": "First"}}, {"id": "b", "text": {"zh": "乙"}}]
    grades = [
        {"id": "good", "text": {"zh": "好", "en": "Good"}, "points": 2},
        {"id": "poor", "text": {"zh": "差"}, "points": 0},
    ]
    checklist = one({"kind": "checklist", "parts": parts})
    graded = one({"kind": "graded", "grades": grades})

    assert kind(checklist.rule).explain(
        checklist.rule, (False, True), 2000, checklist.input
    ).en == ("1 of 2 parts: 1.00 of 2.00 points; not yet: First.")
    assert kind(graded.rule).explain(graded.rule, "good", 2000, graded.input).en == (
        "Graded “Good”: 2.00 of 2.00 points."
    )


@pytest.mark.parametrize(
    ("millipoints", "expected"),
    [(0, "0.00"), (5, "0.005"), (10, "0.01"), (1375, "1.375"), (100_000, "100.00"), (-5, "-0.005")],
)
def test_points_are_written_with_a_third_place_only_where_it_says_something(
    millipoints: int, expected: str
) -> None:
    assert points_text(millipoints) == expected
