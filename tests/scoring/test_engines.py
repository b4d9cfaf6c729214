"""A table scored on any engine is what scoring its units one by one gives; bad files stay out."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import ibis
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from tests.oracles.strategies import Seeded, facts, indicator_set, plan
from tests.scoring.factories import bonus, category, clause, indicators, penalty, veto

from shifan.rulebook.indicators import IndicatorSet
from shifan.rulebook.loader import load
from shifan.scoring.compile import engines
from shifan.scoring.compile.engines import results, score_file
from shifan.scoring.compile.scores import result_schema
from shifan.scoring.compile.share import divided
from shifan.scoring.facts import Column, table_columns
from shifan.scoring.generate import generate, write_parquet
from shifan.scoring.table import parquet
from shifan.scoring.table.problems import BadFacts

SETS, UNITS, GENERATED = 12, 80, 1000


def canonical(set_: IndicatorSet, stated: Iterable[dict[str, Any]]) -> pl.DataFrame:
    """Facts in their own unit as the table the engines read."""
    kinds = {"boolean": pl.Boolean, "number": pl.Int64, "grade": pl.String}
    rows = [
        {"unit": f"U{index}"} | {c.name: _scaled(c, unit.get(c.name)) for c in table_columns(set_)}
        for index, unit in enumerate(stated)
    ]
    schema = {"unit": pl.String} | {c.name: kinds[c.type] for c in table_columns(set_)}
    return pl.DataFrame(rows, schema=schema)


def _scaled(column: Column, value: Any) -> Any:
    number = column.type == "number" and value is not None
    return int(Decimal(value).scaleb(column.decimals)) if number else value


def same_everywhere(set_: IndicatorSet, table: pl.DataFrame) -> pl.DataFrame:
    """The results, which must be the same on every engine."""
    one_by_one = results(set_, table, "python").collect()
    assert one_by_one.schema == result_schema(set_).to_polars()
    for engine in ("polars", "duckdb"):
        assert_frame_equal(results(set_, table, engine).collect(), one_by_one)
    return one_by_one


@pytest.fixture(scope="module")
def prefecture() -> IndicatorSet:
    return load("neac/2020").indicators["prefecture"]


@pytest.fixture(scope="module")
def facts_file(prefecture, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("facts") / "facts.parquet"
    write_parquet(prefecture, GENERATED, 7, path)
    return path


# --- the same result everywhere -----------------------------------------------------------------


def test_engines_agree_on_plausible_units(prefecture, facts_file):
    scored = same_everywhere(prefecture, parquet.read(facts_file, prefecture))

    verdicts = {"vetoed", "below_minimum", "not_reached", "incomplete", "reached"}
    assert set(scored["verdict"]) == verdicts
    assert scored["clause_6_1_1_not_applicable"].sum() > 20


def test_engines_agree_on_drawn_indicator_sets():
    for seed in range(SETS):
        document = indicator_set(Seeded(seed))
        set_, plans = IndicatorSet.model_validate(document), plan(document)
        source = Seeded(1000 + seed)
        same_everywhere(set_, canonical(set_, (facts(source, plans) for _ in range(UNITS))))


def test_engines_agree_at_the_edges(prefecture):
    columns = table_columns(prefecture)
    numbers = [c for c in columns if c.type == "number"]
    least = {c.name: c.minimum for c in numbers} | _others(columns, False, -1)
    most = {c.name: c.maximum for c in numbers} | _others(columns, True, 0)
    marks = [c.name for c in columns if c.role == "not_applicable"]
    excused = dict.fromkeys(marks, True)
    units = [{}, least, most, excused, least | excused, most | dict.fromkeys(marks), most | excused]
    units += [{c.name: most[c.name]} for c in columns]
    units += [least | {c.name: None} for c in columns]

    scored = same_everywhere(prefecture, canonical(prefecture, units))

    assert scored.select("total", "best", "verdict").row(0) == (0, 100_000, "incomplete")


def _others(columns: Iterable[Column], truth: bool, grade: int) -> dict[str, Any]:
    return {
        c.name: truth if c.type == "boolean" else c.grades[grade]
        for c in columns
        if c.type != "number"
    }


def test_engines_agree_where_products_pass_32_and_52_bits():
    wide = {"type": "number", "decimals": 4, "minimum": -1_000_000_000}
    set_ = indicators(
        category(
            clause("rising", "39999.999", _linear("-999999999.9999", "999999999"), input=wide),
            clause("falling", "29999.989", _linear("777777777", "-0.0001"), input=wide),
            clause("counted", "9999.997", {"kind": "per_count", "each": "0.007"}),
            clause("failing", "9000.001", {"kind": "deduct_per", "each": 3, "floor": "0.5"}),
            clause("left", "9999.991", excuse="exclude"),
        ),
    )
    values = [-(10**9), -1, 0, "0.0001", 1, "123456789.4321", "777776999.9997", 10**9]
    units = [
        {"rising": Decimal(v), "falling": Decimal(v), "left_not_applicable": n % 2 == 0}
        | {"counted": abs(int(Decimal(v))), "failing": n, "left": n % 3 == 0}
        for n, v in enumerate(values)
    ]

    scored = same_everywhere(set_, canonical(set_, units))

    assert scored["clause_rising"].to_list()[::7] == [0, 39_999_999]


def _linear(low: str, full: str) -> dict[str, str]:
    return {"kind": "linear", "low": low, "full": full}


def test_engines_agree_on_bounds_finer_than_the_column():
    rule = {"kind": "satisfaction", "zero_at": "60.55", "full_at": "89.123", "minimum_sample": 1}
    set_ = indicators(category(clause("heard", "1.234", rule, input={"decimals": 1})))
    shares = [Decimal(n) / 10 for n in range(590, 910)]

    same_everywhere(set_, canonical(set_, ({"heard": s, "heard_sample": 1} for s in shares)))


def test_a_column_the_facts_lack_is_missing(prefecture):
    table = pl.DataFrame({"unit": ["U1"], "untrue_material_found": [False]})

    scored = same_everywhere(prefecture, table)

    assert scored.select("won", "open", "verdict").row(0) == (0, 100_000, "incomplete")


def test_penalties_and_vetoes_nobody_checked_leave_it_incomplete():
    set_ = indicators(
        category(clause("done")), adjustments=(penalty("fined"),), vetoes=(veto("grave"),)
    )
    units = [{"fined": True, "grave": False}, {"fined": True}, {"grave": False}, {"grave": True}]

    scored = same_everywhere(set_, canonical(set_, ({"done": True} | unit for unit in units)))

    assert scored["verdict"].to_list() == ["reached", "incomplete", "incomplete", "vetoed"]
    assert scored["total"].to_list() == [0, 0, 1000, 1000]


def test_sets_no_engine_can_reckon_with_are_refused():
    table = pl.DataFrame({"unit": ["U1"]})
    nothing_left = indicators(category(clause("a", excuse="exclude")))
    one_name = indicators(category(clause("a", id="1.1.1"), clause("b", id="1_1_1")))
    gifts = tuple(bonus(f"b{n}", 100_000) for n in range(22))
    too_much = indicators(category(clause("a")), adjustments=gifts)
    below_zero = indicators(
        category(clause("a", rule={"kind": "per_count", "each": 1}, input={"minimum": -1}))
    )
    for set_, why in (
        (nothing_left, "leaves no base"),
        (one_name, "same column of results: clause_1_1_1"),
        (too_much, "more than 2147483"),
        (below_zero, "a may be as little as -1"),
    ):
        with pytest.raises(ValueError, match=why):
            results(set_, table)


# --- files --------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ["polars", "duckdb", "python"])
def test_a_file_is_scored_into_a_file(prefecture, facts_file, tmp_path, engine):
    out = tmp_path / "results.parquet"
    few = tmp_path / "few.parquet"
    pl.read_parquet(facts_file).head(200).write_parquet(few)

    assert score_file(prefecture, few, out, engine) == 200

    expected = results(prefecture, parquet.read(few, prefecture), "python").collect()
    assert_frame_equal(pl.read_parquet(out), expected)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["few.parquet", "results.parquet"]


def test_column_types_make_no_difference(prefecture, facts_file, tmp_path):
    given = pl.read_parquet(facts_file).head(300)
    odd = given.with_columns(
        pl.col("village_coverage").cast(pl.Float64),
        pl.col("satisfaction_effect").cast(pl.Float64).cast(pl.Float32),
        pl.col("township_coverage").cast(pl.Decimal(30, 4)),
        pl.col("online_services_share").round(0).cast(pl.Int64),
        pl.col("training_courses").cast(pl.UInt64),
        pl.col("supervision_share").cast(pl.Float64),
        pl.col("public_places_grade").cast(pl.Categorical),
        pl.lit(None).alias("railway_station_cooperation"),
    )
    same = given.with_columns(
        pl.col("online_services_share").round(0),
        pl.lit(None, dtype=pl.Boolean).alias("railway_station_cooperation"),
    )
    tables = []
    for name, frame in (("odd", odd), ("same", same)):
        frame.write_parquet(tmp_path / name, statistics=name == "same")
        tables.append(parquet.read(tmp_path / name, prefecture))

    assert_frame_equal(tables[0], tables[1], check_dtypes=False)


def wrong(facts_file: Path, name: str, value: Any, dtype: Any = None) -> pl.DataFrame:
    """Ten sound units, the third of which has ``value`` in the column."""
    frame = pl.read_parquet(facts_file).head(10)
    values = [value if row == 2 else old for row, old in enumerate(frame[name])]
    if dtype == pl.Float64:
        values = [None if each is None else float(each) for each in values]
    return frame.with_columns(pl.Series(name, values, dtype=dtype or frame[name].dtype))


@pytest.mark.parametrize(
    ("name", "value", "dtype", "said"),
    [
        ("village_coverage", 0.1 + 0.2, pl.Float64, "has more than 1 decimal places"),
        ("village_coverage", 60.1 + 0.2, pl.Float64, "has more than 1 decimal places"),
        ("village_coverage", float("nan"), pl.Float64, "is not a number"),
        ("village_coverage", float("inf"), pl.Float64, "is not a number"),
        ("village_coverage", Decimal("80.55"), pl.Decimal(5, 2), "more than 1 decimal places"),
        ("supervision_share", 101, pl.Int8, "101 is not between 0 and 100"),
        ("supervision_share", -1, pl.Int64, "-1 is not between 0 and 100"),
        ("training_courses", 10**9 + 1, pl.Int64, "is not between 0 and 1000000000"),
        ("training_courses", 2**64 - 1, pl.UInt64, "the number is too large"),
        ("public_places_grade", "splendid", None, "'splendid' is not one of the grades"),
        ("public_places_grade", "Good", None, "Good must be written as good"),
        ("unit", None, None, "the unit is missing"),
        ("unit", "U00000002", None, "unit U00000002 already stands in row 2"),
        ("unit", "=1+1", None, "must not begin with ="),
        ("unit", "Ｕ３", None, "must be written as 'U3'"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_with_its_row(
    prefecture, facts_file, tmp_path, name, value, dtype, said
):
    source, out = tmp_path / "facts.parquet", tmp_path / "results.parquet"
    wrong(facts_file, name, value, dtype).write_parquet(source)

    with pytest.raises(BadFacts) as refused:
        score_file(prefecture, source, out)

    (problem,) = refused.value.problems
    assert (problem.row, problem.column) == (3, name)
    assert said in problem.message.en
    assert list(tmp_path.iterdir()) == [source]


def test_all_problems_of_a_file_are_reported_at_once(prefecture, facts_file, tmp_path):
    frame = pl.read_parquet(facts_file).select(
        pl.col("unit"),
        pl.lit("yes").alias("budget_line_present"),
        pl.lit(1).alias("training_cources"),
        pl.lit(True).alias("training_courses"),
        pl.lit(200).alias("supervision_share"),
    )
    frame.write_parquet(tmp_path / "facts.parquet")

    with pytest.raises(BadFacts) as refused:
        parquet.scan(tmp_path / "facts.parquet", prefecture)

    problems = refused.value.problems
    assert refused.value.total == 3 + GENERATED
    assert [(p.row, p.column, p.message.en) for p in problems[:3]] == [
        (None, "budget_line_present", "is of type String and must be boolean"),
        (
            None,
            "training_cources",
            "is not a column of these indicators; did you mean training_courses?",
        ),
        (
            None,
            "training_courses",
            "is of type Boolean and must be an integer, a decimal or a float",
        ),
    ]
    assert [(p.row, p.column) for p in problems[3:]] == [
        (row, "supervision_share") for row in range(1, 21)
    ]


def test_a_file_without_units_or_rows_is_refused(prefecture, tmp_path):
    pl.DataFrame({"training_courses": [1]}).write_parquet(tmp_path / "no_unit")
    pl.DataFrame({"unit": []}, schema={"unit": pl.String}).write_parquet(tmp_path / "no_row")
    for name, said in (("no_unit", "`unit` is missing"), ("no_row", "the file has no rows")):
        with pytest.raises(BadFacts, match=said):
            parquet.scan(tmp_path / name, prefecture)


@pytest.mark.parametrize("damage", ["empty", "truncated", "overwritten"])
@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_a_damaged_file_leaves_nothing(prefecture, facts_file, tmp_path, damage, engine):
    whole = facts_file.read_bytes()
    half = len(whole) // 2
    damaged = {
        "empty": b"",
        "truncated": whole[:half],
        "overwritten": whole[: half - 20_000] + bytes(40_000) + whole[half + 20_000 :],
    }[damage]
    source, out = tmp_path / "facts.parquet", tmp_path / "results.parquet"
    source.write_bytes(damaged)

    with pytest.raises(BadFacts, match="damaged or incomplete"):
        score_file(prefecture, source, out, engine)

    assert list(tmp_path.iterdir()) == [source]


@pytest.mark.parametrize("engine", ["polars", "duckdb", "python"])
def test_scoring_that_fails_midway_leaves_what_was_there(prefecture, tmp_path, monkeypatch, engine):
    out = tmp_path / "results.parquet"
    out.write_text("before")
    monkeypatch.setattr(engines, "ROWS", 1000)
    units = pl.LazyFrame({"unit": [str(n) for n in range(3000)]})
    counted = pl.col("unit").replace({"2999": "x"}).cast(pl.Int32)

    with pytest.raises(Exception, match="conversion from `str` to `i32` failed"):
        score_file(prefecture, units.with_columns(training_courses=counted), out, engine)

    assert out.read_text() == "before"
    assert list(tmp_path.iterdir()) == [out]


# --- generated facts ----------------------------------------------------------------------------


def test_generated_facts_are_the_same_for_the_same_seed_and_any_number(prefecture):
    (few,) = generate(prefecture, 50, seed=3)
    (more,) = generate(prefecture, 500, seed=3)
    (other,) = generate(prefecture, 50, seed=4)

    assert_frame_equal(few, more.head(50))
    assert not few.equals(other)
    assert few["unit"].to_list()[::49] == ["U00000001", "U00000050"]


def test_generated_facts_are_plausible(prefecture, facts_file):
    given = pl.read_parquet(facts_file)
    scored = results(prefecture, parquet.read(facts_file, prefecture)).collect()
    clauses = [column.name for column in table_columns(prefecture) if column.role == "value"][:58]

    middle = (scored["total"].is_between(70_000, 100_000)).mean()
    missing = given.select(clauses[:50]).null_count().sum_horizontal()[0] / (50 * given.height)
    assert middle > 0.6
    assert 0.03 < missing < 0.08
    assert 0 < (scored["verdict"] == "vetoed").mean() < 0.02


@pytest.mark.parametrize("connect", [ibis.polars.connect, ibis.duckdb.connect])
@pytest.mark.parametrize("by", [3, 7, 1021, 999_999_937, 2**31 - 1])
def test_division_is_exact_where_floats_are_not(connect, by):
    """Just below, on and just above a multiple, where a float has no room for the last digits."""
    quotients = [
        2**31 - 1,
        *(base + more for base in (2**45, 2**52, 2**53 - 40) for more in range(40)),
    ]
    quotients = [each for each in quotients if each * by < 2**62]
    numbers = [each * by + step for each in quotients for step in (-1, 0, 1)]
    table = ibis.memtable({"number": numbers}, schema={"number": "int64"})

    found = connect().to_pyarrow(table.select(quotient=divided(table.number, by, 2**62)))

    assert found["quotient"].to_pylist() == [number // by for number in numbers]


@pytest.mark.parametrize(("value", "sound"), [(2.0**24, True), (2.0**24 + 2, False), (7.5, False)])
def test_short_float_that_may_stand_for_its_neighbours_is_refused(
    prefecture, facts_file, tmp_path, value, sound
):
    table = pl.read_parquet(facts_file).head(3)
    path = tmp_path / "short.parquet"
    short = pl.lit(value).cast(pl.Float32)
    table.with_columns(short.alias("training_courses")).write_parquet(path)

    if sound:
        kept = parquet.read(path, prefecture).lazy().collect()
        assert kept["training_courses"].to_list() == [int(value)] * 3
        return
    with pytest.raises(BadFacts):
        parquet.read(path, prefecture)
