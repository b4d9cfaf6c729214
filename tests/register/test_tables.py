"""Places, units and titles by table: all or none, each fault at its row."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
import xlsxwriter
from django.db.models import Value
from django.db.models.lookups import Exact
from tests.conftest import NOW
from typer.testing import CliRunner

from shifan.accounts.actor import SYSTEM, Actor, Office
from shifan.cli import app
from shifan.cycles.actions import open_cycle, publish
from shifan.errors import NotAllowed
from shifan.ledger.models import Entry
from shifan.register.tables import import_titles, import_units
from shifan.rulebook.loader import load
from shifan.titles.models import Title
from shifan.titles.queries import standing
from shifan.units.models import Division, Unit
from shifan.units.queries import kind_in, lying_in, of_area

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
    assert come("places load", PLACES).output == "New places: 3.\n"
    assert come("places load", PLACES).output == "New places: 0.\n"
    assert Division.objects.get(code="GB-HLD").path == "/GB/GB-SCT/GB-HLD/"
    assert come("units import", UNITS).output == "New units: 2, on record before: 0.\n"
    assert come("units import", UNITS).output == "New units: 0, on record before: 2.\n"
    assert come("titles import", TITLES).output == "New titles: 2, on record before: 0.\n"
    assert come("titles import", TITLES).output == "New titles: 0, on record before: 2.\n"

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
        ("Coul Park,organisation,GB-HLD,office,2024-02-30,,,M", "“2024-02-30” is no day"),
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


WIDE = """name,unit_type,place,also,sites
River Park,organisation,GB-HLD,GB-SCT;GB-ISL,Upper Reach；Delta; Delta
World Trail,organisation,,,
"""


def wide(come):
    come("places load", f"{PLACES}GB-ISL,Isles,prefecture,GB,\n")
    return come("units import", WIDE)


def test_unit_lies_in_several_places_with_sites_or_in_none(parks, come):
    assert wide(come).output == "New units: 2, on record before: 0.\n"
    assert wide(come).output == "New units: 0, on record before: 2.\n"

    river, trail = Unit.objects.order_by("name")
    assert [each.name for each in river.sites.all()] == ["Delta", "Upper Reach"]
    assert {each.code for each in river.also_in.all()} == {"GB-SCT", "GB-ISL"}
    assert (trail.division, trail.place) == (None, "/")
    everything = {river, trail}
    for area, charge, reach in (
        ("/", everything, everything), ("/GB/GB-SCT/", {river}, {river}),
        ("/GB/GB-ISL/", set(), {river}), ("/FR/", set(), set()),
    ):  # fmt: skip
        assert set(Unit.objects.filter(of_area(area))) == charge, area
        assert set(Unit.objects.filter(lying_in(area))) == reach, area


def test_titles_of_such_units_stand_in_the_register_with_places_and_sites(parks, come, client):
    wide(come)
    rows = (
        "River Park,organisation,GB-HLD,office,2024-05-01,2030-04-30,,M\n"
        "World Trail,organisation,,office,2024-05-01,2030-04-30,,M\n"
    )
    done = come("titles import", TITLES.splitlines()[0] + "\n" + rows)
    assert done.output == "New titles: 2, on record before: 0.\n"

    for address in ("/", "/register/", "/register/?province=GB"):
        assert "River Park" in client.get(address).content.decode(), address
    assert "World Trail" in client.get("/register/").content.decode()
    title = Title.objects.get(unit__name="River Park")
    page = client.get(f"/register/{title.pk}/").content.decode()
    assert "Upper Reach" in page and "Isles" in page
    title = Title.objects.get(unit__name="World Trail")
    assert client.get(f"/register/{title.pk}/").status_code == 200


def test_unit_is_of_another_type_in_another_programme(parks, come, client):
    come("places load", PLACES)
    come("units import --programme example", UNITS)
    publish(book=load("geoparks/1"), actor=SYSTEM, now=NOW)

    table = "name,unit_type,place\nCoul Park,geopark,GB-HLD\n"
    assert come("units import --programme geoparks", table).output.startswith("New units: 1,")
    assert come("units import --programme geoparks", table).output.startswith("New units: 0,")

    unit = Unit.objects.get(name="Coul Park")
    assert (unit.kind_in("example"), unit.kind_in("geoparks")) == ("organisation", "geopark")
    for name, programme in (("organisation", "example"), ("geopark", "geoparks")):
        found = Unit.objects.annotate(p=Value(programme)).filter(Exact(kind_in("p"), name))
        assert unit in found
    titles = (
        "name,unit_type,place,tier,from,source\nCoul Park,geopark,GB-HLD,network,2024-05-01,M\n"
    )
    assert come("titles import --programme geoparks", titles).output.startswith("New titles: 1,")
    listed = client.get("/register/?programme=geoparks&type=geopark").content.decode()
    assert "Coul Park" in listed
    assert "Coul Park" not in client.get("/register/?type=organisation").content.decode()


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("X,organisation,GB,FR,", "there is no place FR"),
        ("X,organisation,GB,GB-HLD;FR,", "there is no place FR"),
    ],
)
def test_further_place_that_is_none_is_named(parks, come, row, sentence):
    come("places load", PLACES)

    refused = come("units import", f"name,unit_type,place,also,sites\n{row}\n")

    assert "Row 2: " in refused.output
    assert sentence in refused.output
    assert not Unit.objects.exists()


@pytest.mark.parametrize("programme", ["example", "geoparks"])
@pytest.mark.parametrize("role", ["reviewer", "auditor", "officer"])
def test_who_does_not_run_the_programme_opens_no_round_and_enters_nothing(
    parks, tmp_path, programme, role
):
    """The actions ask, not the page alone."""
    runs = (programme, role) == ("example", "officer")
    actor = Actor(name="x", offices=frozenset({Office(programme, "office", role, "/")}))
    given = {"rulebook": parks, "actor": actor, "now": NOW}
    table = tmp_path / "a.csv"
    for work in (
        lambda: open_cycle(**given, year=2027, batch=1, exercise=True),
        lambda: import_units(**given, path=written(table, "name,unit_type,place\n")),
        lambda: import_titles(**given, path=written(table, TITLES.splitlines()[0] + "\n")),
    ):
        if runs:
            work()
        else:
            with pytest.raises(NotAllowed):
                work()


def written(path, text):
    path.write_text(text)
    return path


def test_import_tells_how_far_it_is(parks, come, tmp_path, monkeypatch):
    come("places load", PLACES)
    monkeypatch.setattr("shifan.bulk.PIECE", 1)
    told = []

    import_units(path=written(tmp_path / "u.csv", UNITS), rulebook=parks, actor=SYSTEM, now=NOW,
                 progress=lambda rows, of: told.append((rows, of)))  # fmt: skip

    assert told == [(1, 2), (2, 2)]


def test_units_outside_of_the_programmes_places_are_refused_by_row(db, come):
    starter = load("src/shifan/rulebook/starter")
    measures = starter.measures.model_copy(update={"places": ("GB", "0")})
    publish(book=replace(starter, measures=measures, digest="e" * 64), actor=SYSTEM, now=NOW)
    come("places load", PLACES + "FR,France,country,,\nFR-BRE,Bretagne,province,FR,\n")
    Division.objects.create(code="0", name="全国", level="country", path="/")
    Division.objects.create(code="53", name="云南省", level="province", parent_id="0", path="/53/")

    here = UNITS + "Yunnan Park,organisation,53\n"
    refused = come("units import", here + "Parc,organisation,FR-BRE\nFrance,organisation,FR\n")

    assert refused.exit_code == 1
    assert [line for line in refused.output.splitlines() if "outside" in line] == [
        "Row 5: Bretagne lies outside the places of this programme",
        "Row 6: France lies outside the places of this programme",
    ]
    assert not Unit.objects.exists()
    further = "name,unit_type,place,also\nTom Park,organisation,GB-SCT,FR-BRE\n"
    assert "Bretagne lies outside" in come("units import", further).output
    assert come("units import", here).output.startswith("New units: 3")
