"""Every kind of embarrassment the checker finds, one broken copy of a sound book each."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from shifan.rulebook.check import check
from shifan.rulebook.loader import PROGRAMME

MINIMAL = Path(__file__).parents[1] / "books" / "minimal"
FORMAT_1 = Path(__file__).parent / "format_1" / "measures.yaml"
TOWN, MEASURES = "indicators/town.yaml", "measures.yaml"


def found_in(folder: Path) -> list[tuple[str, int, str, str, str]]:
    _, findings = check(folder)
    return [(f.file, f.line, f.where, f.message, f.severity) for f in findings]


def broken(
    tmp_path: Path, file: str, old: str, new: str, at: str, measures: Path | None = None
) -> tuple[Path, int]:
    """A copy of the book in which ``old`` (found once) is ``new``, and the line where ``at`` is."""
    folder = tmp_path / "book"
    shutil.copytree(MINIMAL, folder)
    if measures is not None:
        shutil.copy(measures, folder / MEASURES)
        (folder / PROGRAMME).unlink()
    text = (folder / file).read_text()
    assert text.count(old) == 1, f"{old!r} stands there {text.count(old)} times"
    text = text.replace(old, new)
    (folder / file).write_text(text)
    return folder, text[: text.index(at)].count("\n") + 1


@pytest.mark.parametrize("kind", ["visit", "inspection", "report"])
def test_duty_of_the_format_before_without_its_period_is_found(tmp_path, kind):
    folder, _ = broken(tmp_path, MEASURES, "kind: visit, every_months: 12", f"kind: {kind}",
                       "kind", measures=FORMAT_1)  # fmt: skip

    assert "when is missing" in [message for *_, message, _ in found_in(folder)]


def test_sound_book_has_no_findings():
    assert found_in(MINIMAL) == []


STREETS = "{at: 60, points: 0.5}, {at: 80, points: 1.5}, {at: 95, points: 2.5}"
GREEN = "{name: green_cover, type: percent, from: [check, self], decimals: 1}"
GARDENS = "{name: community_gardens, type: count, unit: {zh: 个, en: gardens}, from: [check, self]}"
PERSON = "is about a person; Shifan rates units only"

INDICATORS = [
    # name, old, new, where it is reported, of what, message
    ("points_not_adding_up", "base_points: 20", "base_points: 21", "base_points: 21", "",
     "clauses add up to 20 points, the base is 21"),
    ("threshold_nobody_reaches", "apply_from: 15", "apply_from: 22.5", "apply_from: 22.5", "",
     "nobody can reach 22.5: at most 22 can be earned"),
    ("minimum_nobody_reaches", "minimum: 5", "minimum: 10.5", "minimum: 10.5", "category 1",
     "minimum 10.5 is more than its clauses' 10 points"),
    ("duplicate_clause_id", 'id: "1.1.2"', 'id: "1.1.1"', 'id: "1.1.1"\n            text: {zh: 工',
     "clause 1.1.1", "id 1.1.1 is already used by clause 1.1.1"),
    ("adjustment_named_like_a_clause", "id: B2", 'id: "1.1.1"', 'id: "1.1.1"\n      text',
     "adjustment 1.1.1", "id 1.1.1 is already used by clause 1.1.1"),
    ("ids_alike_in_the_results", "id: B2", "id: b1", "id: b1", "adjustment b1",
     "id b1 gives the same column of results as adjustment B1"),
    ("duplicate_theme", "id: people, name", "id: green, name", "id: green, name: {zh: 居民", "",
     "theme green is listed twice"),
    ("clause_under_another_item", 'id: "1.2.1"', 'id: "3.2.1"', 'id: "3.2.1"', "clause 3.2.1",
     "stands under 1.2 but is named 3.2.1"),
    ("item_under_another_category", 'id: "2.1"\n', 'id: "3.1"\n', 'id: "3.1"', "item 3.1",
     "stands under 2 but is named 3.1"),
    ("input_read_twice_and_not_the_same", "name: prizes, type", "name: nursery, type",
     "name: nursery, type: bool", "adjustment B2",
     "input nursery is read by adjustment B1 already, but not the same"),
    ("column_of_a_checklist_part_used_twice", "name: nursery,", "name: arrangements_body,",
     "name: arrangements_body,", "adjustment B2",
     "column arrangements_body is already used by clause 1.1.2"),
    ("input_named_like_the_unit", "name: nursery,", "name: unit,", "name: unit,", "adjustment B2",
     "column unit holds the units' ids"),
    ("evidence_over_budget", "evidence_budget: 3", "evidence_budget: 2", "evidence_budget", "",
     "3 documents are asked for; the budget is 2"),
    ("input_about_a_person", "name: nursery,", "name: religion_of_gardener,",
     "name: religion_of_gardener,", "adjustment B2", f"input religion_of_gardener {PERSON}"),
    ("unknown_theme", "theme: people\n            duty: optional",
     "theme: birds\n            duty: optional", "theme: birds", "clause 2.1.1",
     "theme birds is not in themes"),
    ("veto_that_is_no_yes_or_no", "name: banned_pesticides, type: boolean",
     "name: banned_pesticides, type: count", "name: banned_pesticides", "veto V1",
     "a veto reads a boolean input"),
    ("rule_that_cannot_read_its_input", "name: plan_published, type: boolean",
     "name: plan_published, type: percent", "name: plan_published", "clause 1.1.1",
     "rule all_or_nothing reads boolean, not percent"),
    ("count_with_decimal_places", "late_complaints, type: count,",
     "late_complaints, type: count, decimals: 1,", "name: late_complaints", "clause 2.1.2",
     "a count input has no decimal places"),
    ("bounds_of_an_input_crossed", GREEN, GREEN.replace("}", ", minimum: 101}"),
     "name: green_cover", "clause 1.2.1", "nothing lies between 101 and 100"),
    ("steps_that_never_earn_all", STREETS, STREETS.replace("2.5}", "2}"), "rule:\n              "
     "kind: steps", "clause 1.1.3", "its best result earns 2, the clause is worth 2.5"),
    ("grades_that_never_earn_all", "en: Good}, points: 3}", "en: Good}, points: 2.5}",
     "rule:\n              kind: graded", "clause 2.1.3",
     "its best result earns 2.5, the clause is worth 3"),
    ("step_out_of_reach", STREETS, STREETS.replace("95", "101"), "rule:\n              kind: steps",
     "clause 1.1.3", "cannot be reached: bound 101 lies outside what streets_with_trees can be"),
    ("line_out_of_reach", GREEN, GREEN.replace("}", ", maximum: 30}"), "rule: {kind: linear",
     "clause 1.2.1", "cannot be reached: bound 40 lies outside what green_cover can be"),
    ("bound_finer_than_the_input", "{kind: linear, low: 10,", "{kind: linear, low: 10.25,",
     "rule: {kind: linear", "clause 1.2.1",
     "bound 10.25 is finer than the 1 decimals green_cover keeps"),
    ("count_that_never_earns_all", GARDENS, GARDENS.replace("}, from", "}, maximum: 3, from"),
     "rule: {kind: per_count, each: 0.5}\n            checked", "clause 2.1.1",
     "cannot be earned in full: at most 3 count, which earns 1.5 of 2"),
    ("floor_as_high_as_the_clause", "floor: 0.4", "floor: 2", "rule: {kind: deduct_per",
     "clause 2.1.2", "floor 2 is not below the clause's 2 points"),
    ("unknown_fact_source", "type: satisfaction, from: [survey]",
     "type: satisfaction, from: [survey, gossip]", "name: satisfaction", "clause 2.1.4",
     "fact source gossip is not in the measures"),
    ("basis_without_a_reference", '{status: official, basis: "H, clause 1"}',
     '{status: official, basis: "hearsay"}', "basis: \"hearsay\"", "clause 1.1.1",
     "is official, but its basis 'hearsay' names no reference"),
    ("unit_type_not_in_the_measures", "unit_type: town", "unit_type: city", "unit_type: city", "",
     "unit type city is not in the measures"),
    ("steps_that_fall", STREETS, STREETS.replace("at: 80", "at: 50"), "steps: [{at",
     "clause 1.1.3", "step bounds must rise; 50 follows 60"),
    ("steps_that_earn_less", STREETS, STREETS.replace("1.5", "0.4"), "steps: [{at",
     "clause 1.1.3", "steps must rise in points; 0.4 follows 0.5"),
    ("line_without_length", "low: 10, full: 40", "low: 40, full: 40", "rule: {kind: linear",
     "clause 1.2.1", "low and full are both 40; use steps for a single bound"),
    ("points_with_four_decimals", "points: 3.5\n", "points: 3.5001\n", "points: 3.5001",
     "clause 1.2.1", "3.5001 has more than three decimal places"),
    ("unknown_rule_kind", "{kind: all_or_nothing}\n            checked_by",
     "{kind: lottery}\n            checked_by", "rule: {kind: lottery}", "clause 1.1.1",
     "rule is lottery, which is none of all_or_nothing, steps, linear, per_count, checklist, "
     "deduct_per, graded, satisfaction"),
    ("empty_list", "themes:\n  - {id: green, name: {zh: 绿化, en: Green}}\n"
     "  - {id: people, name: {zh: 居民, en: Residents}}\n", "themes: []\n", "themes: []", "",
     "themes must have at least 1 entry"),
    ("unknown_field", "duty: optional", "duty: optional\n            colour: red", "colour: red",
     "clause 2.1.1", "colour is not a field here"),
    ("missing_field", "            duty: optional\n", "", 'id: "2.1.1"', "clause 2.1.1",
     "duty is missing"),
    ("alias", "source: {status: drafted, basis: \"none: drafted for tests\"}\nbase_points: 20",
     "source: &s {status: drafted, basis: x}\nbase_points: *s", "base_points: *s", "",
     "is not YAML: alias *s is not allowed; write it out"),
    ("duplicate_key", "apply_from: 15", "apply_from: 15\napply_from: 5", "apply_from: 5", "",
     "key 'apply_from' is given twice"),
    ("number_without_end", "apply_from: 15", "apply_from: .inf", "apply_from", "",
     "'.inf' is not a plain decimal number"),
    ("broken_yaml", "apply_from: 15", "apply_from: [15", "evidence_budget: 3", "",
     "is not YAML: expected ',' or ']', but got ':'"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "at", "where", "message"), [c[1:] for c in INDICATORS],
                         ids=[c[0] for c in INDICATORS])  # fmt: skip
def test_indicators_are_reported_by_line_and_clause(tmp_path, old, new, at, where, message):
    folder, line = broken(tmp_path, TOWN, old, new, at)

    assert (TOWN, line, where, message, "error") in found_in(folder)


SUBMIT = "before: intake"
NOTICE = (
    "{id: notice, name: {zh: 公示期满, en: End of the notice}, article: 2, after_stage: review, "
)
DECLINED = "{id: declined, name: {zh: 不予命名"
COVER = "{guard: input_at_least, article: 2, input: green_cover, at_least: 10}"

PROCEDURE = [
    ("undated_version", "effective: {from: 2026-01-01, until", "effective: {until", "effective:",
     "", "from is missing"),
    ("undated_reference", ", date: 2025-06-01}", "}", "id: H", "", "date is missing"),
    ("end_before_the_beginning", "until: 2030-12-31", "until: 2025-12-31", "effective:", "",
     "ends on 2025-12-31, before it begins on 2026-01-01"),
    ("unknown_time_zone", "Asia/Shanghai", "Asia/Atlantis", "time_zone", "",
     "'Asia/Atlantis' is not a time zone"),
    ("article_out_of_order", "number: 3", "number: 4", "number: 4", "article 4",
     "article 4 stands where article 3 belongs"),
    ("article_cited_that_is_not_there", "article: 3}\n\naftercare", "article: 9}\n\naftercare",
     "validity:", "move name", "cites article 9, which is not there"),
    ("article_without_a_reference", '"H, article 1"', '"hearsay"', '"hearsay"', "article 1",
     "is official, but its basis names no reference"),
    ("duplicate_id_in_a_list", "{id: notice, name", "{id: intake, name", "{id: intake, name: {zh: "
     "公示", "", "id intake is used twice in deadlines"),
    ("source_nobody_speaks_for", "by: computed}", "by: oracle}", "by: oracle",
     "fact source registry", "oracle is neither the applicant, a tier, nor computed"),
    ("quota_of_an_unknown_type", "maximum: 10, unit_types: [town]",
     "maximum: 10, unit_types: [city]", "maximum: 10", "quota batch",
     "unit type city is not in unit_types"),
    ("deadline_without_a_time", ', on: "03-31"}', "}", "id: intake", "deadline intake",
     "when: needs `on`, or one of hours, working_days, days, months, years"),
    ("deadline_on_no_day", '"03-31"', '"02-29"', "id: intake", "deadline intake",
     "02-29 is not a day of every year"),
    ("deadline_after_no_stage", "after_stage: review", "after_stage: party", "after_stage: party",
     "deadline notice", "stage party is not there"),
    ("writes_of_an_unknown_source", "writes: [self]", "writes: [self, gossip]", "writes: [self,",
     "stage draft", "fact source gossip is not there"),
    ("move_to_no_stage", "to: designated", "to: heaven", "to: heaven", "move review.name",
     "leads to stage heaven, which is not there"),
    ("move_by_nobody", "by: {office: applicant, role: lead}", "by: {office: mayor, role: lead}",
     "office: mayor", "move draft.submit", "office mayor is neither the applicant nor a tier"),
    ("move_before_no_deadline", SUBMIT, "before: sunset", "- id: submit", "move draft.submit",
     "deadline sunset is not there"),
    ("move_only_for_an_unknown_type", "only: [town]", "only: [city]", "only: [city]",
     "move review.decline", "unit type city is not in unit_types"),
    ("move_listed_twice", "- id: return\n", "- id: name\n", "moves:\n      - id: name",
     "stage review", "move name is listed twice"),
    ("need_of_an_unknown_title", "{guard: threshold_reached, article: 2}",
     "{guard: title_held, article: 2, level: cosmic}", "level: cosmic", "move name",
     "title level cosmic is not a tier"),
    ("need_half_said", COVER, COVER.replace(", at_least: 10", ""), "guard: input_at_least",
     "move submit", "at_least is missing"),
    ("need_of_an_unknown_input", COVER, COVER.replace("green_cover", "blue_cover"),
     "guard: input_at_least", "move submit", "town has no input blue_cover"),
    ("need_nobody_meets", COVER, COVER.replace("10", "101"), "guard: input_at_least",
     "move submit", "nobody can meet it: green_cover is at most 100"),
    ("stage_with_an_outcome_that_moves_on", "    writes: [self]\n",
     "    writes: [self]\n    outcome: withdrawn\n", "outcome: withdrawn", "stage draft",
     "outcome is not a field here"),
    ("unreachable_stage", "quotas:", "  - {id: limbo, name: {zh: 悬空}, article: 2, outcome: "
     "declined}\nquotas:", "{id: limbo", "stage limbo", "cannot be reached from the first stage"),
    ("key_given_twice", "batch_every_years: 1", "batch_every_years: 1\nbatch_every_years: 2",
     "batch_every_years: 2", "", "key 'batch_every_years' is given twice"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "at", "where", "message"), [c[1:] for c in PROCEDURE],
                         ids=[c[0] for c in PROCEDURE])  # fmt: skip
def test_measures_of_format_1_are_reported_by_their_own_lines(
    tmp_path, old, new, at, where, message
):
    folder, line = broken(tmp_path, MEASURES, old, new, at, FORMAT_1)

    assert (MEASURES, line, where, message, "error") in found_in(folder)
