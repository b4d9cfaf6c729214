"""What is wrong with a procedure, found in the book of a geopark network or of a council."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from shifan.rulebook.check import check
from shifan.rulebook.loader import locate

BOOKS = Path(__file__).parents[1] / "books"
LAPSE = "effects: [{lapse: {article: 6}}]\n      - id: mission"

WRONG = [
    ("geopark", "effect_on_a_subject_that_cannot_bear_it",
     "effects: [{decline: {article: 3, deferred_months: 24}}]", "effects: [{suspend: {}}]",
     "move council.defer: suspend: a unit cannot bear it"),
    ("geopark", "deadline_counted_from_a_stage_that_comes_later",
     "            before: intake\n", "            before: two_years\n",
     "move draft.submit: deadline two_years counts from stage deferred, which comes later"),
    ("geopark", "before_that_ends_earlier_than_after",
     "            before: time_to_appeal\n            effects",
     "            before: time_to_appeal\n            after: later\n            effects",
     "move open.lodge: must be made before time_to_appeal, which comes earlier than later"),
    ("geopark", "due_at_a_stage_that_comes_later",
     "      - id: draft\n", "      - id: draft\n        due: two_years\n",
     "stage draft: deadline two_years counts from stage deferred, which comes later"),
    ("geopark", "due_by_no_deadline",
     "      - id: draft\n", "      - id: draft\n        due: some_day\n",
     "stage draft: deadline some_day is not there"),
    ("geopark", "moment_that_never_comes",
     "when: {years: 2, after: {stage: deferred}}", "when: {years: 2, after: term_end}",
     "deadline two_years: counts from term_end, which a procedure about a unit has not"),
    ("geopark", "clock_without_a_time",
     "            by: clock\n            after: two_years\n", "            by: clock\n",
     "move deferred.run_out: is made by the clock, but has no `after` to say when"),
    ("geopark", "capacity_that_nobody_has",
     "evaluator, voices: all}\n            effects: [{award: {article: 4, grade: green",
     "judge, voices: all}\n            effects: [{award: {article: 4, grade: green",
     "move mission.green: capacity judge is not among the parties"),
    ("geopark", "opened_procedure_that_is_not_there",
     "{open: {procedure: appeal, about: title}}", "{open: {procedure: plea, about: title}}",
     "move mission.red: opens procedure plea, which is not there"),
    ("geopark", "procedure_nobody_opens",
     "              - {open: {procedure: appeal, about: title}}\n", "",
     "procedure appeal: opens by a move, but no move opens it"),
    ("geopark", "stay_of_nothing", "    opens: {by: move}\n",
     "    opens: {by: {office: applicant, role: lead}}\n", None),
    ("geopark", "history_of_no_move", "move: recommend}", "move: recommended}",
     "move award: procedure application has no move recommended"),
    ("council", "quorum_nobody_can_reach", "                  quorum: 33\n",
     "                  quorum_number: 16\n",
     "move vote.carry: nobody can reach a quorum of 16: there are 15"),
    ("council", "support_nobody_can_find", "support: {percent: 5}", "support: {number: 401}",
     "move support.supported: nobody can find 401 supporters: there are 400"),
    ("council", "majority_that_holds_for_few", "                    - {more_than: 50}\n", "",
     "move vote.carry: the last majority must hold at any turnout: leave out its turnout_below"),
    ("council", "chair_that_is_no_party", "chair: chair\n", "chair: bench\n",
     "move vote.carry: ties go to the chair, but `chair` names no party"),
]  # fmt: skip


def where(book: str) -> Path:
    """The folder of a book that is shipped, or of one of the tests'."""
    return locate("geoparks/1") if book == "geopark" else BOOKS / book


def changed(tmp_path: Path, book: str, *pairs: tuple[str, str]) -> list[str]:
    """What the check says of a copy with the text changed, without file and line."""
    folder = tmp_path / book
    shutil.copytree(where(book), folder)
    file = folder / "measures.yaml"
    text = file.read_text("utf-8")
    for old, new in pairs:
        assert text.count(old) == 1, f"{old!r} stands there {text.count(old)} times"
        text = text.replace(old, new)
    file.write_text(text, "utf-8")
    return [f"{f.where}: {f.message}" for f in check(folder)[1] if f.severity == "error"]


@pytest.mark.parametrize("book", ["geopark", "certification", "council", "neac_life"])
def test_foreign_books_are_sound(book):
    assert [str(finding) for finding in check(where(book))[1]] == []


