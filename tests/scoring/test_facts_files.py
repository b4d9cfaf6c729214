"""Sound facts files: every usual shape gives the same table."""

from __future__ import annotations

import pytest
from tests.scoring.sheets import (
    GOOD,
    HEADER,
    READ,
    csv_file,
    problems_of,
    rows_of,
    town,
    with_sheet,
    xlsx_file,
)

from shifan.scoring.table.read import read


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_is_read_in_every_usual_encoding(tmp_path, encoding):
    assert rows_of(csv_file(tmp_path, GOOD, encoding=encoding)) == READ


@pytest.mark.parametrize("comma", [",", ";", "\t"])
def test_csv_is_read_with_every_usual_delimiter(tmp_path, comma):
    assert rows_of(csv_file(tmp_path, GOOD, comma=comma)) == READ


def test_xlsx_is_read_like_csv_and_says_which_sheet(tmp_path):
    table = read(xlsx_file(tmp_path, GOOD), town())

    assert (table.frame.collect().to_dicts(), table.format, table.sheet) == (READ, "xlsx", "数据")


def test_rows_wait_in_the_spool_and_are_the_same_rows(tmp_path, monkeypatch):
    """Batches differ in their columns: only the second says that a clause does not apply."""
    monkeypatch.setattr("shifan.scoring.table.read.SPOOLED", 10)
    monkeypatch.setattr("shifan.scoring.table.delimited.BATCH", 5)
    rows = [HEADER, *([f"u{i}", True, i, "good", "不适用" if i == 7 else 1] for i in range(30))]
    path, spool = csv_file(tmp_path, rows), tmp_path / "spool"
    spool.mkdir()

    spooled = read(path, town(), spool=spool).frame.collect()

    assert spooled.equals(read(path, town()).frame.collect())
    assert sorted(part.name for part in spool.iterdir()) == ["0.parquet", "1.parquet"]


def test_file_is_read_by_its_content_not_its_name(tmp_path):
    assert rows_of(csv_file(tmp_path, GOOD, name="facts.xlsx")) == READ
    assert rows_of(xlsx_file(tmp_path, GOOD, name="facts.csv")) == READ


@pytest.mark.parametrize("name", ["单位", "单位代码", " Unit "])
def test_unit_column_has_a_chinese_name_too(tmp_path, name):
    assert rows_of(csv_file(tmp_path, [[name, *HEADER[1:]], *GOOD[1:]])) == READ


def test_numbers_are_read_as_people_write_them(tmp_path):
    rows = [["unit", "green_cover", "community_gardens"], ["a", "３１．５％", "1,200"]]
    expected = [{"unit": "a", "green_cover": 315, "community_gardens": 1200}]

    assert rows_of(csv_file(tmp_path, rows, comma=";")) == expected
    assert rows_of(xlsx_file(tmp_path, rows)) == expected


def test_number_computed_by_a_spreadsheet_is_taken_as_it_is_shown(tmp_path):
    rows = [["unit", "green_cover"], ["a", 0.1 * 3 * 100]]

    assert rows[1][1] == 30.000000000000004
    assert rows_of(xlsx_file(tmp_path, rows)) == [{"unit": "a", "green_cover": 300}]


def test_number_shown_as_a_percentage_is_taken_as_it_is_shown(tmp_path):
    def percent(workbook, sheet):
        for row, shown in enumerate(("0%", "0.00%", '0.0"%"'), 1):
            style = workbook.add_format({"num_format": shown})
            sheet.write_row(row, 0, [f"u{row}", 0.9], style)

    path = xlsx_file(tmp_path, [["unit", "green_cover"]], percent)

    assert [row["green_cover"] for row in rows_of(path)] == [900, 900, 9]


def test_formula_counts_with_its_stored_result(tmp_path):
    def formula(_, sheet):
        sheet.write_formula(1, 1, "=30+1.5", None, 31.5)

    path = xlsx_file(tmp_path, [["unit", "green_cover"], ["a"]], formula)

    assert rows_of(path) == [{"unit": "a", "green_cover": 315}]


