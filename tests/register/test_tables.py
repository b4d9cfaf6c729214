"""Places, units and titles by table: all or none, each fault at its row."""

from __future__ import annotations

import io

import pytest
import xlsxwriter
from tests.conftest import NOW
from typer.testing import CliRunner

from shifan.accounts.actor import SYSTEM
from shifan.cli import app
from shifan.cycles.actions import publish
from shifan.ledger.models import Entry
from shifan.rulebook.loader import load
from shifan.titles.models import Title
from shifan.titles.queries import standing
from shifan.units.models import Division, Unit

PLACES = """code,name,level,parent,name_en
GB,United Kingdom,country,,
GB-SCT,Alba,province,GB,Scotland
GB-HLD,Highland,prefecture,GB-SCT,
"""
UNITS = """name,unit_type,place
Coul Park,organisation,GB-HLD
Tom Park,organisation,GB-SCT
"""
TITLES = """name,unit_type,place,tier,from,until,grade,source
Coul Park,organisation,GB-HLD,office,2024-05-01,2027-04-30,,Minutes of 2024
Tom Park,organisation,GB-SCT,office,2020-05-01,2023-04-30,,Minutes of 2020
"""


@pytest.fixture
def parks(db):
    return publish(book=load("src/shifan/rulebook/starter"), actor=SYSTEM, now=NOW)


@pytest.fixture
def come(tmp_path):
    def come(words, text, name="a.csv"):
        path = tmp_path / name
        path.write_text(text)
        return CliRunner().invoke(app, [*words.split(), str(path), "--lang", "en"])

    return come


def test_places_units_and_titles_come_in_and_once_only(parks, come):
    assert come("places load", PLACES).output == "3 places are new.\n"
    assert come("places load", PLACES).output == "0 places are new.\n"
    assert Division.objects.get(code="GB-HLD").path == "/GB/GB-SCT/GB-HLD/"
    assert come("units import", UNITS).output == "2 units are new, 0 were on record.\n"
    assert come("units import", UNITS).output == "0 units are new, 2 were on record.\n"
    assert come("titles import", TITLES).output == "2 titles are new, 0 were on record.\n"
    assert come("titles import", TITLES).output == "0 titles are new, 2 were on record.\n"

    title = Title.objects.get(unit__name="Coul Park")
    assert (str(standing(title, NOW.date()).state), title.events.get().source) == (
        "valid", "Minutes of 2024",
    )  # fmt: skip
    assert Entry.objects.filter(verb="titles.imported").count() == 2


def test_workbook_says_the_same(parks, come, tmp_path):
    come("places load", PLACES)
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet()
        for number, line in enumerate(UNITS.splitlines()):
            sheet.write_row(number, 0, line.split(","))
    (tmp_path / "u.xlsx").write_bytes(content.getvalue())

    made = CliRunner().invoke(app, ["units", "import", str(tmp_path / "u.xlsx")])

    assert made.exit_code == 0, made.output
    assert Unit.objects.count() == 2


@pytest.mark.parametrize(
    ("text", "row", "sentence"),
    [
        ("A,甲,province,B\nB,乙,province,A\n", 2, "not beneath that of its parent B"),
        ("A,甲,province,A\n", 2, "not beneath that of its parent A"),
        ("A,甲,province,\nA,乙,county,\n", 3, "comes twice"),
        ("A,甲,province,X\n", 2, "there is no parent X"),
        ("A,甲,kingdom,\n", 2, "the level must be one of"),
        ("A/B,甲,country,\n", 2, "cannot be a code"),
        ("A,,country,\n", 2, "there is no name"),
        ("0,别处,country,\n", 2, "is known and differs"),
    ],
)
def test_scheme_that_cannot_be_is_refused_whole(divisions, come, text, row, sentence):
    before = Division.objects.count()

    refused = come("places load", f"code,name,level,parent\n{text}")

    assert refused.exit_code == 1
    assert f"Row {row}: " in refused.output
    assert sentence in refused.output
    assert Division.objects.count() == before


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("Coul Park,organisation,GB-HLD,office,2024-02-30,,,M", "a day must exist"),
        ("Coul Park,organisation,GB-HLD,office,2024-05-01,2023-01-01,,M", "before it begins"),
        ("No Park,organisation,GB-HLD,office,2024-05-01,,,M", "no such unit: No Park"),
        ("Coul Park,prefecture,GB-HLD,office,2024-05-01,,,M", "the type must be one of"),
        ("Coul Park,organisation,GB-HLD,national,2024-05-01,,,M", "the tier must be one of"),
        ("Coul Park,organisation,GB-HLD,office,2024-05-01,,,", "there is no source"),
        ("Tom Park,organisation,GB-SCT,office,2020-05-01,2023-04-30,,Minutes of 2020",
         "the same as a row before"),
    ],
)  # fmt: skip
def test_one_bad_row_is_named_and_no_title_enters(parks, come, row, sentence):
    come("places load", PLACES)
    come("units import", UNITS)

    refused = come("titles import", f"{TITLES}{row}\n")

    assert refused.exit_code == 1
    assert "Row 4: " in refused.output
    assert sentence in refused.output
    assert not Title.objects.exists()


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("X,organisation,FR", "there is no place FR"),
        ("X,town,GB", "the type must be one of"),
        (",organisation,GB", "missing or too long"),
        ("Coul Park,organisation,GB-HLD", "the same as a row before"),
    ],
)
def test_one_bad_row_is_named_and_no_unit_enters(parks, come, row, sentence):
    come("places load", PLACES)

    refused = come("units import", f"{UNITS}{row}\n")

    assert refused.exit_code == 1
    assert "Row 4: " in refused.output
    assert sentence in refused.output
    assert not Unit.objects.exists()


def test_table_without_a_column_or_of_another_programme_is_refused(parks, come):
    assert "There is no column place" in come("units import", "name,unit_type\na,b\n").output
    other = come("units import --programme elsewhere", UNITS)
    assert "published are: example" in other.output
