"""The workbook: out, filled in, compared, confirmed; the same file twice changes nothing."""

from __future__ import annotations

import zipfile
from pathlib import Path
from time import perf_counter

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.conftest import NOW

from shifan.accounts.actor import SYSTEM
from shifan.applications.actions import start
from shifan.cycles.actions import open_cycle
from shifan.errors import Conflict
from shifan.statements.actions import DeadlinePassed, give_tasks, state_fact
from shifan.statements.assessment import assess
from shifan.statements.models import Fact
from shifan.workbook.actions import apply
from shifan.workbook.layout import ENTRIES, NAME, STAMP, VALUE
from shifan.workbook.read import NotThisWorkbook, _sheet, compare
from shifan.workbook.write import write


@pytest.fixture
def proceeding(world):
    return world.proceeding()


def source_of(proceeding, name="self"):
    return next(s for s in proceeding.measures.fact_sources if s.id == name)


@pytest.fixture
def exported(proceeding, tmp_path) -> Path:
    path = tmp_path / "out.xlsx"
    write(assess(proceeding, NOW), source_of(proceeding), str(path), language="zh-hans", now=NOW)
    return path


def filled(path: Path, cells: dict[str, object], stamp: dict[str, str] | None = None,
           then=None) -> Path:  # fmt: skip
    """The workbook as a spreadsheet program saves it, with some values typed in.

    ``then`` gets the workbook, the sheet of the entries and its rows, to do to it what it likes.
    """
    entries, stamped = _sheet(path, ENTRIES)[0], _sheet(path, STAMP)[0]
    for row in entries:
        if len(row) > NAME and row[NAME] in cells:
            row[VALUE] = cells[str(row[NAME])]
    for row in stamped:
        row[1] = (stamp or {}).get(str(row[0]), row[1])
    saved = path.with_name("filled.xlsx")
    with xlsxwriter.Workbook(str(saved)) as book:
        for name, rows in ((ENTRIES, entries), (STAMP, stamped)):
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
            if then is not None and name == ENTRIES:
                then(book, sheet, rows)
    return saved


def look(proceeding, path):
    return compare(path, assess(proceeding, NOW), source_of(proceeding))


def plan(found):
    return {c.provision.id: (c.raw, c.seen) for c in found.changes}


def put(world, proceeding, found, by="clerk", now=NOW) -> int:
    return apply(
        proceeding=proceeding, source="self", plan=plan(found), actor=world.actors[by], now=now
    )


def test_untouched_workbook_changes_nothing(proceeding, exported):
    found = look(proceeding, exported)

    assert (found.changes, found.errors) == ([], [])


def test_what_is_typed_is_compared_and_then_written(world, proceeding, exported):
    saved = filled(exported, {
        "leading_group_in_place": "是", "performance_review_share": "８５％",
        "leading_group_meetings": 4,
    })  # fmt: skip

    found = look(proceeding, saved)

    assert [(c.provision.id, c.before.zh, c.after.zh, c.conflict) for c in found.changes] == [
        ("1.1.1", "—", "是", False), ("1.1.3", "—", "4", False), ("1.2.2", "—", "85", False),
    ]  # fmt: skip
    assert [c.after.en for c in found.changes] == ["yes", "4", "85"]
    assert Fact.objects.count() == 0
    assert put(world, proceeding, found) == 3
    assert Fact.objects.get(provision="1.2.2").values == {"performance_review_share": "85"}


def test_same_file_twice_changes_nothing(world, proceeding, exported):
    saved = filled(exported, {"leading_group_in_place": "是"})
    put(world, proceeding, look(proceeding, saved))

    again = look(proceeding, saved)

    assert (again.changes, again.errors) == ([], [])
    assert Fact.objects.count() == 1


def test_what_somebody_stated_meanwhile_is_a_conflict_and_never_overwritten_unseen(
    world, proceeding, exported
):
    saved = filled(exported, {"leading_group_meetings": "2"})
    before = look(proceeding, saved)
    state_fact(
        proceeding=proceeding, provision_id="1.1.3", source="self", now=NOW,
        raw={"leading_group_meetings": "4"}, actor=world.actors["lead"],
    )  # fmt: skip

    assert [
        (c.provision.id, c.before.zh, c.after.zh) for c in look(proceeding, saved).conflicts
    ] == [("1.1.3", "4", "2")]
    with pytest.raises(Conflict):
        put(world, proceeding, before)
    assert Fact.objects.get(superseded_at=None).values == {"leading_group_meetings": "4"}


def test_row_left_alone_keeps_what_was_stated_meanwhile(world, proceeding, exported):
    state_fact(
        proceeding=proceeding, provision_id="1.1.1", source="self", now=NOW,
        raw={"leading_group_in_place": "是"}, actor=world.actors["lead"],
    )  # fmt: skip

    assert look(proceeding, filled(exported, {})).changes == []