def test_boolean_is_read_from_words_and_numbers(tmp_path):
    rows = [["unit", "nursery"], ["a", "是"], ["b", 1], ["c", "无"], ["d", 0.0], ["e", "TRUE"]]

    assert [row["nursery"] for row in rows_of(xlsx_file(tmp_path, rows))] == [
        True, True, False, False, True,
    ]  # fmt: skip


def test_boolean_in_a_number_column_is_refused_though_one_was_read_before(tmp_path):
    rows = [["unit", "community_gardens"], ["a", "1"], ["b", 1], ["c", True]]

    assert problems_of(xlsx_file(tmp_path, rows)) == [
        (4, "community_gardens (B)", "'True' is not a number")
    ]


@pytest.mark.parametrize("word", ["不适用", "n/a", "N/A", "Ｎ／Ａ"])
def test_not_applicable_in_the_inputs_own_column_sets_the_mark(tmp_path, word):
    rows = [["unit", "green_cover"], ["a", word], ["b", 20]]
    expected = [
        {"unit": "a", "green_cover": None, "green_cover_not_applicable": True},
        {"unit": "b", "green_cover": 200, "green_cover_not_applicable": None},
    ]

    assert rows_of(csv_file(tmp_path, rows)) == expected
    assert rows_of(xlsx_file(tmp_path, rows)) == expected


@pytest.mark.parametrize("word", ["", "NA", "na", "-", "—", "/", ".", "／"])
def test_what_stands_for_nothing_is_missing(tmp_path, word):
    rows = [HEADER, ["a", word, word, word, word], ["b", "", 20, "", ""]]

    for path in (csv_file(tmp_path, rows), xlsx_file(tmp_path, rows)):
        assert set(rows_of(path)[0].values()) == {"a", None}


def test_row_that_stands_for_a_sum_is_no_unit(tmp_path):
    rows = [["unit", "upkeep"], ["a", "good"], ["合计", "good"], ["Grand Total", "good"]]

    assert [(row, said) for row, _, said in problems_of(csv_file(tmp_path, rows))] == [
        (3, "'合计' stands for a sum, not for a unit: take the row out"),
        (4, "'Grand Total' stands for a sum, not for a unit: take the row out"),
    ]


def test_code_filled_up_with_zeros_is_read_as_it_shows(tmp_path):
    def coded(book, sheet):
        sheet.write_number(1, 0, 5304, book.add_format({"num_format": "000000"}))
        sheet.write_blank(9, 5, None, book.add_format({"num_format": "0%"}))

    path = xlsx_file(tmp_path, [["unit", "upkeep"], ["", "good"]], coded)

    assert rows_of(path)[0]["unit"] == "005304"


TEXTS = {
    "latin-1": "Montréal Québec Saint-Étienne", "cp1252": "Müller in Köln, Straße",
    "big5": "臺北市政府教育局", "shift_jis": "東京都カタカナ", "cp1251": "Москва", "euc_kr":
    "서울특별시 부산광역시",
}  # fmt: skip


@pytest.mark.parametrize("encoding", TEXTS)
def test_text_of_another_encoding_is_not_guessed_into_other_letters(tmp_path, encoding):
    rows = [["unit", "upkeep"], [TEXTS[encoding].replace(",", ""), "good"]]

    ((_, _, said),) = problems_of(csv_file(tmp_path, rows, encoding=encoding))

    assert "save it as CSV in UTF-8" in said


def test_encoding_that_was_guessed_is_told(tmp_path):
    assert read(csv_file(tmp_path, GOOD), town()).guessed is None
    said = read(csv_file(tmp_path, GOOD, encoding="gb18030"), town()).guessed
    assert said is not None
    assert "it was read as GB18030" in said.en


def test_not_applicable_marks_of_both_kinds_come_together(tmp_path):
    rows = [
        ["unit", "green_cover", "green_cover_not_applicable"],
        ["a", "N/A", ""],
        ["b", "", "是"],
    ]

    assert [row["green_cover_not_applicable"] for row in rows_of(csv_file(tmp_path, rows))] == [
        True,
        True,
    ]


