"""The board counts the files of an office's area, and leads to them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shifan.accounts.actor import SYSTEM
from shifan.offices.board import boards
from shifan.proceedings.models import Party, Proceeding, Turn
from shifan.proceedings.turns import retake
from shifan.statements.assessment import assess
from shifan.units.actions import register_unit
from shifan.units.models import Division, Unit
from tests.conftest import NOW
from tests.titled import begun


def another(world, number: int):
    place = Division.objects.create(
        code=f"54{number}", name=f"第{number}州", level="prefecture", parent_id="53",
        path=f"/53/54{number}/",
    )  # fmt: skip
    kind = world.cycle.measures.unit_type("prefecture")
    return register_unit(name=place.name, kind=kind, division=place, actor=SYSTEM, now=NOW)


@pytest.fixture
def files(world):
    made = [
        begun(another(world, number), world.cycle, stage, ["provincial", "national"])
        for number, stage in enumerate(["provincial_inspection"] * 3 + ["proposed"] * 2)
    ]
    for each in made:
        retake([assess(each, NOW)])
    return made


def test_board_counts_by_stage_kind_and_place_and_says_what_is_late(world, files):
    Turn.objects.filter(proceeding=files[0]).update(due_at=NOW - timedelta(days=1))
    Turn.objects.filter(proceeding=files[1]).update(due_at=NOW + timedelta(days=2))
    Turn.objects.filter(proceeding=files[2]).update(due_at=NOW + timedelta(days=20))

    (board,) = boards(world.actors["national_officer"], NOW, "zh")

    cell = board.whole.cells["provincial_inspection"]
    assert (cell.files, cell.late, cell.soon) == (3, 1, 1)
    assert board.whole.cells["proposed"].files == 2
    assert [(line.key, line.cells["proposed"].files) for line in board.places] == [("53", 2)]
    assert [line.key for line in board.kinds] == ["prefecture"]
    assert [each.pk for each, _ in board.late] == [files[0].pk]
    assert board.quotas[0].awarded == 0


def test_every_number_leads_to_its_files(world, files):
    client = world.client("national_officer")

    content = client.get("/board/").content.decode()

    cycle = world.cycle.pk
    assert f"stage=proposed&amp;cycle={cycle}&amp;place=53" in content
    found = client.get(f"/applications/?stage=proposed&cycle={cycle}&place=53&kind=prefecture")
    listed = found.content.decode()
    assert "第3州" in listed
    assert "第0州" not in listed
    assert "第3州" not in client.get("/applications/?place=43").content.decode()


def test_board_is_for_offices_and_shows_each_its_own(world, files):
    assert world.client("other_reviewer").get("/board/").status_code == 200
    assert boards(world.actors["other_reviewer"], NOW, "zh") == []
    assert len(boards(world.actors["reviewer"], NOW, "zh")) == 1
    assert world.client("clerk").get("/board/").status_code == 403


def test_number_of_queries_does_not_grow_with_files(world, files):
    client = world.client("national_officer")

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get("/board/")
        return len(queries)

    cost()
    few = cost()
    for number in range(5, 25):
        begun(another(world, number), world.cycle, "proposed", ["provincial", "national"])
    assert cost() == few <= 20


def test_every_column_sorts(world, files):
    begun(world.neighbour, world.cycle, "proposed", ["national"])
    client = world.client("national_officer")

    def places(sort: str) -> list[str]:
        content = client.get(f"/board/?sort={sort}").content.decode()
        table = content.split("board-table")[1].split("</table>")[0]
        return re.findall(r"place=(\d+)", table)

    one, other = places("proposed"), places("-proposed")
    assert set(one) == {"43", "53"}
    assert list(dict.fromkeys(one)) == list(dict.fromkeys(other))[::-1]
    for key in ("name", "-name", "who", "-files", "-late", "since", "nothing", "-"):
        assert client.get(f"/board/?sort={key}").status_code == 200
    content = client.get("/board/?sort=-files").content.decode()
    assert 'aria-sort="descending"' in content
    assert "sort=files" in content


def test_file_is_counted_under_the_type_its_unit_has_in_the_programme(world, files):
    unit = files[0].concerned
    unit.kinds = {"neac": "county"}
    unit.save()

    (board,) = boards(world.actors["national_officer"], NOW, "zh")

    kinds = {line.key: line.cells["provincial_inspection"].files for line in board.kinds}
    assert kinds == {"prefecture": 2, "county": 1}


def test_files_of_units_that_lie_nowhere_are_counted_beside_the_others(world, files):
    """As many wait in either; the place of one of them is none."""
    kind = world.cycle.measures.unit_type("enterprise")
    unit = Unit.objects.create(name="随处", unit_type=kind.id)
    begun(unit, world.cycle, "proposed", [])
    Party.objects.create(
        proceeding=Proceeding.objects.get(unit=unit), capacity="national", office="national",
        programme="neac", place=unit.place, named_at=NOW,
    )  # fmt: skip
    retake([assess(Proceeding.objects.get(unit=unit), NOW)])

    (board,) = boards(world.actors["national_officer"], NOW, "zh")

    assert board.whole.cells["proposed"].files == 3
    assert {each.place for each in board.waiting} >= {"", "53"}
    assert world.client("national_officer").get("/board/?sort=who").status_code == 200
    assert "随处" in world.client("national_officer").get("/applications/").content.decode()