@pytest.mark.parametrize(("book", "old", "new", "said"), [(b, *c) for b, _, *c in WRONG],
                         ids=[name for _, name, *_ in WRONG])  # fmt: skip
def test_fault_of_a_procedure_is_said(tmp_path, book, old, new, said):
    pairs = [(old, new)]
    if "after: later" in new:
        pairs.append(
            ("when: {days: 30, after: origin}\n",
             "when: {days: 30, after: origin}\n      - id: later\n"
             "        name: {zh: 更晚, en: Later}\n        article: 5\n"
             "        when: {months: 2, after: origin}\n")
        )  # fmt: skip

    found = changed(tmp_path, book, *pairs)

    assert (said in found) if said is not None else found == []


def test_procedures_that_open_each_other_by_the_clock_alone_are_refused(tmp_path):
    """The revalidation lapses by the clock and would open the appeal, which opens it again."""
    again = "{open: {procedure: revalidation, about: title}}"
    found = changed(
        tmp_path, "geopark",
        ("{by: clock, when: {months: 6, before: term_end}}", "{by: move}"),
        ("after: term_end\n            effects: [{lapse: {article: 6}}]\n      - id: mission",
         "after: term_end\n            effects: [{open: {procedure: appeal, about: title}}]\n"
         "      - id: mission"),
        ("            after: time_to_appeal\n",
         f"            after: time_to_appeal\n            effects: [{again}]\n"),
    )  # fmt: skip

    said = "opens itself again with only the clock between: no person ends it"
    assert found == [f"procedure revalidation: {said}", f"procedure appeal: {said}"]


def test_moves_that_set_each_other_off_are_refused(tmp_path):
    """A batch moves its lines, which move their holders' proceedings, which move lines again."""
    folder = tmp_path / "council"
    shutil.copytree(BOOKS / "council", folder)
    file = folder / "measures.yaml"
    batch = """
  - id: release
    name: {zh: 公布, en: Release}
    article: 2
    about: batch
    opens: {by: {office: secretariat, role: officer}}
    stages:
      - id: ready
        name: {zh: 待公布, en: Ready}
        article: 2
        moves:
          - id: carry
            name: {zh: 公布, en: Release}
            to: done
            by: {office: secretariat, role: officer}
            effects: [{move: {of: lines, move: release}}]
      - {id: done, name: {zh: 已公布, en: Done}, article: 2}
  - id: item
    name: {zh: 单项, en: Line}
    article: 2
    about: line
    opens: {by: {office: secretariat, role: officer}}
    stages:
      - id: waiting
        name: {zh: 待公布, en: Waiting}
        article: 2
        moves:
          - id: release
            name: {zh: 公布, en: Release}
            to: done
            by: {office: secretariat, role: officer}
            effects: [{move: {of: lines, move: release}}]
      - {id: done, name: {zh: 已公布, en: Done}, article: 2}
"""
    file.write_text(file.read_text("utf-8").rstrip() + "\n" + batch, "utf-8")

    found = [f"{f.where}: {f.message}" for f in check(folder)[1]]

    assert (
        "procedure item: move release sets itself off again through the moves it makes of others"
    ) in found
    assert "move waiting.release: move: a line cannot bear it" in found


BATCHES = [
    ("gathers_what_is_not_there", "gathers: {of: application, at: in_batch}",
     "gathers: {of: application, at: nowhere}",
     "stage gathering: stage nowhere is not there in application"),
    ("gathers_for_what_is_no_batch",
     "        article: 1\n        writes: [self]\n",
     "        article: 1\n        gathers: {of: batch, at: gathering}\n        writes: [self]\n",
     "stage draft: only a batch gathers; it is about a unit"),
    ("made_by_a_move_that_nothing_makes", "{move: {of: lines, move: name}}",
     "{move: {of: lines, move: leave_out}}",
     "move in_batch.name: is made by a move of another, but none makes it"),
    ("anyone_could_not_know", "{by: anyone, of: batch, while_at: on_notice}",
     "{by: anyone, of: batch, while_at: gathering}",
     "procedure objection: stage gathering is not public: nobody could know of it"),
    ("anyone_begins_about_a_title", "about: line\n    opens: {by: anyone",
     "about: title\n    opens: {by: anyone",
     "procedure objection: anyone begins only what is about a line of a batch, while the batch is "
     "there"),
]  # fmt: skip


@pytest.mark.parametrize(("_name", "old", "new", "finding"), BATCHES, ids=[b[0] for b in BATCHES])
def test_batch_that_cannot_work_is_found(tmp_path, _name, old, new, finding):
    assert finding in changed(tmp_path, "neac_life", (old, new))
