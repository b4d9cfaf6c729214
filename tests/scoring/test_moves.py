"""The cheapest way across the threshold: enough, nothing too much, none where there is none."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from tests.oracles.strategies import Seeded, cases, facts, indicator_set, plan
from tests.scoring.factories import clause, indicators, penalty

from shifan.rulebook.indicators import IndicatorSet, columns
from shifan.scoring.evaluate import score
from shifan.scoring.moves import Move, cheapest, offers

LINEAR = {"kind": "linear", "low": 0, "full": 100}
SURVEY = {"kind": "satisfaction", "zero_at": 60, "full_at": 90, "minimum_sample": 100}
GRADES = [
    {"id": "good", "text": {"zh": "好"}, "points": 3},
    {"id": "fair", "text": {"zh": "中"}, "points": 2},
    {"id": "poor", "text": {"zh": "差"}, "points": 1},
]
GRADED = {"kind": "graded", "grades": GRADES}


def applied(stated: dict[str, Any], moves: list[Move]) -> dict[str, Any]:
    """The facts once the moves have been made."""
    made = dict(stated)
    for move in moves:
        to = move.change.to if isinstance(move.change.to, tuple) else (move.change.to,)
        if move.clause.input.statements is not None:  # all say the same
            to = to * move.clause.input.statements.most
        made.update(zip(columns(move.clause), to, strict=True))
    return made


def taken(found: IndicatorSet, **stated: Any) -> list[tuple[str, Any, int]]:
    """The cheapest moves as clause, value to reach, gain."""
    moves = cheapest(found, score(found, stated))
    return [(move.clause.id, move.change.to, move.change.gain) for move in moves]


def check_moves(found: IndicatorSet, stated: dict[str, Any]) -> int:
    """What must hold of the cheapest moves of any unit; how many there are."""
    result, threshold = score(found, stated), found.apply_from * 1000
    moves = cheapest(found, result)
    most = found.base_points * 1000 + result.bonus - result.penalty
    if result.total >= threshold or most < threshold:
        assert moves == []
        return 0
    assert score(found, applied(stated, moves)).total >= threshold
    for move in moves:
        others = [each for each in moves if each is not move]
        assert score(found, applied(stated, others)).total < threshold
        alone = score(found, applied(stated, [move])).provision(move.clause.id)
        assert alone.won - result.provision(move.clause.id).won == move.change.gain > 0
    return len(moves)


@given(cases())
@settings(max_examples=300, deadline=None)
def test_moves_hold_on_drawn_units(case: tuple[dict, dict]) -> None:
    document, stated = case
    found = IndicatorSet.model_validate(document)

    check_moves(found, stated)


def test_moves_hold_on_a_mass_of_units() -> None:
    several = 0
    for seed in range(100):
        document, source = indicator_set(Seeded(seed)), Seeded(seed)
        found, plans = IndicatorSet.model_validate(document), plan(document)
        for _ in range(25):
            stated = facts(source, plans)
            several += check_moves(found, stated) > 1

    assert several > 250


def test_moves_are_none_when_the_threshold_is_reached() -> None:
    found = indicators(clause("a", 4), clause("b", 6), apply_from=4)

    assert taken(found, a=True) == []


def test_moves_are_none_when_nothing_could_reach_it() -> None:
    found = indicators(clause("a", 4), apply_from=4, adjustments=(penalty("p"),))

    assert taken(found, p=True) == []


def test_move_takes_no_more_than_is_needed() -> None:
    found = indicators(clause("a", 4, LINEAR), clause("b", 6), apply_from=7)

    assert taken(found, a=Decimal(10), b=True) == [("a", Decimal(25), 600)]


def test_moves_go_by_gain_per_effort() -> None:
    found = indicators(clause("a", 2), clause("b", 3), clause("c", 1), apply_from=3)

    made = offers(found, score(found, {"b": False}))

    assert [move.clause.id for move in made] == ["b", "a", "c"]
    assert taken(found, b=False) == [("b", True, 3000)]


def test_moves_of_equal_worth_go_by_clause() -> None:
    found = indicators(clause("b", 2), clause("a", 2), clause("c", 2), apply_from=4)

    assert taken(found) == [("a", True, 2000), ("b", True, 2000)]


def test_last_move_is_cut_to_what_the_others_leave() -> None:
    found = indicators(clause("a", 4), clause("b", 4, LINEAR), apply_from=5)

    assert taken(found) == [("a", True, 4000), ("b", Decimal(25), 1000)]


def test_move_that_a_later_one_makes_needless_is_dropped() -> None:
    small = {"kind": "linear", "low": 90, "full": 100}
    found = indicators(clause("a", 1, small), clause("b", 8), apply_from=8)

    made = offers(found, score(found, {"a": Decimal(90)}))
    assert [move.clause.id for move in made] == ["a", "b"]
    assert taken(found, a=Decimal(90)) == [("b", True, 8000)]


def test_clauses_with_nothing_to_gain_offer_nothing() -> None:
    found = indicators(
        clause("a", 1),
        clause("b", 1, excuse="exclude"),
        clause("c", 1, excuse="full"),
        clause("d", 1),
        apply_from=4,
    )
    stated = {"a": True, "b_not_applicable": True, "c_not_applicable": True, "d": False}

    assert [move.clause.id for move in offers(found, score(found, stated))] == ["d"]


def test_nothing_is_offered_where_nothing_is_wanted() -> None:
    found = indicators(clause("a", 4, LINEAR), apply_from=2)

    assert offers(found, score(found, {"a": Decimal(50)})) == []


def test_missing_fact_is_offered_with_all_that_stating_it_would_earn() -> None:
    deduct = {"kind": "deduct_per", "each": 1, "floor": 1}
    found = indicators(clause("a", 3, GRADED), clause("b", 3, deduct), apply_from=6)

    assert sorted(taken(found)) == [("a", "good", 3000), ("b", Decimal(0), 3000)]


def test_missing_grade_is_offered_no_higher_than_needed() -> None:
    found = indicators(clause("a", 3, GRADED), clause("b", 9), apply_from=11)

    assert taken(found, b=True) == [("a", "fair", 2000)]


def test_missing_number_whose_steps_begin_at_zero_or_below_is_offered() -> None:
    steps = {"kind": "steps", "steps": [{"at": -4, "points": 1}, {"at": 0, "points": 2}]}
    read = {"type": "number", "minimum": -9}
    found = indicators(clause("a", 2, steps, input=read), apply_from=2)

    assert taken(found) == [("a", Decimal(0), 2000)]


def test_survey_with_too_small_a_sample_is_offered_with_the_sample_it_needs() -> None:
    found = indicators(clause("a", 3, SURVEY), apply_from=2)
    small = {"a": Decimal(95), "a_sample": Decimal(40)}

    assert taken(found, **small) == [("a", (Decimal(80), Decimal(100)), 2000)]
    larger = {"a": Decimal(70), "a_sample": Decimal(400)}
    assert taken(found, **larger) == [("a", (Decimal(80), Decimal(400)), 1000)]
