"""The score and its naive second implementation agree on every number, state and verdict.

``SHIFAN_CASES`` sets the length of the mass run (8,000 unless told otherwise; a million in soak).
"""

from __future__ import annotations

import os
import time
from collections import Counter
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given, settings
from tests.oracles.naive_score import naive_score
from tests.oracles.strategies import Reads, Seeded, cases, facts, indicator_set, plan

from shifan.rulebook import loader
from shifan.rulebook.check import indicators as checks
from shifan.rulebook.indicators import IndicatorSet
from shifan.rulebook.loader import Reading
from shifan.rulebook.yaml_lines import Document
from shifan.scoring.evaluate import score
from shifan.scoring.result import ProvisionScore, Sum, UnitScore

CASES = int(os.environ.get("SHIFAN_CASES", "8000"))
FACTS_PER_SET = 220
VERDICTS = {"vetoed", "below_minimum", "not_reached", "incomplete", "reached"}


def plain(part: Any) -> Any:
    """A part of the score as the naive implementation writes it."""
    if isinstance(part, ProvisionScore):
        return (part.id, part.state, part.won, part.possible)
    if isinstance(part, Sum):
        return (part.id, part.won, part.open, part.possible)
    if isinstance(part, tuple):
        return [plain(each) for each in part]
    return part


NAMES = [each.name for each in fields(UnitScore)]


def as_dict(result: UnitScore) -> dict[str, Any]:
    return {name: plain(getattr(result, name)) for name in NAMES}


def built(document: dict[str, Any]) -> tuple[IndicatorSet, dict[str, Any]]:
    """The indicator set of a drawn document, and the plain JSON values it is stored as."""
    indicators = IndicatorSet.model_validate(document)
    stored = indicators.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return indicators, stored


def report(indicators: IndicatorSet, stated: dict[str, Any], expected: dict[str, Any]) -> str:
    """Where the two differ, provision by provision, with the rule and the facts."""
    got, lines = as_dict(score(indicators, stated)), ["score and naive score differ:"]
    for name in NAMES:
        if got[name] == expected[name]:
            continue
        if not isinstance(got[name], list):
            lines.append(f"  {name}: {got[name]}, naively {expected[name]}")
            continue
        for ours, theirs in zip(got[name], expected[name], strict=True):
            if ours != theirs:
                provision = indicators.by_id.get(ours[0])
                lines.append(f"  {name}: {ours}, naively {theirs}\n    {provision!r}")
    return "\n".join([*lines, f"  facts: {stated}", f"  set: {indicators.model_dump_json()}"])


def compare(
    indicators: IndicatorSet, stored: dict[str, Any], plans: list[Reads], seed: int, times: int
) -> Counter[str]:
    """Score ``times`` random units both ways; the verdicts seen. Fails at the first difference."""
    source, seen = Seeded(seed), Counter[str]()
    for _ in range(times):
        stated = facts(source, plans)
        expected = naive_score(stored, stated)
        if as_dict(score(indicators, stated)) != expected:
            pytest.fail(report(indicators, stated, expected))
        seen[expected["verdict"]] += 1
    return seen


@given(cases())
@settings(max_examples=300, deadline=None)
def test_score_agrees_with_the_naive_score_on_drawn_sets(case: tuple[dict, dict]) -> None:
    document, stated = case
    indicators, stored = built(document)

    assert as_dict(score(indicators, stated)) == naive_score(stored, stated)


def test_score_agrees_with_the_naive_score_on_a_mass_of_units(capsys) -> None:
    started, seen = time.perf_counter(), Counter[str]()
    for seed in range(-(-CASES // FACTS_PER_SET)):
        indicators, stored = built(indicator_set(Seeded(seed)))
        times = min(FACTS_PER_SET, CASES - seen.total())
        seen += compare(indicators, stored, plan(stored), 10_000_000 + seed, times)
    seconds = time.perf_counter() - started

    with capsys.disabled():
        verdicts = ", ".join(f"{name} {n}" for name, n in seen.most_common())
        print(f"\n{seen.total()} cases in {seconds:.0f} s, 0 differences ({verdicts})")
    assert seen.total() == CASES
    if CASES >= 8000:
        assert {name for name, n in seen.items() if n * 100 > CASES} == VERDICTS


def given(content: Any) -> Any:
    """A document without what nobody gave: a stored book says that too."""
    if isinstance(content, dict):
        return {key: given(each) for key, each in content.items() if each is not None}
    return [given(each) for each in content] if isinstance(content, list) else content


@pytest.mark.parametrize("name", loader.shipped())
def test_score_agrees_with_the_naive_score_on_the_shipped_rule_books(name) -> None:
    book = loader.load(name)
    document = given(loader.document(book.measures, book.indicators, book.golden))
    times = 1000 // len(book.indicators)

    for unit_type, indicators in book.indicators.items():
        stored = document["indicators"][unit_type]
        assert compare(indicators, stored, plan(stored), 2020, times).total() == times
    for unit in book.golden:
        naive = naive_score(document["indicators"][unit.unit_type], unit.facts)
        assert (naive["total"], naive["verdict"]) == (unit.total * 1000, unit.verdict), unit.name


def test_drawn_sets_pass_the_rule_book_checker(tmp_path) -> None:
    for seed in range(300):
        indicators, _ = built(indicator_set(Seeded(seed)))
        reading = Reading(
            tmp_path,
            indicators={"town": indicators},
            files={"town": "town.yaml"},
            documents={"town.yaml": Document("town.yaml")},
        )
        errors = [f for f in checks.findings(reading, "town") if f.severity == "error"]

        assert errors == [], seed


def test_drawn_sets_hold_every_kind_and_treatment() -> None:
    kinds, treatments = Counter[str](), Counter[str]()
    for document in map(indicator_set, map(Seeded, range(100))):
        for category in document["categories"]:
            for item in category["items"]:
                for clause in item["clauses"]:
                    kinds[clause["rule"]["kind"]] += 1
                    if "not_applicable" in clause:
                        treatments[clause["not_applicable"]["treatment"]] += 1

    assert len(kinds) == 8
    assert min(kinds.values()) > 50
    assert set(treatments) == {"exclude", "full"}
