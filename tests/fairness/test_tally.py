"""The engines count the same, and what they count gives the same estimate to the last digit."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest
from bench import estimates as generated
from hypothesis import given, settings
from hypothesis import strategies as st

from shifan.fairness.engines import tallied
from shifan.fairness.sampling import Cell, estimate
from shifan.fairness.tally import Asked, cells

QUESTIONS = {
    "clean": Asked(frozenset({"good", "very_good"}), frozenset({"unknown"})),
    "safe": Asked(frozenset({"yes"})),
}
SCHEMA = {"stratum": pl.String, "weight": pl.Int64, "clean": pl.String, "safe": pl.String}
choices = st.sampled_from([None, "good", "very_good", "bad", "unknown"])
answers = st.tuples(
    st.sampled_from(["东城", "西城"]),
    st.sampled_from([0, 500, 1000]),
    choices,
    st.sampled_from([None, "yes", "no"]),
)


def in_order(rows: list[dict]) -> list[dict]:
    return sorted(rows, key=lambda row: (row["stratum"], row["weight"]))


@settings(max_examples=25, deadline=None)
@given(st.lists(answers, max_size=60))
def test_engines_count_what_plain_python_counts(rows):
    table = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    plain = in_order(tallied(table, QUESTIONS, "python"))
    for engine in ("polars", "duckdb"):
        assert in_order(tallied(table, QUESTIONS, engine)) == plain


@pytest.mark.parametrize("engine", ["polars", "duckdb", "python"])
def test_a_file_is_counted_and_estimated(tmp_path, engine):
    rows = [
        ("东城", 1000, "good", "yes"),
        ("东城", 1000, "unknown", None),
        ("东城", 500, "bad", "no"),
        ("西城", 0, "very_good", "yes"),
    ]
    path = tmp_path / "answers.parquet"
    pl.DataFrame(rows, schema=SCHEMA, orient="row").write_parquet(path)
    found = cells(tallied(path, QUESTIONS, engine), "clean")
    assert found == (Cell("东城", 500, 1, 0), Cell("东城", 1000, 1, 1), Cell("西城", 0, 1, 1))
    made = estimate(found, {"东城": 100, "西城": 100}, Decimal("0.95"))
    assert (made.n, made.share) == (2, Decimal("66.667"))


def test_a_choice_cannot_be_satisfied_and_excluded():
    with pytest.raises(ValueError, match="both satisfied and excluded: good"):
        Asked(frozenset({"good"}), frozenset({"good"}))


def test_generated_answers_give_the_same_estimates_on_every_engine(tmp_path):
    path = tmp_path / "answers.parquet"
    generated.write(path, 20_000, seed=1)
    plain, *others = (
        generated.estimates(tallied(path, generated.QUESTIONS, engine))
        for engine in ("python", "polars", "duckdb")
    )
    assert all(len(found.strata) == 40 and found.low < found.share for found in plain.values())
    assert others == [plain, plain]
