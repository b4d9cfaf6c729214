from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from shifan.cli import app
from shifan.rulebook.loader import load

MINIMAL = Path(__file__).parents[1] / "books" / "minimal"
EN, ZH = {"LC_ALL": "C.UTF-8"}, {"LC_ALL": "zh_CN.UTF-8"}


def shifan(*words: object, env: dict[str, str] = EN) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], env=env)


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """The minimal book with two things wrong and one that deserves a warning."""
    folder = tmp_path / "broken"
    shutil.copytree(MINIMAL, folder)
    town = folder / "indicators" / "town.yaml"
    text = town.read_text()
    text = text.replace("evidence_budget: 3", "evidence_budget: 2")
    text = text.replace(", en: A garden plan is published}", "}")
    text = text.replace("{given: 3, points: 1.5}", "{given: 3, points: 1}")
    town.write_text(text)
    return folder


def test_check_of_sound_books_exits_with_0():
    result = shifan("rulebook", "check", MINIMAL, "neac/2020")

    lines = [each for each in result.stdout.splitlines() if "budget is 30" not in each]
    assert (result.exit_code, lines) == (
        0,
        [
            f"{MINIMAL}: town asks for 3 documents; the budget is 3",
            f"{MINIMAL}: sound, 0 warnings",
            "indicators/prefecture.yaml:1520: adjustment B3: document neighbour_agreement is "
            "already asked by clause 6.2.2 as collaboration_agreements (warning)",
            "neac/2020: prefecture asks for 75 documents; the budget is 80",
            "neac/2020: sound, 1 warning",
        ],
    )


def test_check_prints_file_line_and_clause_and_exits_with_1(broken):
    result = shifan("rulebook", "check", broken)

    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        f"{broken}/indicators/town.yaml:7: 3 documents are asked for; the budget is 2",
        f"{broken}/indicators/town.yaml:22: clause 1.1.1: has no English text (warning)",
        f"{broken}/indicators/town.yaml:107: clause 2.1.1: golden case 3 earns 1.50, the rule "
        "book says 1.00",
        f"{broken}: town asks for 3 documents; the budget is 2",
        f"{broken}: 2 errors, 1 warning",
    ]


def test_check_with_warnings_only_exits_with_0(tmp_path):
    folder = tmp_path / "book"
    shutil.copytree(MINIMAL, folder)
    town = folder / "indicators" / "town.yaml"
    town.write_text(town.read_text().replace(", en: A garden plan is published}", "}"))

    result = shifan("rulebook", "check", folder)

    assert (result.exit_code, result.stdout.splitlines()[-1]) == (
        0,
        f"{folder}: sound, 1 warning",
    )


@pytest.fixture
def next_version(tmp_path: Path) -> Path:
    """The minimal book with one input under another name."""
    folder = tmp_path / "next"
    shutil.copytree(MINIMAL, folder)
    for file in folder.rglob("*.yaml"):
        file.write_text(file.read_text().replace("community_gardens", "gardens_made"))
    return folder


def test_check_says_what_another_book_asked_before(next_version):
    result = shifan("rulebook", "check", next_version, "--asked-in", MINIMAL)

    lines = result.stdout.splitlines()
    assert result.exit_code == 0
    assert (
        f"{next_version}/indicators/town.yaml:95: clause 2.1.1: fact gardens_made was asked before "
        f"by clause 2.1.1 of {load(MINIMAL).name}, but as community_gardens, so it would be asked "
        "anew (warning)"
    ) in lines
    assert lines[-2:] == [
        f"{next_version}: 10 asked before, 8 taken over, 2 asked anew",
        f"{next_version}: sound, 2 warnings",
    ]


def test_check_as_json_says_what_another_book_asked_before(next_version):
    result = shifan("rulebook", "check", next_version, "--asked-in", MINIMAL, "--json")

    (book,) = json.loads(result.stdout)["books"]
    assert book["documents"] == {"town": {"asked": 3, "budget": 3}}
    assert [each for each in book["asked_before"] if not each["taken_over"]] == [
        {
            "unit_type": "town", "provision": "2.1.1", "input": "gardens_made",
            "evidence": evidence, "taken_over": False,
            "before": {"book": load(MINIMAL).name, "provision": "2.1.1"},
        }
        for evidence in (None, "garden_list")
    ]  # fmt: skip


def test_check_as_json_lists_every_book(broken):
    result = shifan("rulebook", "check", MINIMAL, broken, "--json")

    content = json.loads(result.stdout)
    assert (result.exit_code, content["ok"]) == (1, False)
    assert [(book["book"], book["ok"]) for book in content["books"]] == [
        (str(MINIMAL), True),
        (str(broken), False),
    ]
    assert content["books"][1]["findings"][1] == {
        "file": "indicators/town.yaml",
        "line": 22,
        "where": "clause 1.1.1",
        "message": "has no English text",
        "severity": "warning",
        "message_zh": "缺少英文文本",
    }


