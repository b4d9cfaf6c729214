"""What the checker finds about a book as a whole, and what it only warns of."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from tests.rulebook.test_check import MEASURES, MINIMAL, TOWN, broken, found_in

from shifan.rulebook.check import check
from shifan.rulebook.check.indicators import FORBIDDEN_SUBJECTS
from shifan.rulebook.findings import InvalidRuleBook
from shifan.rulebook.loader import PROGRAMME, load


@pytest.fixture
def book(tmp_path: Path) -> Path:
    shutil.copytree(MINIMAL, tmp_path / "book")
    return tmp_path / "book"


def test_all_findings_come_in_one_pass_in_order_of_file_and_line(book):
    for file, old, new in (
        (PROGRAMME, "Asia/Shanghai", "Asia/Atlantis"),
        (TOWN, "base_points: 20", "base_points: 21"),
        (TOWN, "minimum: 5", "minimum: 11"),
    ):
        (book / file).write_text((book / file).read_text().replace(old, new))

    assert [(file, message) for file, _, _, message, _ in found_in(book)] == [
        (TOWN, "clauses add up to 20 points, the base is 21"),
        (TOWN, "minimum 11 is more than its clauses' 10 points"),
        (PROGRAMME, "'Asia/Atlantis' is not a time zone"),
    ]


def test_stages_that_lead_round_and_round_are_found(book):
    text = (book / MEASURES).read_text()
    text = text.replace("to: designated", "to: draft").replace("to: declined", "to: draft")
    (book / MEASURES).write_text(text)

    assert [(where, message) for _, _, where, message, _ in found_in(book)] == [
        ("stage draft", "a town that gets here can never reach an end"),
        ("stage review", "a town that gets here can never reach an end"),
        ("stage designated", "cannot be reached from the first stage"),
        ("stage declined", "cannot be reached from the first stage"),
    ]


def test_clauses_nobody_may_state_facts_for_are_found(book):
    text = (book / MEASURES).read_text().replace("writes: [check, survey]", "writes: [check]")
    (book / MEASURES).write_text(text)

    assert [(where, message) for _, _, where, message, _ in found_in(book)] == [
        (
            "clause 2.1.4",
            "no stage lets any of its fact sources speak, so it can never be scored",
        )
    ]


def test_indicators_that_may_all_be_excluded_are_found(book):
    text = re.sub(r"            not_applicable:\n.*\n.*\n", "", (book / TOWN).read_text())
    excuse = "not_applicable: {when: {zh: 无}, treatment: exclude}"
    text = re.sub(r"(            duty: \w+\n)", rf"\1            {excuse}\n", text)
    (book / TOWN).write_text(text)

    line = text[: text.index("categories:")].count("\n") + 1
    assert found_in(book) == [
        (TOWN, line, "", "every clause may be excluded, which leaves no base", "error")
    ]


def test_cap_above_all_bonuses_does_not_make_a_threshold_reachable(book):
    text = (book / TOWN).read_text().replace("bonus_cap: 2\n", "bonus_cap: 50\n")
    (book / TOWN).write_text(text.replace("apply_from: 15", "apply_from: 23"))

    assert [message for *_, message, _ in found_in(book)] == [
        "nobody can reach 23: at most 22.5 can be earned"
    ]


def test_missing_english_text_is_a_warning(tmp_path):
    folder, line = broken(tmp_path, TOWN, ", en: Green cover}", "}", "text: {zh: 绿化覆盖率")

    assert found_in(folder) == [(TOWN, line, "clause 1.2.1", "has no English text", "warning")]


def test_missing_golden_case_is_a_warning(tmp_path):
    folder, line = broken(tmp_path, TOWN, "      golden: [{given: 2, points: 2}]\n", "", "id: P1")

    assert found_in(folder) == [(TOWN, line, "adjustment P1", "has no golden case", "warning")]


def test_evidence_listed_twice_is_found(tmp_path):
    evidence = "              - {id: plan, text: {zh: 规划文件, en: The plan}}\n"
    folder, line = broken(tmp_path, TOWN, evidence, 2 * evidence, "evidence:\n")

    assert (TOWN, line, "clause 1.1.1", "evidence plan is listed twice", "error") in found_in(
        folder
    )


def test_second_file_for_a_unit_type_is_found(book):
    shutil.copy(book / TOWN, book / "indicators" / "village.yaml")

    assert found_in(book) == [
        ("indicators/village.yaml", 1, "", f"unit type town already has its indicators in {TOWN}",
         "error"),
    ]  # fmt: skip


def test_missing_measures_are_found(book):
    (book / MEASURES).unlink()

    [(file, line, where, message, severity)] = found_in(book)
    assert (file, line, where, severity) == (MEASURES, 1, "", "error")
    assert message == "is missing"


def test_golden_file_that_is_no_list_is_found(book):
    (book / "golden" / "units.yaml").write_text("name: alone\n")

    assert found_in(book) == [
        ("golden/units.yaml", 1, "", "must be a list of worked units", "error")
    ]


def test_golden_unit_of_the_wrong_form_is_found_by_its_line(book):
    units = book / "golden" / "units.yaml"
    units.write_text(units.read_text().replace("  verdict: not_reached\n", ""))

    line = units.read_text()[: units.read_text().index("- name: in the")].count("\n") + 1
    assert found_in(book) == [("golden/units.yaml", line, "", "verdict is missing", "error")]


def test_loading_a_book_of_the_wrong_form_raises_all_its_findings(book):
    (book / MEASURES).write_text((book / MEASURES).read_text().replace(", article: 1}", "}"))
    (book / TOWN).write_text((book / TOWN).read_text().replace("apply_from: 15\n", ""))

    with pytest.raises(InvalidRuleBook) as refused:
        load(book)

    assert [(f.file, f.where, f.message) for f in refused.value.findings] == [
        (TOWN, "", "apply_from is missing"),
        (MEASURES, "unit type town", "article is missing"),
    ]


@pytest.mark.parametrize(
    "name", ["ethnic_group", "religion", "id_card_no", "face_scan", "dna_kept"]
)
def test_inputs_about_persons_are_recognised(name):
    assert FORBIDDEN_SUBJECTS.search(name) is not None


@pytest.mark.parametrize("name", ["surface_area", "interface_count", "township_coverage"])
def test_inputs_about_units_are_not_taken_for_persons(name):
    assert FORBIDDEN_SUBJECTS.search(name) is None


@pytest.mark.parametrize("name", ["neac/2020"])
def test_shipped_books_are_sound(name):
    found = check(load(name).folder or Path())[1]

    assert [finding for finding in found if finding.severity == "error"] == []
