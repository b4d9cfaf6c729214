"""Facts files with something wrong: every problem by row and column, nothing taken over."""

from __future__ import annotations

from datetime import date
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from tests.scoring.sheets import GOOD, csv_file, problems_of, town, with_sheet, xlsx_file

from shifan.scoring.table.problems import BadFacts, place
from shifan.scoring.table.read import read

MANY = [
    ["unit", "plan_published", "green_covr", "upkeep", "upkeep", "community_gardens"],
    ["a", "maybe", "", "good", "", "-1"],
    ["", "yes", "", "superb", "", "x"],
    ["a", "no", "", "fair", "", "1.5"],
]


def test_all_problems_of_a_csv_come_at_once_in_order(tmp_path):
    assert problems_of(csv_file(tmp_path, MANY)) == [
        (1, "green_covr", "is not a column of these indicators; did you mean green_cover?"),
        (1, "upkeep", "the name is already used by column upkeep"),
        (2, "plan_published", "'maybe' is neither yes nor no"),
        (2, "community_gardens", "-1 is not between 0 and 1000000000"),
        (3, "unit", "the unit is missing"),
        (3, "upkeep", "'superb' is not one of the grades good, fair, poor"),
        (3, "community_gardens", "'x' is not a number"),
        (4, "unit", "unit a already stands in row 2"),
        (4, "community_gardens", "1.5 has more than 0 decimal places"),
    ]


def test_problems_of_a_workbook_name_the_columns_letter_too(tmp_path):
    places = [(row, column) for row, column, _ in problems_of(xlsx_file(tmp_path, MANY))]

    assert places == [
        (1, "green_covr (C)"), (1, "upkeep (E)"), (2, "plan_published (B)"),
        (2, "community_gardens (F)"), (3, "unit (A)"), (3, "upkeep (D)"),
        (3, "community_gardens (F)"), (4, "unit (A)"), (4, "community_gardens (F)"),
    ]  # fmt: skip


def test_problem_reads_well_in_both_languages(tmp_path):
    with pytest.raises(BadFacts) as refused:
        read(xlsx_file(tmp_path, [["unit", "upkeep"], ["a", "bad"]]), town())

    line = place(refused.value.problems[0])
    assert line.zh == "第 2 行，upkeep (B) 列：“bad”不是可选等级（good、fair、poor）"
    assert line.en == "row 2, column upkeep (B): 'bad' is not one of the grades good, fair, poor"


def test_more_than_a_thousand_problems_are_counted_and_the_first_listed(tmp_path):
    rows = [["unit", "nursery"], *([f"u{n}", "maybe"] for n in range(31_000))]
    rows[5] = ["u0", "yes"]

    with pytest.raises(BadFacts) as refused:
        read(csv_file(tmp_path, rows), town())

    assert (refused.value.total, len(refused.value.problems)) == (31_000, 1000)
    assert [(p.row, p.column) for p in refused.value.problems[3:5]] == [(5, "nursery"), (6, "unit")]


@pytest.mark.parametrize("make", [csv_file, xlsx_file])
def test_file_without_a_header_is_refused(tmp_path, make):
    path = make(tmp_path, [["a", "yes"], ["b", "no"]])

    assert problems_of(path) == [
        (None, "", "row 1 is not a header: it must name the column unit and the columns of the "
         "facts"),
    ]  # fmt: skip


def test_header_without_the_unit_is_refused(tmp_path):
    assert problems_of(csv_file(tmp_path, [["nursery", "upkeep"], ["yes", "bad"]])) == [
        (1, "", "the column of the units is missing: the header must name one `unit`"),
        (2, "upkeep", "'bad' is not one of the grades good, fair, poor"),
    ]


def test_two_unit_columns_are_refused(tmp_path):
    assert problems_of(xlsx_file(tmp_path, [["unit", "单位"], ["a", "b"]])) == [
        (1, "单位 (B)", "the name is already used by column unit (A)")
    ]


@pytest.mark.parametrize("make", [csv_file, xlsx_file])
def test_header_alone_is_refused(tmp_path, make):
    assert problems_of(make(tmp_path, [["unit", "nursery"]])) == [
        (None, "", "there is no row below the header")
    ]


