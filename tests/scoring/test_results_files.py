"""Result files: exact, harmless in a spreadsheet, whole or not there at all."""

from __future__ import annotations

from zipfile import ZipFile

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from shifan.scoring.table.sheets import MOST_ROWS
from shifan.scoring.table.write import CannotWrite, write

RESULTS = pl.DataFrame(
    {
        "unit": ["红塔区", "=1+1", "@x", "ＡＢ"],
        "total": pl.Series([1400, 1375, -500, None], dtype=pl.Int32),
        "veto_V1": [True, None, False, False],
        "verdict": ["reached"] * 4,
    }
)


def test_csv_shows_points_and_disarms_what_a_spreadsheet_would_run(tmp_path):
    write(RESULTS, tmp_path / "r.csv")

    assert (tmp_path / "r.csv").read_text("utf-8") == (
        "\ufeffunit,total,veto_V1,verdict\n"
        "红塔区,1.40,true,reached\n"
        "'=1+1,1.375,,reached\n"
        "'@x,-0.50,false,reached\n"
        "ＡＢ,,false,reached\n"
    )


def test_xlsx_shows_points_and_holds_no_formula(tmp_path):
    write(RESULTS, tmp_path / "r.xlsx")

    rows = CalamineWorkbook.from_path(tmp_path / "r.xlsx").get_sheet_by_index(0).to_python()
    assert rows[1:] == [
        ["红塔区", 1.4, True, "reached"],
        ["=1+1", 1.375, "", "reached"],
        ["@x", -0.5, False, "reached"],
        ["ＡＢ", "", False, "reached"],
    ]
    with ZipFile(tmp_path / "r.xlsx") as package:
        assert b"<f" not in package.read("xl/worksheets/sheet1.xml")
        assert b'formatCode="0.00#"' in package.read("xl/styles.xml")


def test_parquet_keeps_millipoints_as_they_are(tmp_path):
    write(RESULTS, tmp_path / "r.parquet")

    assert pl.read_parquet(tmp_path / "r.parquet").equals(RESULTS)


def test_writing_that_fails_leaves_what_was_there(tmp_path):
    out = tmp_path / "r.csv"
    out.write_text("before")
    broken = RESULTS.lazy().select(pl.col("total").cast(pl.String).str.to_date("%Y"))

    with pytest.raises(pl.exceptions.PolarsError):
        write(broken, out)

    assert (out.read_text(), list(tmp_path.iterdir())) == ("before", [out])


def test_more_rows_than_a_sheet_holds_are_refused(tmp_path):
    many = pl.LazyFrame({"total": pl.int_range(MOST_ROWS + 1, eager=True)})

    with pytest.raises(CannotWrite) as refused:
        write(many, tmp_path / "r.xlsx")

    assert refused.value.text.en == (
        "a sheet holds 1048575 rows, here are 1048576; use .csv or .parquet"
    )
    assert list(tmp_path.iterdir()) == []


def test_file_of_another_kind_is_refused(tmp_path):
    with pytest.raises(CannotWrite) as refused:
        write(RESULTS, tmp_path / "r.docx")

    assert refused.value.text.zh == "r.docx 的后缀应为 .csv, .xlsx, .parquet 之一"
