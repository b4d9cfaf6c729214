"""Books that were called sound and are not: each gets its finding, in words of the format."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from tests.rulebook.test_check import MEASURES, MINIMAL, TOWN, found_in

from shifan.rulebook.check import check
from shifan.rulebook.loader import PROGRAMME


@pytest.fixture
def book(tmp_path) -> Path:
    return Path(shutil.copytree(MINIMAL, tmp_path / "book"))


def changed(book: Path, file: str, old: str, new: str) -> list[str]:
    """What the check says of the book once ``old`` (found once) is ``new``."""
    text = (book / file).read_text("utf-8")
    assert text.count(old) == 1, f"{old!r} stands there {text.count(old)} times"
    (book / file).write_text(text.replace(old, new), "utf-8")
    return [f"{each.where}: {each.message}" for each in check(book)[1]]


PRIZES = "input: {name: prizes, type: count, from: [check, self]}"
CHOSEN = "input_at_least, article: 2, input: green_cover"
CASES = [
    # name, file, old, new, finding
    ("threshold_beyond_what_inputs_can_bring", TOWN,
     "apply_from: 15", "apply_from: 21.9", None),
    ("threshold_of_nothing", TOWN, "apply_from: 15", "apply_from: 0",
     ": from 0 points on everybody passes"),
    ("need_on_a_yes_or_no", MEASURES, CHOSEN, "input_at_least, article: 2, input: plan_published",
     "move submit: plan_published of town is no number to compare"),
    ("need_on_a_part_of_a_checklist", MEASURES, CHOSEN,
     "input_at_least, article: 2, input: arrangements_body",
     "move submit: arrangements_body of town is no number to compare"),
    ("need_on_the_size_of_a_sample", MEASURES, CHOSEN,
     "input_at_least, article: 2, input: satisfaction_sample",
     "move submit: satisfaction_sample of town is no number to compare"),
    ("stage_that_writes_what_is_computed", MEASURES, "writes: [check, survey]",
     "writes: [check, survey, registry]",
     "stage review: fact source registry is computed: nobody states it"),
    ("share_that_no_survey_asks_for", MEASURES, "input: satisfaction}]",
     "input: contentment}]", "clause 2.1.4: no survey has a question for satisfaction"),
    ("quota_above_the_whole", MEASURES, "maximum: 10, unit_types: [town]}",
     "maximum: 10, unit_types: [town]}\n"
     "  - {id: all, name: {zh: 总数, en: All}, article: 2, maximum: 5}",
     "quota batch: 10 are more than the 5 of quota all"),
    ("kind_twice_in_a_quota", MEASURES, "unit_types: [town]}", "unit_types: [town, town]}",
     "quota batch: unit type town is listed twice"),
    ("version_that_supersedes_itself", MEASURES, "batch_every_years: 1",
     'batch_every_years: 1\nsupersedes: "1"', ": a version cannot supersede itself"),
    ("window_longer_than_the_title", MEASURES, "renewal_window, article: 3, months: 12",
     "renewal_window, article: 3, months: 37",
     "move submit: a window of 37 months is longer than any title: 36 months"),
    ("nobody_named", MEASURES, "effects: [{award: {article: 3, years: 3}}]", "effects: []",
     ": no move that awards a title is open to any of: town"),
    ("named_only_what_is_not_scored", MEASURES, "after: notice\n            effects",
     "after: notice\n            only: [village]\n            effects",
     ": no move that awards a title is open to any of: town"),
    ("blank_text", MEASURES, "zh: 花园手册, en: Garden handbook", 'zh: "  ", en: Garden handbook',
     ": zh is blank"),
    ("unseen_character", MEASURES, "en: Garden handbook", 'en: "Garden\\u0000handbook"',
     ": en holds a character that is not seen: U+0000"),
    ("escape", MEASURES, "en: Garden handbook", 'en: "Garden\\e[31mhandbook"',
     ": en holds a character that is not seen: U+001B"),
    ("text_that_turns_round", TOWN, "zh: 社区花园数", 'zh: "社区\\u202e花园数"',
     ": zh holds a character that is not seen: U+202E"),
    ("count_of_halves", TOWN, "unit: {zh: 个, en: gardens}, from: [check, self]}",
     "unit: {zh: 个, en: gardens}, from: [check, self], minimum: 0.5}",
     "clause 2.1.1: a count is whole and not negative; its minimum is 0.5"),
    ("count_below_nothing", TOWN, "unit: {zh: 个, en: gardens}, from: [check, self]}",
     "unit: {zh: 个, en: gardens}, from: [check, self], minimum: -1}",
     "clause 2.1.1: a count is whole and not negative; its minimum is -1"),
    ("share_in_pieces", TOWN, "name: green_cover, type: percent,",
     "name: green_cover, type: percent, unit: {zh: 个, en: pieces},",
     "clause 1.2.1: a percent input is in %, not in 个 pieces"),
    ("yes_in_pieces", TOWN, "name: plan_published, type: boolean,",
     "name: plan_published, type: boolean, unit: {zh: 个, en: pieces},",
     "clause 1.1.1: a boolean input has no unit"),
    ("penalty_that_falls_with_each_failing", TOWN,
     "rule: {kind: per_count, each: 1}", "rule: {kind: deduct_per, each: 1}",
     "adjustment P1: as a penalty it costs most where nothing fails: per_count grows with each"),
    ("zone_that_is_a_folder", PROGRAMME, "time_zone: Asia/Shanghai", "time_zone: Asia",
     ": 'Asia' is not a time zone"),
    ("number_of_five_thousand_digits", TOWN, "apply_from: 15", "apply_from: " + "9" * 5000,
     ": '99999999999999999999…' is not a plain decimal number"),
    ("number_with_a_large_exponent", TOWN, "apply_from: 15", "apply_from: 1.0e+999999",
     ": '1.0e+999999' is not a plain decimal number"),
    ("no_read_as_false", TOWN, "id: green, name", "id: no, name",
     ': id: no is not read as a text here; quote it: "no"'),
    ("year_read_as_a_number", MEASURES, 'version: "1"', "version: 2026",
     ': version: 2026 is not read as a text here; quote it: "2026"'),
    ("leading_zeros", MEASURES, 'version: "1"', "version: 007",
     ': version: 007 is not read as a text here; quote it: "007"'),
    ("text_where_a_number_is", TOWN, "base_points: 20", "base_points: many",
     ": base_points must be a number"),
    ("list_where_a_map_is", TOWN, "adjustments:\n", "adjustments: []\nothers:\n",
     ": adjustments must hold entries of its own (name: value)"),
    ("maker_that_is_a_number", MEASURES, "by: {office: provincial, role: reviewer}", "by: 5",
     "move return: by: is `clock`, `move`, {office, role} or {capacity}"),
    ("day_that_is_none", MEASURES, "from: 2026-01-01", "from: 2026-02-30",
     ": from must be a day that there is, as 2026-03-31"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "old", "new", "said"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_what_passed_is_found(book, file, old, new, said):
    found = changed(book, file, old, new)

    if said is None:
        assert found == []  # that much can be had: 20 points and a bonus of 2
    else:
        assert said in found
    assert not [each for each in found if LIBRARY.search(each)]


LIBRARY = re.compile(
    r"constrained|pydantic|Input should|instance of|Errno|codec|Error\b|<class|dict|NoneType"
)
"""Words of libraries and of Python, which no finding says."""


@pytest.mark.parametrize("given", ["{a: b}", "2026-01-01", "[Two Words]", "{share: {}}"])
def test_value_of_several_forms_is_said_once(book, given):
    found = changed(book, TOWN, "{given: true, points: 2}", f"{{given: {given}, points: 2}}")

    assert found == [
        "clause 1.1.1: given must be true, false, a number, a grade, a list of parts, or"
        " {share: 90, sample: 400}"
    ]


def test_fact_of_a_worked_unit_of_no_form_is_said_once(book):
    file = book / "golden/units.yaml"
    text = file.read_text("utf-8").replace("plan_published: true", "plan_published: [1]", 1)
    file.write_text(text, "utf-8")

    assert [each.message for each in check(book)[1] if each.severity == "error"] == [
        "plan_published must be true, false, a number or a grade"
    ]


def test_threshold_counts_what_inputs_and_caps_let_through(book):
    text = (book / TOWN).read_text("utf-8")
    gardens = "unit: {zh: 个, en: gardens}, from: [check, self]}"
    (book / TOWN).write_text(
        text.replace(gardens, gardens.replace("from", "maximum: 2, from"))
        .replace("apply_from: 15", "apply_from: 21.5"), "utf-8"
    )  # fmt: skip

    found = [each.message for each in check(book)[1]]

    assert "nobody can reach 21.5: at most 21 can be earned" in found


@pytest.mark.parametrize("name", ["indicators/village.yml", "golden/more.json", "programme.yml"])
def test_file_that_ends_otherwise_is_not_passed_over(book, name):
    (book / name).write_text("anything: goes\n")

    assert [(file, message) for file, _, _, message, _ in found_in(book)] == [
        (name, f"is not read: its name must end in .yaml, not {Path(name).suffix}")
    ]


def test_book_without_indicators_is_found(book):
    (book / TOWN).unlink()
    shutil.rmtree(book / "golden")

    assert ": there are no indicators: no unit can apply" in [
        f"{where}: {message}" for _, _, where, message, _ in found_in(book)
    ]


def test_cause_is_said_without_its_consequences(book):
    wrong = changed(book, MEASURES, "to: designated", "to: named")
    assert wrong == ["move review.name: leads to stage named, which is not there"]


def test_indicators_that_cannot_be_read_are_the_only_finding(book):
    (book / TOWN).write_text("unit_type: town\n  broken: [\n")

    assert {file for file, *_ in found_in(book)} == {TOWN}


@pytest.mark.parametrize("other", ["folder", "binary"])
def test_measures_that_are_no_text_are_said_so(book, other):
    (book / MEASURES).unlink()
    if other == "folder":
        (book / MEASURES).mkdir()
    else:
        (book / MEASURES).write_bytes(bytes(range(256)))

    ((_, _, _, message, _),) = found_in(book)

    assert not LIBRARY.search(message)
