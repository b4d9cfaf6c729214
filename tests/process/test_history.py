"""Conditions that look at the title, at what was before, and at what runs beside."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from shifan.process.guards import against
from shifan.process.situation import Made, TitleSeen
from shifan.rulebook.needs import (
    NoneRunning,
    PartiesAssigned,
    RenewalWindow,
    TitleIs,
    WasBefore,
    WasNotBefore,
)

BEFORE = datetime(2026, 6, 1, tzinfo=UTC)


def code(need, situation) -> str | None:
    refusal = against(need, situation)
    return refusal and refusal.code


@pytest.mark.parametrize(
    ("until", "refused"),
    [
        ({}, None),
        ({"provincial": date(2040, 1, 1)}, None),
        ({"national": None}, None),
        ({"national": date(2028, 1, 9)}, None),
        ({"national": date(2028, 1, 10)}, "renewal_early"),
    ],
)
def test_holder_applies_again_in_the_last_months_only(situation, until, refused):
    """Today is 10 January 2027: a title until 9 January 2028 ends within twelve months."""
    need = RenewalWindow(guard="renewal_window", article=15, months=12)

    assert code(need, replace(situation, until=until)) == refused


def test_title_must_be_in_a_state_and_of_a_grade(situation):
    need = TitleIs(guard="title_is", article=4, states=("valid",), grades=("yellow",))

    assert code(need, replace(situation, title=TitleSeen("valid", "yellow"))) is None
    for seen in (TitleSeen("valid", "green"), TitleSeen("suspended", "yellow"), None):
        assert code(need, replace(situation, title=seen)) == "title_is_not"


def test_history_counts_moves_of_the_procedure_asked_for(situation):
    moves = (Made("application", "return", BEFORE, own=True), Made("visit", "return", BEFORE))
    once = replace(situation, history=moves)
    here = WasBefore(guard="was_before", article=1, move="return")
    twice = WasBefore(guard="was_before", article=1, move="return", times=2)
    recent = WasBefore(guard="was_before", article=1, move="return", months=6)
    other = WasNotBefore(guard="was_not_before", article=1, move="return", procedure="visit")
    never = WasNotBefore(guard="was_not_before", article=1, move="pass")

    assert [code(each, once) for each in (here, twice, recent, other, never)] == [
        None, "not_before", "not_before", "before_already", None,
    ]  # fmt: skip


def test_same_finding_is_another_matter_than_the_same_move(situation):
    need = WasNotBefore(guard="was_not_before", article=1, move="warn", same_finding=True)
    made = (Made("application", "warn", BEFORE, finding="f1"),)

    assert code(need, replace(situation, history=made, finding="f2")) is None
    assert code(need, replace(situation, history=made, finding="f1")) == "before_already"


def test_other_procedure_must_be_over(situation):
    need = NoneRunning(guard="none_running", article=1, procedure="revocation")

    assert code(need, situation) is None
    assert code(need, replace(situation, running=frozenset({"revocation"}))) == "still_running"


def test_as_many_act_in_a_capacity_as_asked(situation, geopark):
    need = PartiesAssigned(guard="parties_assigned", article=2, capacity="evaluator")
    here = replace(situation, measures=geopark, procedure=geopark.application)

    assert code(need, replace(here, assigned={"evaluator": 2})) is None
    assert code(need, replace(here, assigned={"evaluator": 1})) == "parties_missing"
