"""The checker refuses inputs whose rule could not read them exactly or in full."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.scoring.factories import clause, indicators

from shifan.rulebook.check import indicators as checks
from shifan.rulebook.loader import Reading
from shifan.rulebook.yaml_lines import Document


def errors(rule: dict[str, Any], **read: Any) -> list[str]:
    """What is wrong with a set whose second clause has this rule and input."""
    found = indicators(clause("a", id="1.1.1"), clause("b", 2, rule, id="1.1.2", input=read))
    reading = Reading(
        Path("book"),
        indicators={"town": found},
        files={"town": "town.yaml"},
        documents={"town.yaml": Document("town.yaml")},
    )
    messages = [f.message for f in checks.findings(reading, "town") if f.where == "clause 1.1.2"]
    return [each for each in messages if each not in ("has no golden case",)]


@pytest.mark.parametrize("kind", ["per_count", "deduct_per"])
def test_what_is_counted_one_by_one_has_no_decimals(kind: str) -> None:
    assert errors({"kind": kind, "each": 1}) == []
    assert errors({"kind": kind, "each": 1}, decimals=1) == ["a count input has no decimal places"]


@pytest.mark.parametrize(
    ("maximum", "expected"),
    [
        (None, []),
        (90, []),
        (120, []),
        (80, ["cannot be reached: bound 90 lies outside what b can be"]),
    ],
)
def test_bounds_of_a_percentage_stay_below_its_own_maximum(
    maximum: int | None, expected: list[str]
) -> None:
    assert errors({"kind": "linear", "low": 60, "full": 90}, maximum=maximum) == expected


def test_bounds_of_a_percentage_stay_below_a_hundred() -> None:
    assert errors({"kind": "linear", "low": 60, "full": 101}, maximum=120) == [
        "cannot be reached: bound 101 lies outside what b can be"
    ]


@pytest.mark.parametrize(
    ("rule", "read", "expected"),
    [
        ({"kind": "linear", "low": 60, "full": 90}, {"combine": "mean"}, []),
        ({"kind": "per_count", "each": 1}, {"combine": "lowest"}, []),
        ({"kind": "per_count", "each": 1}, {"combine": "mean"},
         ["mean gives numbers in between, which per_count does not read"]),
        ({"kind": "all_or_nothing"}, {"combine": "median"},
         ["median gives numbers in between, which all_or_nothing does not read"]),
        ({"kind": "satisfaction", "zero_at": 60, "full_at": 90, "minimum_sample": 9},
         {"combine": "lowest"}, ["a satisfaction input has one statement"]),
    ],
)  # fmt: skip
def test_statements_are_combined_only_where_a_rule_can_read_it(rule, read, expected) -> None:
    found = errors(rule, statements={"most": 3, **read})

    assert [each for each in found if "survey" not in each] == expected
