"""The register's pages: what they show, what they don't, and at what cost."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.conftest import NOW
from tests.titled import titled

from shifan.accounts.actor import SYSTEM
from shifan.titles.models import Title
from shifan.units.actions import register_unit
from shifan.units.models import Division


def name_units(world, count):
    kind = world.cycle.measures.unit_type("school")
    division = Division.objects.get(code="530402")
    for number in range(count):
        unit = register_unit(
            name=f"第{number:03}小学", kind=kind, division=division, actor=SYSTEM, now=NOW
        )
        titled(unit, "national", date(2026, 1, 1), batch=1)


@pytest.mark.parametrize(("address", "most"), [("/register/", 12), ("/", 15)])
def test_number_of_queries_does_not_grow_with_rows(world, client, address, most):
    name_units(world, 3)
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    name_units(world, 300)
    with CaptureQueriesContext(connection) as many:
        client.get(address)

    assert len(many) == len(few) <= most


def test_register_finds_by_name_and_place(world, client):
    name_units(world, 3)

    def found(query):
        return client.get("/register/" + query).context["page_obj"].paginator.count

    assert found("?q=第001") == 1
    assert found("?province=53") == 3
    assert found("?province=43") == 0
    assert found("?type=school&batch=1") == 3
    assert found("?on=2020-01-01") == 0


@pytest.mark.parametrize(
    "query", ["?page=-1", "?page=99999999999999999999", "?batch=x", "?on=x", "?type=%27"]
)
def test_nonsense_in_the_address_is_no_fault(world, client, query):
    name_units(world, 3)

    assert client.get("/register/" + query).status_code == 200


def test_pending_application_shows_nowhere_in_public(world, client):
    proceeding = world.proceeding(facts=True)
    public = ["/", "/register/", f"/register/?q={world.unit.name}", "/rulebooks/", "/healthz"]

    for address in public:
        page = client.get(address).content.decode()
        assert str(proceeding.pk) not in page
        assert f"<td>{world.unit.name}" not in page
    assert client.get(f"/register/?q={world.unit.name}").context["page_obj"].paginator.count == 0


def test_provincial_title_is_not_listed_as_a_national_one(world, client):
    assert Title.objects.filter(level="provincial").count() == 2
    assert client.get("/register/").context["page_obj"].paginator.count == 0


def test_title_page_names_its_source_and_says_practice(world, client):
    name_units(world, 1)
    title = Title.objects.get(level="national")
    plain = client.get(reverse("register:title", args=[title.pk])).content.decode()
    title = titled(world.unit, "national", date(2026, 1, 1), exercise=True)

    marked = client.get(reverse("register:title", args=[title.pk])).content.decode()

    assert "test" in plain
    assert ("演练" in marked, "演练" in plain) == (True, False)
