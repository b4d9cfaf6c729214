"""The core starts light: no engine is loaded to check a book, to score a unit, to know a move."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from time import perf_counter

import pytest

from shifan.rulebook.rules import Rule
from shifan.scoring.compile.kinds import COMPILED
from shifan.scoring.kinds import KINDS

HEAVY = (
    "duckdb", "ibis", "numpy", "polars", "pyarrow", "pyspark", "pyxform", "scipy", "sqlglot",
    "django",
)  # fmt: skip
SHIFAN = Path(sys.executable).parent / "shifan"


def run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def best(*command: str) -> float:
    """The shortest of three runs, in seconds."""
    times = []
    for _ in range(3):
        begun = perf_counter()
        run(*command)
        times.append(perf_counter() - begun)
    return min(times)


@pytest.mark.parametrize(
    "module",
    [
        "shifan.scoring.evaluate",
        "shifan.scoring.explain",
        "shifan.scoring.golden",
        "shifan.rulebook.check",
        "shifan.process.moves",
        "shifan.proof.digest",
        "shifan.cli",
    ],
)
def test_module_loads_no_engine(module):
    said = f"import sys, {module}; print([m for m in {HEAVY!r} if m in sys.modules])"

    assert run(sys.executable, "-c", said) == "[]"


def test_every_rule_kind_has_both_forms():
    assert set(COMPILED) == set(KINDS)
    assert {model.__name__ for model in Rule.__args__[0].__args__} == {
        "".join(word.title() for word in name.split("_")) for name in KINDS
    }


def test_help_comes_at_once():
    assert best(str(SHIFAN), "--help") <= 0.6


def test_book_without_a_survey_is_checked_within_a_second():
    assert best(str(SHIFAN), "rulebook", "check", "tests/books/certification") <= 1.5


def test_first_score_of_a_unit_comes_within_300_ms_of_the_import():
    said = """
from time import perf_counter
from shifan.rulebook.loader import load
from shifan.scoring.evaluate import score
book = load("neac/2020")
begun = perf_counter()
score(book.indicators["prefecture"], {})
print(perf_counter() - begun)
"""
    assert min(float(run(sys.executable, "-c", said)) for _ in range(3)) <= 0.3
