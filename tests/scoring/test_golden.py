"""A rule book's worked cases are run against the rules, and say what is wrong with them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.scoring.factories import bonus, clause, indicators, veto

from shifan.rulebook.findings import Finding
from shifan.rulebook.loader import Reading
from shifan.rulebook.model import GoldenUnit
from shifan.rulebook.yaml_lines import Document
from shifan.scoring import golden

SURVEY = {"kind": "satisfaction", "zero_at": 60, "full_at": 90, "minimum_sample": 100}
PARTS = [{"id": "x", "text": {"zh": "甲"}}, {"id": "y", "text": {"zh": "乙"}}]
CHECKLIST = {"kind": "checklist", "parts": PARTS}
GRADED = {
    "kind": "graded",
    "grades": [
        {"id": "good", "text": {"zh": "好"}, "points": 2},
        {"id": "poor", "text": {"zh": "差"}, "points": 0},
    ],
}
LINEAR = {"kind": "linear", "low": 0, "full": 100}


def reading(*clauses: dict[str, Any], units: tuple[dict[str, Any], ...] = ()) -> Reading:
    """A reading of one indicator file and one file of worked units."""
    found = indicators(*clauses, adjustments=(bonus("b", 1, golden=[]),), vetoes=(veto("v"),))
    return Reading(
        Path("book"),
        indicators={"town": found},
        golden={
            ("golden/units.yaml", place): GoldenUnit.model_validate(unit)
            for place, unit in enumerate(units)
        },
        documents={
            "indicators/town.yaml": Document("indicators/town.yaml"),
            "golden/units.yaml": Document("golden/units.yaml"),
        },
        files={"town": "indicators/town.yaml"},
    )


def messages(rule: Any, given: Any, points: Any) -> list[str]:
    """What is found about one case of a clause worth 2 points."""
    made = clause("a", 2, rule, golden=[{"given": given, "points": points}])
    return [finding.message for finding in golden.findings(reading(made))]


@pytest.mark.parametrize(
    ("rule", "given", "points"),
    [
        (None, True, 2),
        (None, False, 0),
        (LINEAR, 70, "1.4"),
        (CHECKLIST, ["y"], 1),
        (CHECKLIST, [], 0),
        (GRADED, "good", 2),
        (SURVEY, {"share": 75, "sample": 100}, 1),
        (SURVEY, {"share": 75, "sample": 99}, 0),
    ],
)
def test_sound_case_is_not_reported(rule: Any, given: Any, points: Any) -> None:
    assert messages(rule, given, points) == []


@pytest.mark.parametrize(
    ("rule", "given", "points", "message"),
    [
        (None, True, 1, "golden case True earns 2.00, the rule book says 1.00"),
        (LINEAR, 70, "1.401", "golden case 70 earns 1.40, the rule book says 1.401"),
        (LINEAR, 101, 2, "golden case Decimal('101') does not fit the rule: "
         "101 is not between 0 and 100"),
        (CHECKLIST, ["z"], 0, "golden case ('z',) does not fit the rule: "
         "given must list the parts that are ticked"),
        (CHECKLIST, True, 0, "golden case True does not fit the rule: "
         "given must list the parts that are ticked"),
        (CHECKLIST, ["x"], 2, "golden case ('x',) earns 1.00, the rule book says 2.00"),
        (GRADED, "best", 2, "golden case 'best' does not fit the rule: "
         "'best' is not one of the grades good, poor"),
        (GRADED, True, 2, "golden case True does not fit the rule: given must be a grade"),
        (SURVEY, {"share": 75}, 1, "golden case {'share': Decimal('75')} does not fit the rule: "
         "given must have `share` and `sample`"),
        (SURVEY, {"share": 90, "sample": 99}, 2,
         "golden case {'share': Decimal('90'), 'sample': Decimal('99')} earns 0.00, "
         "the rule book says 2.00"),
    ],
)  # fmt: skip
def test_unsound_case_is_reported(rule: Any, given: Any, points: Any, message: str) -> None:
    assert messages(rule, given, points) == [message]


def unit(total: Any = 2, verdict: str = "reached", **facts: Any) -> dict[str, Any]:
    return {
        "name": "Town",
        "unit_type": "town",
        "facts": {**facts, "a": facts.get("a", Decimal(100)), "v": facts.get("v", False)},
        "total": total,
        "verdict": verdict,
    }


@pytest.mark.parametrize(
    ("worked", "expected"),
    [
        (unit(), []),
        (unit(total=3, b="是"), []),
        (unit(total="2.0004"), ["totals 2.00, the rule book says 2.0004"]),
        (unit(verdict="vetoed"), ["is reached, the rule book says vetoed"]),
        (
            unit(total=1, verdict="incomplete", v=True),
            ["is vetoed, the rule book says incomplete", "totals 2.00, the rule book says 1"],
        ),
        (unit(c=True), ["c is not a column of its facts table"]),
        (unit(a=Decimal(101)), ["a: 101 is not between 0 and 100"]),
        (
            unit(c=True, v="x"),
            ["c is not a column of its facts table", "v: 'x' is neither yes nor no"],
        ),
        (unit() | {"unit_type": "city"}, ["there are no indicators for city"]),
    ],
)
def test_worked_unit_must_have_its_total_and_verdict(worked: Any, expected: list[str]) -> None:
    found = golden.findings(reading(clause("a", 2, LINEAR), units=(worked,)))

    assert [finding.message for finding in found] == expected
    assert {(finding.file, finding.where) for finding in found} <= {
        ("golden/units.yaml", "unit Town")
    }


def test_findings_name_the_file_the_line_and_the_provision_and_units_wait_for_their_clauses() -> (
    None
):
    wrong = [{"given": 0, "points": 0}, {"given": 50, "points": 2}]
    place = ("categories", 0, "items", 0, "clauses", 0, "golden", 1)
    for cases, expected in (
        (wrong, Finding("indicators/town.yaml", 42, "clause a",
                        "golden case 50 earns 1.00, the rule book says 2.00")),
        (wrong[:1], Finding("golden/units.yaml", 7, "unit Town",
                            "totals 2.00, the rule book says 1")),
    ):  # fmt: skip
        read = reading(clause("a", 2, LINEAR, golden=cases), units=(unit(), unit(total=1)))
        read.documents["indicators/town.yaml"].lines = {place: 42}
        read.documents["golden/units.yaml"].lines = {(0,): 2, (1,): 7}

        assert golden.findings(read) == [expected]
