"""What somebody says of its employer and its conflicts, on a page of its own."""

from __future__ import annotations

from datetime import date

from shifan.ledger.models import Entry
from shifan.people.models import Declaration, Workplace
from tests.conftest import NOW


def test_employer_is_said_changed_and_taken_back(world):
    client = world.client("stranger")

    client.post("/people/conflicts/", {"employer": "云南大学", "place": "5304"})
    said = Workplace.objects.get(user__username="stranger")
    assert (said.employer, said.division_id) == ("云南大学", "5304")
    client.post("/people/conflicts/", {"employer": "", "place": ""})

    assert not Workplace.objects.exists()
    assert Entry.objects.filter(verb="workplace.said").count() == 2


def test_conflict_is_declared_and_its_end_noted(world):
    client = world.client("stranger")

    for until in ("", "2026-11-30"):
        sent = {"unit": world.unit.name, "sort": "advised", "until": until}
        assert client.post("/people/conflicts/", sent).status_code == 302

    declared = Declaration.objects.get(user__username="stranger")
    assert (declared.unit, declared.sort, declared.until) == (
        world.unit, "advised", date(2026, 11, 30),
    )  # fmt: skip
    assert world.unit.name in client.get("/people/conflicts/").content.decode()


def test_what_cannot_be_is_refused_and_nothing_kept(world):
    client = world.client("stranger")
    ahead = NOW.date().replace(year=NOW.year + 1).isoformat()

    answers = [
        client.post("/people/conflicts/", sent).status_code
        for sent in (
            {"employer": "x", "place": "999999"},
            {"employer": "x\0", "place": ""},
            {"unit": "没有这样的单位", "sort": "kin", "until": ""},
            {"unit": world.unit.name, "sort": "religion", "until": ""},
            {"unit": world.unit.name, "sort": "kin", "until": "2026-02-30"},
            {"unit": world.unit.name, "sort": "kin", "until": ahead},
            {},
        )
    ]

    assert all(answer in (200, 400, 422) for answer in answers), answers
    assert not Workplace.objects.exists()
    assert not Declaration.objects.exists()


def test_nobody_sees_another_s(world):
    world.client("clerk").post("/people/conflicts/", {"employer": "canary-employer", "place": ""})

    assert "canary-employer" not in world.client("lead").get("/people/conflicts/").content.decode()
