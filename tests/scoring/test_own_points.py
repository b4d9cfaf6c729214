"""A unit's own potential, parts that do not apply, one input read by several clauses."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from tests.scoring.factories import category, clause, indicators
from tests.scoring.test_engines import canonical, same_everywhere
from tests.scoring.test_moves import check_moves

from shifan.rulebook.loader import load
from shifan.scoring.account import Account
from shifan.scoring.evaluate import score
from shifan.scoring.facts import table_columns
from shifan.scoring.moves import cheapest
from shifan.scoring.result import State

LINEAR = {"kind": "linear", "low": 0, "full": 100}
PARTS = {"kind": "checklist", "parts": [
    {"id": "one", "text": {"zh": "甲", "en": "One"}, "weight": 1},
    {"id": "two", "text": {"zh": "乙", "en": "Two"}, "weight": 1},
    {"id": "three", "text": {"zh": "丙", "en": "Three"}, "weight": 2},
]}  # fmt: skip
OUT = {"when": {"zh": "无此情形"}, "treatment": "exclude", "within": "clause"}
OWN = {"zh": "可开发的潜力", "en": "What can be developed"}


def energy() -> Any:
    """Six points of plain work and four of a source that not every place has."""
    return indicators(clause("plain", 6, LINEAR), clause("hydro", 4, LINEAR, potential=OWN))


@pytest.mark.parametrize(
    ("potential", "possible", "won", "total"),
    [
        (None, 4000, 2000, 8000),  # (6 + 2) of 10
        ("100", 4000, 2000, 8000),
        ("50", 2000, 1000, 8750),  # (6 + 1) of 8
        ("33.33", 1333, 667, 9092),  # 6.667 of 7.333 points, of the ten of the whole
        ("0", 0, 0, 10_000),  # 6 of 6
    ],
)
def test_clause_counts_for_the_units_own_potential(potential, possible, won, total):
    stated = {"plain": Decimal(100), "hydro": Decimal(50)}
    if potential is not None:
        stated["hydro_potential"] = Decimal(potential)

    result = score(energy(), stated)

    part = result.provision("hydro")
    assert (part.possible, part.won, result.total) == (possible, won, total)
    assert result.available == 6000 + possible


def test_what_is_missing_is_open_for_its_potential_only():
    result = score(energy(), {"plain": Decimal(100), "hydro_potential": Decimal(25)})

    assert result.provision("hydro").state is State.MISSING
    assert (result.open, result.best) == (1000, 10_000)


def test_account_says_what_the_potential_made_of_it():
    stated = {"plain": Decimal(100), "hydro": Decimal(50), "hydro_potential": Decimal("62.5")}

    lines = "\n".join(Account.of(energy(), "u", stated).lines("en"))

    assert "Of the unit's own potential of 62.5%: 1.25 of 2.50 points." in lines


def checklist() -> Any:
    return indicators(clause("done", 4, PARTS, not_applicable=OUT), clause("plain", 6))


@pytest.mark.parametrize(
    ("stated", "state", "won"),
    [
        ({"one": True, "two": False, "three": True}, State.SCORED, 3000),
        ({"one": True, "two": None, "three": True}, State.MISSING, 0),
        ({"one": True, "two": "out", "three": True}, State.SCORED, 4000),
        ({"one": True, "two": "out", "three": False}, State.SCORED, 1333),
        ({"one": False, "two": "out", "three": "out"}, State.SCORED, 0),
        ({"one": "out", "two": "out", "three": "out"}, State.NOT_APPLICABLE, 0),
    ],
)
def test_parts_that_do_not_apply_leave_their_points_to_the_others(stated, state, won):
    facts = {f"done_{part}": value for part, value in stated.items() if value != "out"}
    facts |= {f"done_{p}_not_applicable": True for p, value in stated.items() if value == "out"}

    part = score(checklist(), facts | {"plain": True}).provision("done")

    assert (part.state, part.won) == (state, won)


def test_part_that_does_not_apply_is_left_out_whatever_is_said_of_it():
    facts = {"done_one": True, "done_two": True, "done_three": False, "plain": True,
             "done_two_not_applicable": True}  # fmt: skip

    result = score(checklist(), facts)

    assert result.provision("done").won == 1333
    assert "1 not applicable; 1 of 2 parts: 1.333 of 4.00 points; not yet: Three." in "\n".join(
        Account.of(checklist(), "u", facts).lines("en")
    )


def test_cheapest_way_asks_for_no_part_that_does_not_apply():
    parts = clause("done", 4, PARTS, not_applicable=OUT)
    found = indicators(parts, clause("plain", 6), apply_from=9)
    facts = {"plain": True, "done_one": True, "done_two": False, "done_three_not_applicable": True}

    (move,) = cheapest(found, score(found, facts))

    assert move.change.to == (True, True, None)
    assert score(found, facts | {"done_two": True}).provision("done").won == 4000


def shared(**second: Any) -> Any:
    """Two clauses that read the same share."""
    first = clause("share", 6, LINEAR)
    return indicators(first, {**clause("share", 4, second.get("rule", LINEAR)), "id": "again"},
                      **{k: v for k, v in second.items() if k != "rule"})  # fmt: skip


def test_input_read_twice_is_one_column_and_counts_in_both():
    found = shared()

    assert [column.name for column in table_columns(found)] == ["share"]
    assert [part.won for part in score(found, {"share": Decimal(50)}).clauses] == [3000, 2000]
    assert [each.id for each in found.asked] == ["share"]


def test_raising_it_counts_what_both_gain_and_asks_once():
    found = shared(apply_from=8)

    (move,) = cheapest(found, score(found, {"share": Decimal(50)}))

    assert score(found, {"share": move.change.to}).total >= 8000
    assert sum(move.gains.values()) == score(found, {"share": move.change.to}).total - 5000


def test_input_that_helps_one_and_costs_the_other_is_reckoned_whole():
    falling = {"kind": "linear", "low": 100, "full": 0}
    found = shared(rule=falling, apply_from=6)

    assert check_moves(found, {"share": Decimal(0)}) == 1


def test_all_of_it_is_the_same_on_every_engine():
    found = indicators(
        category(
            clause("done", "4.001", PARTS, not_applicable=OUT, potential=OWN),
            clause("hydro", 3, LINEAR, potential=OWN, excuse="exclude"),
            clause("full", 2, LINEAR, potential=OWN, excuse="full"),
            clause("share", 2, LINEAR),
            {**clause("share", 5, LINEAR), "id": "again"},
        )
    )
    units: list[dict[str, Any]] = [{}]
    for potential in (None, "0", "0.01", "33.33", "99.99", "100"):
        for out in ((), ("one",), ("one", "two"), ("one", "two", "three")):
            own = (
                {}
                if potential is None
                else {f"{name}_potential": Decimal(potential) for name in ("done", "hydro", "full")}
            )
            units.append({
                "done_one": True, "done_two": False, "done_three": True, "hydro": Decimal(37),
                "full_not_applicable": True, "share": Decimal(71), **own,
                **{f"done_{part}_not_applicable": True for part in out},
            })  # fmt: skip
            units.append({**units[-1], "hydro_not_applicable": True, "done_two": None})

    same_everywhere(found, canonical(found, units))


def test_shipped_geopark_is_marked_by_two_with_a_potential_of_its_own():
    found = load("geoparks/2").indicators["geopark"]
    names = {column.name for column in table_columns(found)}

    assert {"links_1", "links_2", "public_transport_potential"} <= names
    assert {"protection_quarrying", "protection_quarrying_not_applicable"} <= names


def test_shipped_2025_reads_coverage_twice():
    found = load("neac/2025").indicators["prefecture"]
    again = [each for each in found.clauses if each.input.name == "township_coverage"]

    assert [found.leads(each) for each in again] == [True, False]
