"""Pages of applications: cost, the live fragment, conflicts, refusals."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.conftest import NOW
from tests.titled import begun

from shifan.accounts import claims
from shifan.accounts.actor import SYSTEM
from shifan.proceedings.circumstances import circumstances
from shifan.statements import assessment
from shifan.statements.models import Fact
from shifan.units.actions import register_unit
from shifan.units.models import Division


@pytest.fixture
def browser(world):
    """A signed-in browser per actor, at the world's time."""
    return world.client


def fill(world, count: int, code: str) -> None:
    """So many units of the province with an application at its inspection."""
    kind = world.cycle.measures.unit_type("prefecture")
    for number in range(count):
        name = f"{code}{number:04}"
        division = Division.objects.create(
            code=name, name=f"第{name}州", level="prefecture", parent_id="53", path=f"/53/{name}/"
        )
        unit = register_unit(
            name=division.name, kind=kind, division=division, actor=SYSTEM, now=NOW
        )
        begun(unit, world.cycle, "provincial_inspection", ["provincial"])


def test_list_costs_the_same_at_3_and_at_60_rows(world, browser):
    client = browser("reviewer")
    fill(world, 3, "5398")
    client.get("/applications/")
    with CaptureQueriesContext(connection) as few:
        client.get("/applications/")
    fill(world, 60, "5399")
    with CaptureQueriesContext(connection) as many:
        client.get("/applications/")

    assert len(many) == len(few) <= 12


def test_workspace_costs_at_most_twenty_queries(world, browser):
    client, proceeding = browser("clerk"), world.proceeding(facts=True)
    client.get(f"/applications/{proceeding.pk}/")

    with CaptureQueriesContext(connection) as queries:
        page = client.get(f"/applications/{proceeding.pk}/")

    assert page.status_code == 200
    assert len(queries) <= 20


def yes_no(proceeding):
    return next(
        c for c in proceeding.indicators.clauses
        if c.input.type == "boolean" and "self" in c.input.from_
    )  # fmt: skip


def test_htmx_gets_only_the_live_part(world, browser):
    client, proceeding = browser("clerk"), world.proceeding()
    clause = yes_no(proceeding)
    url = f"/applications/{proceeding.pk}/clauses/{clause.id}/state/"

    answer = client.post(
        url, {"source": "self", "seen": "0", clause.input.name: "true"},
        headers={"HX-Request": "true"},
    )  # fmt: skip

    assert answer.status_code == 200
    assert "<html" not in answer.content.decode()
    assert Fact.objects.get().values == {clause.input.name: "true"}


def test_conflict_keeps_what_was_typed_and_shows_what_stands(world, browser):
    proceeding = world.proceeding()
    clause = yes_no(proceeding)
    url = f"/applications/{proceeding.pk}/clauses/{clause.id}/state/"
    browser("lead").post(url, {"source": "self", "seen": "0", clause.input.name: "true"})

    answer = browser("clerk").post(url, {"source": "self", "seen": "0", clause.input.name: "false"})

    assert answer.status_code == 409
    assert Fact.objects.get().values == {clause.input.name: "true"}
    assert clause.input.name in answer.content.decode()


def test_visitor_is_asked_to_sign_in_and_comes_back(world):
    proceeding = world.proceeding()
    address = f"/applications/{proceeding.pk}/"

    answer = Client().get(address)

    assert (answer.status_code, answer.headers["Location"]) == (
        302, f"/accounts/login/?next={address}",
    )  # fmt: skip


def test_sheet_saved_untouched_changes_nothing(world, browser):
    """Even a checklist stated with no part in place, which looks like one passed over."""
    proceeding, clerk = world.proceeding(), browser("clerk")
    checklist = next(
        c for c in proceeding.indicators.clauses
        if c.rule.kind == "checklist" and "self" in c.input.from_
    )  # fmt: skip
    base = f"/applications/{proceeding.pk}"
    clerk.post(f"{base}/clauses/{checklist.id}/state/", {"source": "self", "seen": "0"})
    stated = Fact.objects.get()

    clerk.post(f"{base}/sheet/self/?all=1", {f"seen:{checklist.id}": str(stated.pk)})

    assert set(stated.values.values()) == {"false"}
    assert list(Fact.objects.filter(superseded_at=None)) == [stated]


def test_fact_saved_by_htmx_costs_one_assessment_and_one_standing(world, browser, monkeypatch):
    client, proceeding = browser("clerk"), world.proceeding(facts=True)
    clause = yes_no(proceeding)
    fact = proceeding.facts.get(provision=clause.id, source="self", superseded_at=None)
    client.get(f"/applications/{proceeding.pk}/")
    read = []
    monkeypatch.setattr(
        assessment, "circumstances", lambda rows: read.append(rows) or circumstances(rows)
    )
    claims.held_towards.cache_clear()

    with CaptureQueriesContext(connection) as queries:
        page = client.post(
            f"/applications/{proceeding.pk}/clauses/{clause.id}/state/",
            {"source": "self", "seen": str(fact.pk), clause.input.name: "false"},
            headers={"HX-Request": "true"},
        )

    assert page.status_code == 200
    assert "is-counting" in page.content.decode()
    assert (len(read), claims.held_towards.cache_info().misses) == (1, 1)
    assert len([q for q in queries if "SAVEPOINT" not in q["sql"]]) <= 15
