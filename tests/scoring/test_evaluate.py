"""From facts to states, sums, caps and the verdict."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from tests.scoring.factories import bonus, category, clause, indicators, penalty, veto

from shifan.rulebook.indicators import IndicatorSet
from shifan.scoring.evaluate import meets_minimum, scaled, score, value_of
from shifan.scoring.result import ProvisionScore, State, Sum, Verdict

PARTS = [{"id": "x", "text": {"zh": "甲"}}, {"id": "y", "text": {"zh": "乙"}}]
CHECKLIST = {"kind": "checklist", "parts": PARTS}
SURVEY = {"kind": "satisfaction", "zero_at": 60, "full_at": 90, "minimum_sample": 100}
LINEAR = {"kind": "linear", "low": 0, "full": 100}
PER_COUNT = {"kind": "per_count", "each": 1}


def totals(found: IndicatorSet, **facts: Any) -> tuple[int, int, int, int, int]:
    """Base, bonus, penalty, total and best of a unit with these facts."""
    result = score(found, facts)
    return result.base, result.bonus, result.penalty, result.total, result.best


def verdict(found: IndicatorSet, **facts: Any) -> Verdict:
    return score(found, facts).verdict


# --- states -----------------------------------------------------------------------------------


def test_stated_clause_is_scored_with_the_value_it_read() -> None:
    result = score(indicators(clause("a", 2, LINEAR)), {"a": Decimal(70)})

    assert result.clauses == (ProvisionScore("a", State.SCORED, 1400, 2000, Decimal(70)),)
    assert (result.clauses[0].open, result.clauses[0].lost) == (0, 600)
    assert (result.won, result.open, result.available, result.lost) == (1400, 0, 2000, 600)


@pytest.mark.parametrize("facts", [{}, {"a": None}])
def test_unstated_clause_is_missing_and_keeps_its_points_open(facts: dict[str, Any]) -> None:
    result = score(indicators(clause("a", 2), clause("b", 3)), {**facts, "b": False})

    assert result.clauses[0] == ProvisionScore("a", State.MISSING, 0, 2000, None)
    assert (result.clauses[0].open, result.clauses[0].lost) == (2000, 0)
    assert (result.won, result.open, result.available, result.lost) == (0, 2000, 5000, 3000)
    assert (result.total, result.best) == (0, 2000)


def test_false_and_zero_are_facts_and_not_missing() -> None:
    found = indicators(clause("a", 2), clause("b", 1, PER_COUNT))

    result = score(found, {"a": False, "b": Decimal(0)})

    assert [part.state for part in result.clauses] == [State.SCORED, State.SCORED]
    assert (result.total, result.best) == (0, 0)


@pytest.mark.parametrize("facts", [{"a_x": True}, {"a_y": True}, {"a_x": True, "a_y": None}, {}])
def test_checklist_with_a_part_unstated_is_missing(facts: dict[str, Any]) -> None:
    result = score(indicators(clause("a", 2, CHECKLIST)), facts)

    assert result.clauses == (ProvisionScore("a", State.MISSING, 0, 2000, None),)


def test_survey_below_its_minimum_sample_is_missing_but_shows_what_it_read() -> None:
    found, read = indicators(clause("a", 2, SURVEY)), (Decimal(95), Decimal(99))

    result = score(found, {"a": read[0], "a_sample": read[1]})

    assert result.clauses == (ProvisionScore("a", State.MISSING, 0, 2000, read),)
    assert (result.open, result.total, result.best) == (2000, 0, 2000)


def test_survey_below_its_minimum_sample_earns_nothing_where_the_rule_book_says_so() -> None:
    found = indicators(clause("a", 2, SURVEY | {"insufficient": "none"}))

    result = score(found, {"a": Decimal(95), "a_sample": Decimal(99)})

    assert result.clauses[0].state is State.SCORED
    assert (result.open, result.total, result.best) == (0, 0, 0)


def test_survey_with_its_minimum_sample_is_scored() -> None:
    result = score(indicators(clause("a", 2, SURVEY)), {"a": Decimal(75), "a_sample": Decimal(100)})

    assert result.clauses[0].state is State.SCORED
    assert result.total == 1000


def test_survey_without_its_sample_is_missing() -> None:
    result = score(indicators(clause("a", 2, SURVEY)), {"a": Decimal(95)})

    assert result.clauses == (ProvisionScore("a", State.MISSING, 0, 2000, None),)


def test_excluded_clause_counts_neither_as_won_nor_as_possible() -> None:
    found = indicators(clause("a", 2, excuse="exclude"), clause("b", 2))

    result = score(found, {"a_not_applicable": True, "b": True})

    assert result.clauses[0] == ProvisionScore("a", State.NOT_APPLICABLE, 0, 0)
    assert (result.won, result.open, result.available) == (2000, 0, 2000)


def test_clause_not_applicable_in_full_earns_its_points() -> None:
    found = indicators(clause("a", 2, excuse="full"), clause("b", 2))

    result = score(found, {"a_not_applicable": True, "b": False})

    assert result.clauses[0] == ProvisionScore("a", State.NOT_APPLICABLE, 2000, 2000)
    assert (result.won, result.open, result.available, result.total) == (2000, 0, 4000, 2000)


def test_not_applicable_goes_before_the_fact() -> None:
    found = indicators(clause("a", 2, excuse="exclude"), clause("b", 2))

    result = score(found, {"a_not_applicable": True, "a": False, "b": True})

    assert result.total == 4000


@pytest.mark.parametrize("mark", [False, None])
def test_clause_is_applicable_unless_declared_not_to_be(mark: bool | None) -> None:
    found = indicators(clause("a", 2, excuse="exclude"))

    assert score(found, {"a_not_applicable": mark}).clauses[0].state is State.MISSING


def test_mark_is_ignored_where_the_rule_book_allows_none() -> None:
    result = score(indicators(clause("a", 2)), {"a_not_applicable": True})

    assert result.clauses[0] == ProvisionScore("a", State.MISSING, 0, 2000)


def test_value_read_is_one_value_or_a_tuple_of_columns() -> None:
    found = indicators(clause("a"), clause("b", 1, CHECKLIST))

    assert value_of(found.clauses[0], {"a": False}) is False
    assert value_of(found.clauses[1], {"b_x": False, "b_y": True}) == (False, True)
    assert value_of(found.clauses[1], {"b_x": False}) is None


# --- sums -------------------------------------------------------------------------------------


def test_items_and_categories_add_up_their_clauses() -> None:
    first = category(clause("a", 1), clause("b", 2))
    first["items"].append({"id": "1.2", "name": {"zh": "项"}, "clauses": [clause("c", 4)]})
    found = indicators(first, category(clause("d", 8, excuse="exclude"), clause("e", 16), id="2"))

    result = score(found, {"a": True, "c": False, "d_not_applicable": True, "e": True})

    assert result.items == (
        Sum("1.1", 1000, 2000, 3000),
        Sum("1.2", 0, 0, 4000),
        Sum("2.1", 16000, 0, 16000),
    )
    assert result.categories == (Sum("1", 1000, 2000, 7000), Sum("2", 16000, 0, 16000))
    assert (result.won, result.open, result.available) == (17000, 2000, 23000)


def test_base_is_scaled_up_once_and_rounded_half_up() -> None:
    found = indicators(
        clause("a", 1, LINEAR), clause("b", 2, LINEAR), clause("x", 4, excuse="exclude")
    )
    facts = {"a": Decimal(50), "b": Decimal(50), "x_not_applicable": True}

    assert totals(found, **facts) == (3500, 0, 0, 3500, 3500)
    assert totals(found, **facts | {"a": Decimal("50.1")}) == (3502, 0, 0, 3502, 3502)  # 3502.3…


@pytest.mark.parametrize(
    ("won", "available", "expected"),
    [
        (0, 16000, 0),
        (1, 16000, 1),
        (1, 32000, 1),
        (1, 32001, 0),
        (3, 32000, 2),
        (8000, 16000, 8000),
    ],
)
def test_scaling_rounds_a_half_up(won: int, available: int, expected: int) -> None:
    assert scaled(indicators(clause("a", 16)), won, available) == expected


def test_best_counts_open_points_on_the_scale_of_what_applies() -> None:
    found = indicators(clause("a", 2), clause("b", 1), clause("x", 3, excuse="exclude"))

    assert totals(found, a=True, x_not_applicable=True) == (4000, 0, 0, 4000, 6000)


# --- adjustments ------------------------------------------------------------------------------


def test_bonus_is_added_and_penalty_taken_off() -> None:
    found = indicators(clause("a", 5), adjustments=(bonus("b", 2), penalty("p", 3)))

    assert totals(found, a=True, b=True, p=True) == (5000, 2000, 3000, 4000, 4000)


@pytest.mark.parametrize(("cap", "expected"), [(0, 0), ("2.999", 2999), (3, 3000), (4, 3000)])
def test_bonus_is_capped_over_all_its_lines(cap: Any, expected: int) -> None:
    found = indicators(clause("a", 5), adjustments=(bonus("b", 2), bonus("c", 1)), bonus_cap=cap)

    assert totals(found, a=True, b=True, c=True)[1] == expected


@pytest.mark.parametrize(("cap", "expected"), [(None, 3000), (0, 0), (2, 2000), (4, 3000)])
def test_penalty_is_capped_over_all_its_lines_where_a_cap_is_given(cap: Any, expected: int) -> None:
    lines = (penalty("p", 2), penalty("q", 1))
    found = indicators(clause("a", 5), adjustments=lines, penalty_cap=cap)

    assert totals(found, a=True, p=True, q=True)[2] == expected


def test_penalty_cap_does_not_touch_the_bonus_nor_the_bonus_cap_the_penalty() -> None:
    lines = (bonus("b", 3), penalty("p", 3))
    found = indicators(clause("a", 5), adjustments=lines, bonus_cap=2, penalty_cap=1)

    assert totals(found, a=True, b=True, p=True) == (5000, 2000, 1000, 6000, 6000)


def test_total_and_best_never_fall_below_zero() -> None:
    found = indicators(clause("a", 1), clause("b", 1), adjustments=(penalty("p", 5),))

    assert totals(found, a=True, p=True) == (1000, 0, 5000, 0, 0)


def test_bonus_nobody_claimed_earns_nothing_and_keeps_nothing_open() -> None:
    found = indicators(clause("a", 5), adjustments=(bonus("b", 2),), apply_from=5)

    result = score(found, {"a": True})

    assert result.adjustments == (ProvisionScore("b", State.UNCLAIMED, 0, 2000),)
    assert (result.adjustments[0].open, result.open) == (0, 0)
    assert (result.total, result.best, result.verdict) == (5000, 5000, Verdict.REACHED)


def test_surveyed_bonus_below_its_minimum_sample_is_unclaimed() -> None:
    found = indicators(clause("a", 5), adjustments=(bonus("b", 2, SURVEY),))

    result = score(found, {"a": True, "b": Decimal(90), "b_sample": Decimal(99)})

    assert result.adjustments[0].state is State.UNCLAIMED
    assert result.bonus == 0


def test_penalty_nobody_checked_is_missing_and_outside_the_open_points() -> None:
    found = indicators(clause("a", 5), adjustments=(penalty("p", 2),))

    result = score(found, {"a": True})

    assert result.adjustments == (ProvisionScore("p", State.MISSING, 0, 2000),)
    assert (result.penalty, result.open, result.best) == (0, 0, 5000)


def test_veto_has_a_state_and_no_points() -> None:
    found = indicators(clause("a"), vetoes=(veto("v"), veto("w")))

    assert score(found, {"v": False}).vetoes == (
        ProvisionScore("v", State.SCORED, 0, 0, False),
        ProvisionScore("w", State.MISSING, 0, 0, None),
    )


def test_provision_is_found_by_its_id_wherever_it_stands() -> None:
    found = indicators(clause("a"), adjustments=(bonus("b"),), vetoes=(veto("v"),))
    result = score(found, {})

    assert [result.provision(id_).id for id_ in ("a", "b", "v")] == ["a", "b", "v"]


# --- minima and verdict -----------------------------------------------------------------------


def two_clauses(minimum: Any, apply_from: Any = 0) -> IndicatorSet:
    here = category(clause("a", 3, LINEAR), clause("x", 6, excuse="exclude"), minimum=minimum)
    return indicators(here, category(clause("z", 20), id="2"), apply_from=apply_from)


@pytest.mark.parametrize(
    ("minimum", "won", "possible", "expected"),
    [
        (None, 0, 9000, True),
        (3, 2999, 9000, False),
        (3, 3000, 9000, True),
        (3, 999, 3000, False),
        (3, 1000, 3000, True),
        ("3.001", 1000, 3000, False),
        (9, 3000, 3000, True),
        (0, 0, 9000, True),
        (3, 0, 0, True),
    ],
)
def test_minimum_is_compared_exactly_on_the_scale_of_what_applies(
    minimum: Any, won: int, possible: int, expected: bool
) -> None:
    category = two_clauses(minimum).categories[0]

    assert meets_minimum(category.minimum, won, possible, category.millipoints) is expected


def test_category_below_its_minimum_is_out_though_the_total_is_reached() -> None:
    found = two_clauses(minimum=3, apply_from=10)
    rest = {"x_not_applicable": True, "z": True}

    assert verdict(found, a=Decimal("33.3"), **rest) is Verdict.BELOW_MINIMUM
    assert verdict(found, a=Decimal("33.4"), **rest) is Verdict.REACHED


def test_minimum_that_open_points_may_still_reach_is_incomplete() -> None:
    found = two_clauses(minimum=3, apply_from=10)

    assert verdict(found, a=Decimal(0), z=True) is Verdict.INCOMPLETE
    assert verdict(found, a=Decimal(0), x=False, z=True) is Verdict.BELOW_MINIMUM


def test_category_excluded_as_a_whole_holds_no_minimum_against_the_unit() -> None:
    excused = category(clause("a", 3, excuse="exclude"), minimum=3)
    found = indicators(excused, category(clause("z", 5), id="2"), apply_from=8)

    assert verdict(found, a_not_applicable=True, z=True) is Verdict.REACHED


@pytest.mark.parametrize(("apply_from", "expected"), [(5, "reached"), ("5.001", "not_reached")])
def test_threshold_is_reached_at_it_and_not_below(apply_from: Any, expected: str) -> None:
    found = indicators(clause("a", 5), clause("b", 1), apply_from=apply_from)

    assert verdict(found, a=True, b=False) == expected


@pytest.mark.parametrize(("apply_from", "expected"), [(6, "incomplete"), ("6.001", "not_reached")])
def test_threshold_is_out_of_reach_only_above_the_best(apply_from: Any, expected: str) -> None:
    found = indicators(clause("a", 5), clause("b", 1), clause("c", 1), apply_from=apply_from)

    assert verdict(found, a=True, c=False) == expected


def test_reached_needs_no_open_clause_to_be_stated() -> None:
    assert verdict(indicators(clause("a", 5), clause("b"), apply_from=5), a=True) == "reached"


@pytest.mark.parametrize("stated", [{"p": False}, {"v": False}])
def test_unchecked_penalty_or_veto_blocks_reached(stated: dict[str, bool]) -> None:
    found = indicators(
        clause("a", 5), apply_from=5, adjustments=(penalty("p"),), vetoes=(veto("v"),)
    )

    assert verdict(found, a=True, **stated) is Verdict.INCOMPLETE
    assert verdict(found, a=True, p=False, v=False) is Verdict.REACHED


def every_reason(apply_from: Any = 8) -> IndicatorSet:
    """Two categories, the first with a minimum; a penalty and a veto."""
    return indicators(
        category(clause("a", 5), minimum=5),
        category(clause("b", 5), id="2"),
        apply_from=apply_from,
        adjustments=(penalty("p"),),
        vetoes=(veto("v"), veto("w")),
    )


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"a": False, "b": False, "v": False, "w": True}, "vetoed"),
        ({"w": True}, "vetoed"),
        ({"a": True, "b": True, "p": False, "v": True, "w": False}, "vetoed"),
        ({"a": False, "b": False, "v": False}, "below_minimum"),
        ({"a": False}, "below_minimum"),
        ({"a": True, "b": False}, "not_reached"),
        ({"b": False}, "not_reached"),
        ({}, "incomplete"),
        ({"b": True, "p": False, "v": False, "w": False}, "incomplete"),
        ({"a": True, "b": True, "p": False, "v": False}, "incomplete"),
        ({"a": True, "b": True, "v": False, "w": False}, "incomplete"),
        ({"a": True, "b": True, "p": True, "v": False, "w": False}, "reached"),
    ],
)
def test_verdict_follows_its_order_of_precedence(facts: dict[str, bool], expected: str) -> None:
    assert verdict(every_reason(), **facts) == expected


def test_minimum_not_yet_certain_is_incomplete_though_the_total_is_there() -> None:
    checked = {"p": False, "v": False, "w": False}

    assert verdict(every_reason(apply_from=5), b=True, **checked) is Verdict.INCOMPLETE
    assert verdict(every_reason(apply_from=5), a=True, **checked) is Verdict.REACHED