@pytest.mark.parametrize("verb", ["check", "show"])
def test_book_that_is_not_there_is_one_sentence(verb):
    result = shifan("rulebook", verb, "nowhere/2099")

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "no rule book 'nowhere/2099': give a folder, or one of geoparks/1, geoparks/2, neac/2020,"
        " neac/2025\n"
    )


def test_show_of_a_broken_book_says_what_is_wrong(broken):
    measures = broken / "programme.yaml"
    measures.write_text(measures.read_text().replace("authority:", "athority:"))

    result = shifan("rulebook", "show", broken)

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.splitlines() == [
        "the rule book cannot be used:",
        "programme.yaml:1: authority is missing",
        "programme.yaml:3: athority is not a field here; measures.yaml may have it",
    ]


def test_show_as_json_gives_the_figures_as_numbers():
    result = shifan("rulebook", "show", MINIMAL, "--unit-type", "town", "--json")

    assert json.loads(result.stdout) == {
        "programme": "garden",
        "version": "1",
        "digest": load(MINIMAL).digest,
        "effective": {"from": "2026-01-01", "until": "2030-12-31"},
        "unit_type": "town",
        "categories": 2,
        "items": 3,
        "clauses": 8,
        "adjustments": 3,
        "vetoes": 1,
        "base_points": 20,
        "apply_from": 15,
        "rule_kinds": {
            "all_or_nothing": 1, "checklist": 1, "steps": 1, "linear": 1, "per_count": 1,
            "deduct_per": 1, "graded": 1, "satisfaction": 1,
        },
        "clauses_by_status": {"official": 1, "paraphrased": 1, "drafted": 6},
        "evidence": 3,
        "evidence_budget": 3,
        "stages": 4,
    }  # fmt: skip


def test_show_speaks_the_language_of_the_environment_or_the_option():
    chinese = shifan("rulebook", "show", MINIMAL, env=ZH).stdout.splitlines()
    english = shifan("rulebook", "show", MINIMAL, "--lang", "en", env=ZH).stdout.splitlines()

    assert (chinese[0], chinese[-1]) == ("花园城镇", "  阶段：4")
    assert (english[0], english[-1]) == ("Garden Towns", "  stages: 4")


def test_show_of_an_unknown_unit_type_says_which_there_are():
    result = shifan("rulebook", "show", MINIMAL, "--unit-type", "city")

    assert (result.exit_code, result.stderr) == (
        1,
        "garden/1 has no indicators for city; it has them for: town\n",
    )


def test_diff_names_every_change_by_its_path(tmp_path):
    folder = tmp_path / "book"
    shutil.copytree(MINIMAL, folder)
    town = folder / "indicators" / "town.yaml"
    town.write_text(town.read_text().replace("apply_from: 15", "apply_from: 16"))

    words = shifan("rulebook", "diff", MINIMAL, folder)
    content = json.loads(shifan("rulebook", "diff", MINIMAL, folder, "--json").stdout)

    assert words.stdout == "changed indicators/town/apply_from: '15' -> '16'\n"
    assert content == {
        "changes": [
            {
                "kind": "changed",
                "where": "indicators/town/apply_from",
                "before": "15",
                "after": "16",
            }
        ]
    }


def test_diff_of_a_book_with_itself_says_so():
    assert shifan("rulebook", "diff", MINIMAL, MINIMAL).stdout == "both say the same\n"


def test_schema_is_json_schema():
    content = json.loads(shifan("rulebook", "schema").stdout)

    assert content["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert {"Measures", "IndicatorSet", "GoldenUnit"} <= set(content["$defs"])


def test_commands_about_rule_books_do_not_load_django():
    code = (
        "import sys; from shifan.cli import app\n"
        f"try: app(['rulebook', 'check', {str(MINIMAL)!r}])\n"
        "except SystemExit as done: assert done.code == 0\n"
        "print([name for name in ('django', 'polars') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("words", ["diff", "crosswalk"])
def test_reader_who_has_had_enough_ends_it_without_a_word(words):
    code = f"from shifan.cli import app; app(['rulebook', {words!r}, 'neac/2020', 'neac/2025'])"
    made = subprocess.Popen(
        [sys.executable, "-u", "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert made.stdout is not None and made.stdout.readline()
    made.stdout.close()

    assert (made.wait(60), made.stderr.read() if made.stderr else "") == (1, "")


def test_crosswalk_prints_where_each_clause_went():
    found = shifan("rulebook", "crosswalk", "neac/2020", "neac/2025", "--unit-type", "prefecture")
    as_json = shifan("rulebook", "crosswalk", "neac/2020", "neac/2025", "--json")

    lines = found.stdout.splitlines()
    assert "prefecture: 3.2.4 → 1.1.5  the same fact" in lines
    assert "prefecture: 1.1.3 → —  dropped" in lines
    assert len(json.loads(as_json.stdout)["crossings"]) > len(lines)
    assert shifan("rulebook", "crosswalk", "neac/2020", "geoparks/2").stdout == (
        "they have no unit type in common\n"
    )
