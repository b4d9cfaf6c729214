"""The list of applications: sorted by its columns, filtered by its address, taken away as shown."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from python_calamine import CalamineWorkbook
from tests.conftest import NOW
from tests.titled import begun

from shifan.proceedings.models import Proceeding, Turn
from shifan.proceedings.turns import retake
from shifan.statements.assessment import assess
from shifan.units.models import Division, Unit

NAMES = ("=丙州", "甲州", "乙州")


@pytest.fixture
def files(world):
    made = []
    for number, name in enumerate(NAMES):
        place = Division.objects.create(
            code=f"54{number}", name=name, level="prefecture", parent_id="53",
            path=f"/53/54{number}/",
        )  # fmt: skip
        unit = Unit.objects.create(name=name, unit_type="prefecture", division=place, is_area=True)
        made.append(begun(unit, world.cycle, "provincial_inspection", ["provincial"]))
        Proceeding.objects.filter(pk=made[-1].pk).update(total=1000 * number)
        retake([assess(made[-1], NOW)])
        Turn.objects.filter(proceeding=made[-1]).update(due_at=NOW + timedelta(days=1 - number))
    return made


def order(client, query):
    page = client.get(f"/applications/{query}").content.decode()
    found = sorted((page.index(f">{name}</a>"), name) for name in NAMES if f">{name}</a>" in page)
    return [name for _, name in found]


def test_every_column_sorts_both_ways(world, files):
    client = world.client("reviewer")

    assert order(client, "?sort=points") == ["=丙州", "甲州", "乙州"]
    assert order(client, "?sort=-points") == ["乙州", "甲州", "=丙州"]
    assert order(client, "?sort=due") == ["乙州", "甲州", "=丙州"]
    for key in ("unit", "place", "stage", "result", "nonsense", "-due"):
        assert set(order(client, f"?sort={key}")) == set(NAMES)


def test_late_ones_and_whose_turn_it_is_are_filters(world, files):
    client = world.client("reviewer")

    assert order(client, "?late=1") == ["乙州"]
    assert set(order(client, "?turn=provincial:reviewer")) == set(NAMES)
    assert order(client, "?turn=national:reviewer") == []


def test_list_is_taken_away_as_it_is_filtered_and_sorted(world, files):
    client = world.client("reviewer")

    sent = client.get("/applications/list.csv?sort=points&late=")
    rows = list(csv.reader(io.StringIO(sent.getvalue().decode("utf-8-sig"))))
    assert [row[0] for row in rows] == ["单位", "'=丙州", "甲州", "乙州"]
    assert rows[1][-1] == str(files[0].pk)

    sent = client.get("/applications/list.xlsx?late=1")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(sent.getvalue())).get_sheet_by_index(0)
    assert [row[0] for row in sheet.to_python()] == ["单位", "乙州"]
    assert client.get("/applications/list.pdf").status_code == 404


def test_nobody_takes_away_what_is_not_theirs(world, files):
    for name in ("other_reviewer", "clerk"):
        sent = world.client(name).get("/applications/list.csv?sort=-points").getvalue().decode()
        assert not any(each in sent for each in NAMES)
    assert world.client("stranger").get("/applications/list.csv").status_code == 403


def test_files_of_a_unit_cannot_be_ordered_by_points_it_does_not_see(world, files):
    content = world.client("clerk").get("/applications/?sort=points").content.decode()

    assert "aria-sort" not in content
    assert 'href="?sort=-points"' not in content