def test_codes_of_units_may_be_numbers_or_full_width_digits(tmp_path):
    path = xlsx_file(tmp_path, [["unit"], [530302], ["５３０４"], [" 南宁街道（新） "]])

    assert [row["unit"] for row in rows_of(path)] == ["530302", "5304", "南宁街道（新）"]


def test_blank_rows_and_columns_around_the_table_are_skipped(tmp_path):
    def shifted(_, sheet):
        sheet.write_row(3, 2, ["unit", "upkeep"])
        sheet.write_row(5, 2, ["a", "good"])
        sheet.write_row(6, 2, ["b", "bad"])
        sheet.write_row(9, 2, ["  "])

    path = xlsx_file(tmp_path, [], shifted)

    assert problems_of(path) == [
        (7, "upkeep (D)", "'bad' is not one of the grades good, fair, poor")
    ]


def test_first_sheet_with_cells_is_read_unless_one_is_named(tmp_path):
    def sheets(workbook, _):
        hidden = workbook.add_worksheet("hidden")
        hidden.write_row(0, 0, ["unit"])
        hidden.hide()
        for name in ("second", "third"):
            sheet = workbook.add_worksheet(name)
            sheet.write_column(0, 0, ["unit", name])

    path = xlsx_file(tmp_path, [], sheets)

    assert (read(path, town()).sheet, rows_of(path)) == ("second", [{"unit": "second"}])
    assert rows_of(path, "third") == [{"unit": "third"}]
    assert problems_of(path, "fourth") == [
        (None, "", "there is no sheet 'fourth'; there are: 数据、hidden、second、third")
    ]


def test_sheet_with_a_namespace_prefix_is_read(tmp_path):
    def prefixed(xml: bytes) -> bytes:
        xml = xml.replace(b"</", b"</x:").replace(b"xmlns=", b"xmlns:x=")
        return xml.replace(b"<", b"<x:").replace(b"<x:/x:", b"</x:").replace(b"<x:?", b"<?")

    assert rows_of(with_sheet(xlsx_file(tmp_path, GOOD), prefixed)) == READ


def test_sheet_whose_rows_leave_out_their_number_is_read(tmp_path):
    def silent(xml: bytes) -> bytes:
        import re

        return re.sub(rb' r="[A-Z]*\d+"', b"", xml)

    assert rows_of(with_sheet(xlsx_file(tmp_path, GOOD), silent)) == READ


def test_large_sheet_is_read_in_pieces_and_keeps_its_row_numbers(tmp_path):
    rows = [HEADER, *([f"unit {n}", True, n % 400 / 10, "fair", n] for n in range(40_000))]
    rows[39_999] = ["unit 0", True, 1, "fair", "many"]
    path = xlsx_file(tmp_path, rows)

    assert problems_of(path) == [
        (40_000, "unit (A)", "unit unit 0 already stands in row 2"),
        (40_000, "late_complaints (E)", "'many' is not a number"),
    ]


def test_large_files_of_both_kinds_give_the_same_table(tmp_path):
    rows = [HEADER, *([f"unit {n}", n % 3 == 0, n % 401 / 10, "fair", n] for n in range(12_000))]

    from_csv = read(csv_file(tmp_path, rows), town()).frame.collect()
    from_xlsx = read(xlsx_file(tmp_path, rows), town()).frame.collect()

    assert from_csv.equals(from_xlsx)
    assert from_csv.row(11_999) == ("unit 11999", False, 370, 11_999, "fair")


def test_stray_cell_in_the_last_row_costs_no_memory(tmp_path):
    def stray(_, sheet):
        sheet.write(1_048_575, 16_383, "x")

    assert problems_of(xlsx_file(tmp_path, GOOD, stray)) == [
        (1_048_576, "unit (A)", "the unit is missing"),
        (1_048_576, "XFD", "the column has cells but no name"),
    ]
