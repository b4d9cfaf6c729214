"""The cells and the files of a form: taken as they are shown, or refused for their true reason."""

from __future__ import annotations

import zipfile
from datetime import datetime, time
from pathlib import Path

import pytest
import xlsxwriter
from tests.surveys.instrument.test_read import HEADS, YES_NO, form, refusals

from shifan.surveys.instrument.read import read


def cells(path: Path, write_choices) -> Path:
    """A form with one question, whose choices ``write_choices`` types into the sheet."""
    book = xlsxwriter.Workbook(path / "form.xlsx")
    sheet = book.add_worksheet("survey")
    for number, row in enumerate((HEADS, ("select_one yn", "a", "甲"))):
        sheet.write_row(number, 0, row)
    sheet = book.add_worksheet("choices")
    sheet.write_row(0, 0, YES_NO[0])
    sheet.write_row(1, 0, ("yn", "x", "甲"))
    write_choices(book, sheet)
    book.close()
    return path / "form.xlsx"


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (0.5, "0%", "50%"), (2, "0.00", "2.00"), (53, "000000", "000053"), (1234, "#,##0", "1,234"),
        (True, "General", "TRUE"), (0.125, "0.0%", "12.5%"), (95, '0"分"', "95分"), (3, None, "3"),
    ],
)  # fmt: skip
def test_label_is_what_its_cell_shows(tmp_path, value, code, shown):
    def typed(book, sheet):
        kept = book.add_format({"num_format": code}) if code else None
        sheet.write(2, 2, value, kept)
        sheet.write_row(2, 0, ("yn", "y"))

    found = read(cells(tmp_path, typed))

    assert [choice.label["default"] for choice in found.asked[0].choices] == ["甲", shown]


@pytest.mark.parametrize(
    ("column", "typed", "said"),
    [
        (2, ("d", datetime(2026, 5, 10), "d-mmm"), "choices 3 label: the cell was kept as a date"),
        (1, ("d", datetime(2026, 5, 10), "d-mmm"), "choices 3 name: the cell was kept as a date"),
        (2, ("d", time(8, 30), "h:mm"), "choices 3 label: the cell was kept as a date or a time"),
        (2, ("n", 0.5, "# ?/?"), "choices 3 label: what the cell shows cannot be told"),
        (2, ("f", "=1/0", "#DIV/0!"), "choices 3 label: the cell holds the error #DIV/0!"),
        (2, ("f", "=A1", ""), "choices 3 label: the formula's result is not stored"),
    ],
)
def test_cell_that_cannot_be_read_gets_its_true_reason_and_nothing_else(
    tmp_path, column, typed, said
):
    def write_choices(book, sheet):
        sheet.write_row(2, 0, ("yn", "y", "乙"))
        kind, value, more = typed
        if kind == "f":
            sheet.write_formula(2, column, value, None, more)
        else:
            kept = book.add_format({"num_format": more})
            write = sheet.write_datetime if kind == "d" else sheet.write_number
            write(2, column, value, kept)

    found = refusals(cells(tmp_path, write_choices))

    assert len(found) == 1
    assert found[0].startswith(said)


def test_merged_rows_are_refused_and_blank_tails_are_not(tmp_path):
    def merged(book, sheet):
        sheet.merge_range(2, 0, 4, 0, "yn")
        sheet.write_row(2, 1, ("y", "乙"))

    def tail(book, sheet):
        sheet.write_row(2, 0, ("yn", "y\u00a0", "\u3000乙"))
        sheet.write(40_000, 1, " ")

    assert "cells A3:A5 are merged" in refusals(cells(tmp_path, merged))[0]
    found = read(cells(tmp_path, tail))
    assert [(c.name, c.label["default"]) for c in found.asked[0].choices] == [
        ("x", "甲"), ("y", "乙"),
    ]  # fmt: skip


def test_files_that_are_no_form_get_a_sentence(tmp_path):
    for name, content, said in (
        ("form.csv", b"type,name,label", "a form is an XLSX workbook, this is CSV"),
        ("old.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "save it as .xlsx"),
        ("big.xlsx", bytes(2_000_001), "the file is larger than 2 MB"),
        ("empty.xlsx", b"", "the file is empty"),
        ("broken.xlsx", b"PK\x03\x04broken", "the workbook is damaged"),
    ):
        (tmp_path / name).write_bytes(content)
        assert said in refusals(tmp_path / name)[0]


def test_bomb_is_not_unpacked(tmp_path):
    path = form(tmp_path, [HEADS, ("text", "a", "甲")])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet9.xml", bytes(40_000_000))

    assert "would unpack to" in refusals(path)[0]