def test_empty_file_and_empty_workbook_are_refused(tmp_path):
    empty, blank = tmp_path / "empty.csv", csv_file(tmp_path, [[""], ["  "]], name="blank.csv")
    empty.write_bytes(b"")

    assert problems_of(empty) == [(None, "", "the file is empty")]
    assert problems_of(blank) == [(None, "", "the file has no rows")]
    assert problems_of(xlsx_file(tmp_path, [])) == [
        (None, "", "the workbook has no cells in any visible sheet")
    ]


def test_column_with_cells_but_no_name_is_refused(tmp_path):
    rows = [["unit", None, "upkeep"], ["a", None, "good"], ["b", 3, "fair"]]
    text = "the column has cells but no name"

    assert problems_of(csv_file(tmp_path, rows)) == [(3, "#2", text)]
    assert problems_of(xlsx_file(tmp_path, rows)) == [(3, "B", text)]


def test_rows_of_unequal_length_are_refused(tmp_path):
    path = tmp_path / "facts.csv"
    path.write_text("unit,upkeep\na,good,,\n\nb\nc,good,1\n")

    assert problems_of(path) == [
        (4, "", "the row has 1 fields, the header 2"),
        (5, "", "the row has 3 fields, the header 2"),
    ]


def test_error_cell_is_refused_and_never_passes_for_missing(tmp_path):
    def error(_, sheet):
        sheet.write_formula(1, 1, "=1/0", None, "#DIV/0!")

    path = xlsx_file(tmp_path, [["unit", "green_cover"], ["a"], ["b", 20]], error)

    assert problems_of(path) == [(2, "green_cover (B)", "the cell holds the error #DIV/0!")]


def test_formula_without_a_stored_result_is_refused(tmp_path):
    def formula(_, sheet):
        sheet.write_formula(2, 1, "=1+1", None, "")

    path = xlsx_file(tmp_path, [["unit", "green_cover"], ["a", 20], ["b"]], formula)

    assert problems_of(path) == [
        (3, "green_cover (B)", "the formula's result is not stored; open and save the file in a "
         "spreadsheet program, or fill in the value"),
    ]  # fmt: skip


def test_merged_cells_are_refused_by_their_range(tmp_path):
    def merge(_, sheet):
        sheet.merge_range(1, 1, 2, 1, "good")

    path = xlsx_file(tmp_path, [["unit", "upkeep"], ["a"], ["b"]], merge)

    assert problems_of(path) == [
        (2, "upkeep (B)", "cells B2:B3 are merged; unmerge them and fill in each")
    ]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "＝1", '=HYPERLINK("x")'])
def test_unit_that_a_spreadsheet_would_run_is_refused(tmp_path, text):
    path = xlsx_file(tmp_path, [["unit"], [text]])

    [(row, column, sentence)] = problems_of(path)
    assert (row, column, sentence[:9]) == (2, "unit (A)", "the unit ")
    assert "must not begin with" in sentence


def test_formula_text_in_a_grade_is_a_bad_value(tmp_path):
    assert problems_of(xlsx_file(tmp_path, [["unit", "upkeep"], ["a", "=good"]])) == [
        (2, "upkeep (B)", "'=good' is not one of the grades good, fair, poor")
    ]


def test_date_in_a_number_column_is_refused(tmp_path):
    def dated(workbook, sheet):
        style = workbook.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_datetime(1, 1, date(2026, 3, 5), style)

    path = xlsx_file(tmp_path, [["unit", "community_gardens"], ["a"]], dated)

    assert problems_of(path) == [(2, "community_gardens (B)", "'2026-03-05' is not a number")]


def test_unit_that_is_no_text_or_has_control_characters_is_refused(tmp_path):
    path = xlsx_file(tmp_path, [["unit"], [1.5], [1e16], ["a\tb"]])

    assert problems_of(path) == [
        (2, "unit (A)", "the unit 1.5 is not text; format the column as text"),
        (3, "unit (A)", "the unit 1e+16 is not text; format the column as text"),
        (4, "unit (A)", "the unit has invisible characters or more than 200 of them"),
    ]


def test_not_applicable_is_refused_where_the_clause_does_not_allow_it(tmp_path):
    rows = [["unit", "plan_published"], ["a", "不适用"]]

    assert problems_of(csv_file(tmp_path, rows)) == [
        (2, "plan_published", "1.1.1 cannot be declared not applicable")
    ]