def test_bad_rows_are_named_and_the_others_stand(proceeding, exported):
    found = look(proceeding, filled(exported, {
        "leading_group_in_place": "也许", "performance_review_share": 120,
        "leading_group_meetings": 4,
    }))  # fmt: skip

    assert [c.provision.id for c in found.changes] == ["1.1.3"]
    assert [(e.row, e.text.zh) for e in found.errors] == [
        (2, "“也许”不是“是”或“否”"), (10, "120 不在 0 至 100 之间"),
    ]  # fmt: skip


STATED = {"leading_group_meetings": "4", "leading_group_in_place": "是",
          "performance_review_share": "85"}  # fmt: skip


@pytest.fixture
def stated(world, proceeding, tmp_path) -> Path:
    """The workbook of a file in which something was stated before."""
    for provision, name in (("1.1.1", "leading_group_in_place"),
                            ("1.1.3", "leading_group_meetings"),
                            ("1.2.2", "performance_review_share")):  # fmt: skip
        state_fact(proceeding=proceeding, provision_id=provision, source="self", now=NOW,
                   raw={name: STATED[name]}, actor=world.actors["lead"])  # fmt: skip
    path = tmp_path / "stated.xlsx"
    write(assess(proceeding, NOW), source_of(proceeding), str(path), language="en", now=NOW)
    return path


def _at(rows, name: str) -> int:
    return next(at for at, row in enumerate(rows) if len(row) > NAME and row[NAME] == name)


def _error(book, sheet, rows):
    sheet.write_formula(_at(rows, "leading_group_meetings"), VALUE, "=1/0", None, "#DIV/0!")


def _formula(book, sheet, rows):
    sheet.write_formula(_at(rows, "leading_group_meetings"), VALUE, "=A1", None, "")


def _date(book, sheet, rows):
    sheet.write_datetime(_at(rows, "leading_group_meetings"), VALUE, NOW.replace(tzinfo=None),
                         book.add_format({"num_format": "d-mmm"}))  # fmt: skip


def _emptied(book, sheet, rows):
    sheet.write_string(_at(rows, "leading_group_meetings"), VALUE, "")


@pytest.mark.parametrize(
    ("broken", "said"),
    [(_error, "the error #DIV/0!"), (_formula, "result is not stored"), (_date, "not a number"),
     (_emptied, "write 'clear' to take it back")],
)  # fmt: skip
def test_cell_that_cannot_be_read_clears_nothing(proceeding, stated, broken, said):
    found = look(proceeding, filled(stated, {"performance_review_share": 90}, then=broken))

    assert [(c.provision.id, c.after.zh) for c in found.changes] == [("1.2.2", "90")]
    assert [error.text.en for error in found.errors if said in error.text.en]
    assert len(found.errors) == 1


def test_merged_cells_clear_nothing_in_any_of_their_rows(proceeding, stated):
    def merged(book, sheet, rows):
        first = _at(rows, "leading_group_in_place")
        sheet.merge_range(first, VALUE, first + 3, VALUE, "yes")

    found = look(proceeding, filled(stated, {}, then=merged))

    assert found.changes == []
    assert len(found.errors) == 4
    assert all("are merged" in error.text.en for error in found.errors)


@pytest.mark.parametrize("word", ["清除", "clear", " Clear "])
def test_what_was_stated_is_cleared_by_a_word(proceeding, stated, word):
    found = look(proceeding, filled(stated, {"leading_group_meetings": word}))

    assert ([(c.provision.id, c.before.zh, c.after.zh) for c in found.changes], found.errors) == (
        [("1.1.3", "4", "—")], [],
    )  # fmt: skip


def test_fact_of_several_rows_is_stated_whole_or_not_at_all(proceeding, exported):
    def broken(book, sheet, rows):
        ticks = [at for at, row in enumerate(rows) if row and row[0] == "1.1.2"]
        sheet.write(ticks[0], VALUE, "是")
        sheet.write_formula(ticks[1], VALUE, "=1/0", None, "#DIV/0!")

    found = look(proceeding, filled(exported, {}, then=broken))

    assert (found.changes, len(found.errors)) == ([], 1)


@pytest.mark.parametrize(("key", "value", "sentence"), [
    ("application", "other", "不属于本申报"), ("rulebook", "0" * 64, "规则版本不同"),
    ("year", "2020", "这是 2020 年的工作簿"), ("source", "survey", "填报身份不同"),
    ("format", "9", "格式不符"),
])  # fmt: skip
def test_workbook_of_something_else_is_refused_by_name(proceeding, exported, key, value, sentence):
    with pytest.raises(NotThisWorkbook) as refused:
        look(proceeding, filled(exported, {}, {key: value}))

    assert sentence in refused.value.sentences()[0].zh


