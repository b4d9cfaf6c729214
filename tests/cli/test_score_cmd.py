from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner, Result

from shifan.cli import app
from shifan.rulebook.loader import load
from shifan.scoring.facts import table_columns
from shifan.scoring.table.read import read

MINIMAL = Path(__file__).parents[1] / "books" / "minimal"
EN = {"LC_ALL": "C.UTF-8"}
FACTS = """\
unit,plan_published,arrangements_body,arrangements_budget,arrangements_gardener,streets_with_trees,\
green_cover,community_gardens,late_complaints,upkeep,satisfaction,satisfaction_sample,prizes,\
trees_felled,banned_pesticides
红塔区,是,是,是,否,85,31.5,3,1,good,82.25,240,1,0,否
520100,是,是,是,否,85,31.5,3,1,good,82.25,240,1,0,是
430100,是,,,,,,,,,,,,0,否
"""


def shifan(*words: object, env: dict[str, str] = EN) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], env=env)


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    path = tmp_path / "facts.csv"
    path.write_text(FACTS)
    return path


def score(facts: Path, *words: object, env: dict[str, str] = EN) -> Result:
    book = ("--rulebook", MINIMAL, "--unit-type", "town", "--facts", facts)
    return shifan("score", *book, *words, env=env)


@pytest.mark.parametrize("engine", ["polars", "duckdb", "python"])
def test_score_as_csv_shows_exact_points_on_every_engine(facts, tmp_path, engine):
    out = tmp_path / "results.csv"
    result = score(facts, "--out", out, "--engine", engine)

    assert result.exit_code == 0, result.stderr
    assert out.read_bytes().startswith(b"\xef\xbb\xbfunit,clause_1_1_1,")
    rows = {row["unit"]: row for row in pl.read_csv(out, infer_schema=False).to_dicts()}
    first = rows["红塔区"]
    assert [first[name] for name in ("clause_1_1_2", "base", "bonus", "total", "verdict")] == [
        "1.333", "15.666", "0.50", "16.166", "reached",
    ]  # fmt: skip
    assert [row["verdict"] for row in rows.values()] == ["reached", "vetoed", "incomplete"]


def test_score_reports_units_verdicts_and_seconds(facts, tmp_path):
    lines = score(facts, "--out", tmp_path / "r.csv").stdout.splitlines()
    content = json.loads(score(facts, "--out", tmp_path / "r.csv", "--json").stdout)

    assert lines[0].startswith("3 units in ")
    assert lines[1:] == [
        "  vetoed: 1",
        "  incomplete: 1",
        "  threshold reached: 1",
        f"results are in {tmp_path / 'r.csv'}",
    ]
    assert (content["units"], content["engine"], content["seconds"] > 0) == (3, "polars", True)
    assert content["verdicts"] == {
        "vetoed": 1, "below_minimum": 0, "not_reached": 0, "incomplete": 1, "reached": 1,
    }  # fmt: skip


def test_score_as_xlsx_has_numbers_shown_as_points(facts, tmp_path):
    out = tmp_path / "results.xlsx"
    assert score(facts, "--out", out).exit_code == 0

    header, first, *_ = CalamineWorkbook.from_path(out).get_sheet_by_index(0).to_python()
    row = dict(zip(header, first, strict=True))
    assert (row["unit"], row["total"], row["veto_V1"]) == ("红塔区", 16.166, False)


def test_score_as_parquet_keeps_millipoints(facts, tmp_path):
    out = tmp_path / "results.parquet"
    assert score(facts, "--out", out).exit_code == 0

    table = pl.read_parquet(out)
    assert table.schema["total"] == pl.Int32
    assert table.get_column("total").to_list() == [16166, 16166, 2000]


def test_explain_as_json_gives_every_clause_its_facts_and_the_moves(facts):
    result = score(facts, "--explain", "红塔区", "--json")

    account = json.loads(result.stdout, parse_float=Decimal)["explanation"]
    assert (account["unit"], account["verdict"], account["total"]) == (
        "红塔区", "reached", Decimal("16.166"),
    )  # fmt: skip
    assert [clause["id"] for clause in account["clauses"]] == [
        "1.1.1", "1.1.2", "1.1.3", "1.2.1", "2.1.1", "2.1.2", "2.1.3", "2.1.4",
        "B1", "B2", "P1", "V1",
    ]  # fmt: skip
    green = account["clauses"][3]
    assert green["facts"] == {"green_cover": Decimal("31.5")}
    assert (green["state"], green["points"], green["possible"]) == (
        "scored", Decimal("2.508"), Decimal("3.5"),
    )  # fmt: skip
    assert account["moves"] == []