def test_not_applicable_is_refused_where_the_mark_says_otherwise(tmp_path):
    rows = [["unit", "green_cover_not_applicable", "green_cover"], ["a", "否", "不适用"]]

    assert problems_of(csv_file(tmp_path, rows)) == [
        (2, "green_cover_not_applicable", "says no here, while the clause's own cell says not "
         "applicable"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"unit,upkeep\na,go\0od\n",
         "the file has NUL bytes, so it is not text; save it as CSV or XLSX"),
        (b"unit\n\xff\xff\xff\xff\n",
         "the file is neither UTF-8 nor GB18030 text; save it as CSV in UTF-8"),
        (b"\xef\xbb\xbfunit\n\xff\n", "the file is not valid utf-8-sig text"),
        (b"%PDF-1.7\n", "this is a PDF file, not a table"),
        (b"\x1f\x8b\x08\0", "this is a gzip file, not a table"),
        (b"PK\x03\x04 and then nothing",
         "the workbook is damaged or incomplete: File is not a zip file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
         "old Excel files (.xls) are not read, since their error cells would pass for empty ones; "
         "save it as .xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
         "the workbook is protected by a password; remove it first"),
    ],
)  # fmt: skip
def test_file_that_is_no_table_is_refused_with_a_sentence(tmp_path, content, sentence):
    path = tmp_path / "facts.csv"
    path.write_bytes(content)

    assert problems_of(path) == [(None, "", sentence)]


def test_quotation_mark_never_closed_is_refused(tmp_path):
    path = tmp_path / "facts.csv"
    path.write_text('unit,upkeep\na,good\n"b,fair\n' + "c,fair\n" * 30_000)

    [(row, column, sentence)] = problems_of(path)
    assert (row, column) == (None, "")
    assert sentence.startswith("after row 1 a quotation mark is not closed or a field has more")


def test_zip_that_is_no_workbook_is_refused(tmp_path):
    with ZipFile(tmp_path / "facts.xlsx", "w") as package:
        package.writestr("word/document.xml", "<document/>")

    assert problems_of(tmp_path / "facts.xlsx") == [
        (None, "", "this is a zip file, but not an Excel workbook (.xlsx)")
    ]


def test_workbook_that_would_unpack_to_far_more_is_not_opened(tmp_path):
    path = xlsx_file(tmp_path, GOOD)
    with ZipFile(path, "a", ZIP_DEFLATED) as package:
        package.writestr("xl/media/image1.png", bytes(60_000_000))

    assert problems_of(path) == [
        (None, "", "the workbook would unpack to 60 MB; at most 4000 MB and 200 times its packed "
         "size are opened"),
    ]  # fmt: skip


def test_sheet_that_breaks_off_is_refused(tmp_path):
    path = with_sheet(xlsx_file(tmp_path, GOOD), lambda xml: xml.partition(b"</sheetData>")[0])

    assert problems_of(path) == [(None, "", "the sheet breaks off")]


def test_workbook_with_a_document_type_is_refused(tmp_path):
    path = xlsx_file(tmp_path, GOOD)
    changed = tmp_path / "changed.xlsx"
    with ZipFile(path) as old, ZipFile(changed, "w") as new:
        for part in old.namelist():
            content = old.read(part)
            if part == "xl/workbook.xml":
                content = content.replace(b"?>", b'?><!DOCTYPE x [<!ENTITY a "b">]>', 1)
            new.writestr(part, content)

    assert problems_of(changed) == [
        (None, "", "the workbook declares a document type, which no spreadsheet does")
    ]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (b'<row r="9"><c r="A4000000000"><v>1</v></c></row>',
         "the sheet numbers its rows beyond the last"),
        (b'<row r="9"><c\tr = "ZZZZZ9"><v>1</v></c></row>',
         "the sheet names columns beyond the last"),
        (b'<row r="9"><c r="A900000"><v>1</v></c><c r="XFD9"><v>1</v></c></row>',
         "a cell says that it stands in another row"),
        (b'<row r="9">' + b"<c><v>1</v></c>" * 20_000 + b"</row>",
         "a row has more cells than there are columns"),
        (b't="e"' + b"<c " * 500_000, "the sheet cannot be read: position 1: attribute key must be "
         "directly followed by `=` or space"),
    ],
)  # fmt: skip
def test_sheet_made_to_use_up_memory_or_time_is_refused(tmp_path, rows, sentence):
    path = with_sheet(
        xlsx_file(tmp_path, GOOD), lambda xml: xml.replace(b"</sheetData>", rows + b"</sheetData>")
    )

    assert problems_of(path) == [(None, "", sentence)]