def test_workbook_of_another_year_of_the_same_unit_is_refused(world, proceeding, exported):
    cycle = open_cycle(rulebook=world.cycle.rulebook, year=2028, batch=2, actor=SYSTEM, now=NOW,
                       exercise=True)  # fmt: skip
    other = start(unit=world.unit, cycle=cycle, actor=world.actors["lead"], now=NOW)

    with pytest.raises(NotThisWorkbook):
        look(other, exported)


@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04broken"])
def test_what_is_no_workbook_is_refused(proceeding, tmp_path, content):
    path = tmp_path / "bad.xlsx"
    path.write_bytes(content)

    with pytest.raises(NotThisWorkbook):
        look(proceeding, path)


def test_zip_bomb_is_refused_quickly(proceeding, tmp_path):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/workbook.xml", b"<workbook>" + b" " * 120_000_000)
    started = perf_counter()

    with pytest.raises(NotThisWorkbook):
        look(proceeding, path)
    assert perf_counter() - started < 5


def test_deadline_holds_for_workbooks_too(world, proceeding, exported):
    found = look(proceeding, filled(exported, {"leading_group_in_place": "是"}))

    with pytest.raises(DeadlinePassed):
        put(world, proceeding, found, now=NOW.replace(year=2027, month=3, day=2))
    assert Fact.objects.count() == 0


def test_nothing_a_program_would_run_is_exported(world, proceeding, tmp_path):
    world.unit.name = '=HYPERLINK("http://evil.example","x")'
    world.unit.save()
    proceeding.refresh_from_db()
    path = tmp_path / "out.xlsx"
    write(assess(proceeding, NOW), source_of(proceeding), str(path), language="en", now=NOW)

    with zipfile.ZipFile(path) as book:
        sheets = [book.read(name) for name in book.namelist() if "worksheets/sheet" in name]
    assert len(sheets) == 3
    assert not any(b"<f>" in sheet or b"<hyperlink" in sheet for sheet in sheets)


def test_contributors_workbook_holds_its_own_clauses_only(world, proceeding, monkeypatch, tmp_path):
    give_tasks(
        proceeding=proceeding, provision_ids=["1.1.1"], due_on=None, now=NOW,
        department=world.unit.departments.get(), actor=world.actors["clerk"],
    )  # fmt: skip
    client = world.client("contributor")
    path = tmp_path / "mine.xlsx"
    path.write_bytes(client.get(f"/workbook/{proceeding.pk}/self/download/").content)

    assert [row[0] for row in _sheet(path, ENTRIES)[0][1:]] == ["1.1.1"]


def test_page_previews_and_writes_what_is_ticked(world, proceeding, exported):
    saved = filled(exported, {"leading_group_in_place": "是", "leading_group_meetings": 4})
    client = world.client("clerk")
    address = f"/workbook/{proceeding.pk}/self/"

    upload = SimpleUploadedFile("w.xlsx", saved.read_bytes())
    preview = client.post(address, {"workbook": upload})

    assert preview.status_code == 200
    assert Fact.objects.count() == 0
    sent = preview.context["plan"]
    assert client.post(address, {"plan": sent, "take": ["1.1.3"]}).status_code == 302
    assert list(Fact.objects.values_list("provision", flat=True)) == ["1.1.3"]
    assert client.post(address, {"plan": sent, "take": ["1.1.3"]}).status_code == 409


@pytest.mark.parametrize("plan", ["", "forged", "a:b:c"])
def test_forged_plan_is_refused(world, proceeding, monkeypatch, plan):
    client = world.client("clerk")

    done = client.post(f"/workbook/{proceeding.pk}/self/", {"plan": plan, "take": ["1.1.1"]})

    assert done.status_code == 400
    assert Fact.objects.count() == 0


def test_plan_of_another_file_is_refused(world, proceeding):
    from django.core import signing

    sent = signing.dumps(["other", "self", []], salt="shifan.workbook", compress=True)
    client = world.client("clerk")

    assert client.post(f"/workbook/{proceeding.pk}/self/", {"plan": sent}).status_code == 409


def test_export_and_import_take_less_than_a_second(world, proceeding, exported, tmp_path):
    started = perf_counter()
    write(assess(proceeding, NOW), source_of(proceeding), str(tmp_path / "x.xlsx"),
          language="zh-hans", now=NOW)  # fmt: skip
    put(world, proceeding, look(proceeding, filled(exported, {"leading_group_meetings": 4})))

    assert perf_counter() - started < 2