def test_explain_speaks_chinese_and_offers_the_cheapest_moves(facts):
    result = score(facts, "--explain", "430100", "--lang", "zh")

    lines = result.stdout.splitlines()
    assert lines[0] == "430100"
    assert lines[1] == "   1.1.1   2.00  已做到，得满分 2.00 分。"
    assert lines[2].strip() == "已公布花园规划 [plan_published=true]"
    assert "最省力的改进：" in lines


def test_explain_of_a_unit_that_is_not_there_says_so(facts):
    result = score(facts, "--explain", "nobody")

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "the facts have no unit nobody\n"


def test_bad_facts_are_listed_and_nothing_is_written(facts, tmp_path):
    facts.write_text("unit,upkeep\na,superb\na,good\n")
    out = tmp_path / "results.csv"
    out.write_text("what was there before")

    words = score(facts, "--out", out)
    content = json.loads(score(facts, "--out", out, "--json").stdout)

    assert words.exit_code == 1
    assert words.stdout.splitlines() == [
        f"{facts} has 2 problems; nothing was scored:",
        "  row 2, column upkeep: 'superb' is not one of the grades good, fair, poor",
        "  row 3, column unit: unit a already stands in row 2",
    ]
    assert content == {
        "problems": [
            {
                "row": 2,
                "column": "upkeep",
                "message_zh": "“superb”不是可选等级（good、fair、poor）",
                "message_en": "'superb' is not one of the grades good, fair, poor",
            },
            {
                "row": 3,
                "column": "unit",
                "message_zh": "单位 a 已在第 2 行出现",
                "message_en": "unit a already stands in row 2",
            },
        ],
        "total": 2,
    }
    assert out.read_text() == "what was there before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["facts.csv", "results.csv"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--facts", "none.csv", "--out", "r.csv"), "none.csv is not there"),
        (("--facts", "none.csv", "--out", "r.txt"),
         "r.txt must end with one of .csv, .xlsx, .parquet"),
        (("--facts", "none.csv", "--out", "/nowhere/r.csv"), "/nowhere is not there"),
        (("--facts", "none.csv"), "give --out, or --explain with a unit"),
        (("--facts", "none.csv", "--out", "r.csv", "--engine", "abacus"),
         "there is no engine abacus"),
    ],
)  # fmt: skip
def test_wrong_words_are_answered_with_one_sentence(words, sentence):
    result = shifan("score", "--rulebook", MINIMAL, *words)

    assert (result.exit_code, result.stdout, result.stderr) == (1, "", sentence + "\n")


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet"])
def test_generated_facts_can_be_read_and_are_the_same_for_the_same_seed(tmp_path, suffix):
    out, again = tmp_path / f"a{suffix}", tmp_path / f"b{suffix}"
    for path in (out, again):
        words = ("--rulebook", MINIMAL, "--units", 50, "--seed", 7, "--out", path)
        assert shifan("facts", "generate", *words).exit_code == 0

    indicators = load(MINIMAL).indicators["town"]
    first, second = (read(path, indicators).frame.collect() for path in (out, again))
    assert first.equals(second)
    assert first.columns == ["unit", *(column.name for column in table_columns(indicators))]
    assert first.height == 50


def test_template_has_the_columns_and_a_sheet_that_explains_them(tmp_path):
    workbook, text = tmp_path / "t.xlsx", tmp_path / "t.csv"
    for path in (workbook, text):
        words = ("--rulebook", MINIMAL, "--unit-type", "town", "--out", path)
        assert shifan("facts", "template", *words).exit_code == 0

    names = ["unit", *(c.name for c in table_columns(load(MINIMAL).indicators["town"]))]
    book = CalamineWorkbook.from_path(workbook)
    header, *lines = book.get_sheet_by_index(1).to_python()
    assert text.read_bytes() == ("\ufeff" + ",".join(names) + "\r\n").encode()
    assert book.get_sheet_by_index(0).to_python() == [names]
    assert header[0] == "列名 column"
    assert [line[0] for line in lines] == names
    assert lines[names.index("green_cover")] == [
        "green_cover", "1.2.1", "绿化覆盖率", "Green cover", "百分数，0 至 100，最多 1 位小数",
        "a percentage from 0 to 100, at most 1 decimal places",
    ]  # fmt: skip


def test_template_filled_in_is_read_as_facts(tmp_path):
    path = tmp_path / "t.csv"
    shifan("facts", "template", "--rulebook", MINIMAL, "--out", path)
    with path.open("a") as stream:
        stream.write("a" + "," * path.read_text().count(",") + "\r\n")

    frame = read(path, load(MINIMAL).indicators["town"]).frame.collect()

    assert frame.drop("unit").null_count().row(0) == (1,) * (frame.width - 1)
