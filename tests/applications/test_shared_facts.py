"""A fact that several clauses read is stated once; parts, marks of two and a potential in forms."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook
from tests.conftest import NOW

from shifan.accounts.actor import SYSTEM
from shifan.accounts.models import User
from shifan.applications.actions import start
from shifan.cycles.actions import open_cycle, publish
from shifan.errors import BadInput, NotAllowed
from shifan.ledger.models import Entry
from shifan.people.models import Membership
from shifan.people.queries import actor_of
from shifan.proceedings.models import Proceeding
from shifan.process.guards import missing_required
from shifan.rulebook.indicators import IndicatorSet
from shifan.rulebook.loader import load
from shifan.statements.actions import keep_draft, state_fact, state_sheet
from shifan.statements.assessment import assess
from shifan.statements.models import Fact
from shifan.units.actions import register_unit
from shifan.units.models import Division

FIRST, SECOND = "3.1.1", "5.1.5"
"""The clause at which the share of schools is stated, and one that reads it again."""


@pytest.fixture
def file(divisions, monkeypatch) -> Proceeding:
    """A park's application under a book in which two clauses read the share of schools."""
    monkeypatch.setattr("shifan.site.middleware.now", lambda: NOW)
    shipped = load("geoparks/2")
    document = shipped.indicators["geopark"].model_dump(mode="json", by_alias=True)
    schools = next(c for c in document["categories"][2]["items"][0]["clauses"] if c["id"] == FIRST)
    document["categories"][4]["items"][0]["clauses"].append(
        {**schools, "id": SECOND, "points": 2, "theme": "economy", "golden": []}
    )
    book = replace(
        shipped, digest="d" * 64, indicators={"geopark": IndicatorSet.model_validate(document)}
    )
    published = publish(book=book, actor=SYSTEM, now=NOW)
    cycle = open_cycle(rulebook=published, year=2027, batch=1, actor=SYSTEM, now=NOW, exercise=True)
    unit = register_unit(
        name="甲园", kind=book.measures.unit_types[0], actor=SYSTEM, now=NOW,
        division=Division.objects.get(code="530402"),
    )  # fmt: skip
    lead = User.objects.create(username="park")
    Membership.objects.create(user=lead, role="lead", unit=unit)
    return start(unit=unit, cycle=cycle, actor=actor_of(lead), now=NOW)


@pytest.fixture
def browser(file) -> Client:
    client = Client()
    client.force_login(User.objects.get(username="park"))
    return client


def say(file: Proceeding, clause: str, **raw: object) -> None:
    state_fact(
        proceeding=file, provision_id=clause, source="self", raw=raw, now=NOW,
        actor=actor_of(User.objects.get(username="park")),
    )  # fmt: skip


def won(file: Proceeding, clause: str) -> tuple[str, int]:
    part = assess(Proceeding.objects.get(pk=file.pk), NOW).situation.score.provision(clause)
    return str(part.state), part.won


def test_fact_stated_once_counts_for_both(file):
    say(file, FIRST, schools="30")

    assert (won(file, FIRST), won(file, SECOND)) == (("scored", 2500), ("scored", 1000))
    assert Fact.objects.count() == 1
    now = assess(Proceeding.objects.get(pk=file.pk), NOW)
    assert list(now.snapshot["statements"]) == [FIRST]
    assert now.reviewable == (FIRST,)
    assert now.statements[SECOND] == now.statements[FIRST]


def test_it_is_stated_nowhere_else(file, browser):
    before = Entry.objects.count()
    actor = actor_of(User.objects.get(username="park"))
    with pytest.raises(BadInput, match=r"stated at 3\.1\.1"):
        say(file, SECOND, schools="30")
    with pytest.raises(BadInput):
        state_sheet(
            proceeding=file, source="self", sheet={SECOND: ({"schools": "30"}, 0)}, actor=actor,
            now=NOW,
        )  # fmt: skip
    with pytest.raises(BadInput):
        keep_draft(
            assessment=assess(file, NOW), provision_id=SECOND, source="self",
            raw={"schools": "30"}, actor=actor, now=NOW,
        )  # fmt: skip
    address = f"/applications/{file.pk}/clauses/{SECOND}/"
    sent = browser.post(f"{address}state/", {"source": "self", "seen": "0", "schools": "30"})
    assert sent.status_code in (400, 404, 405, 409, 422)

    assert (Fact.objects.count(), Entry.objects.count()) == (0, before)


@pytest.mark.parametrize("clause", ["9.9.9", "", "3.1"])
def test_clause_that_is_not_there_is_refused(file, clause):
    with pytest.raises(NotAllowed):
        say(file, clause, schools="30")


def test_pages_lead_to_where_it_is_stated(file, browser):
    say(file, FIRST, schools="30")
    browser.cookies["django_language"] = "en"

    page = browser.get(f"/applications/{file.pk}/clauses/{SECOND}/").content.decode()
    sheet = browser.get(f"/applications/{file.pk}/sheet/self/?all=1").content.decode()

    assert "reads the fact that is stated at clause 3.1.1" in page
    assert f"/applications/{file.pk}/clauses/{FIRST}/" in page
    assert 'name="schools"' not in page
    assert sheet.count('name="schools"') == 1


def test_it_is_asked_for_once(file, browser):
    now = assess(file, NOW)

    missing = [each.id for each in missing_required(now.situation)]
    assert FIRST in missing
    assert SECOND not in missing
    content = browser.get(f"/workbook/{file.pk}/self/download/").content
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    rows = [row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()]
    assert [cell for row in rows for cell in row if cell == "schools"] == ["schools"]


def test_part_that_does_not_apply_is_marked_in_the_form(file, browser):
    address = f"/applications/{file.pk}/clauses/1.2.2/"
    page = browser.get(address).content.decode()
    assert page.count("_not_applicable") >= 4

    browser.post(f"{address}state/", {
        "source": "self", "seen": "0", "protection_collecting": "true",
        "protection_quarrying": "true", "protection_quarrying_not_applicable": "true",
        "protection_erosion": "true", "protection_visitors": "true",
    })  # fmt: skip

    assert Fact.objects.get().values == {
        "protection_collecting": "true", "protection_erosion": "true",
        "protection_visitors": "true", "protection_quarrying_not_applicable": "true",
    }  # fmt: skip
    assert won(file, "1.2.2") == ("scored", 6000)
    assert "不适用" in browser.get(address).content.decode()


def test_potential_is_stated_beside_the_fact(file, browser):
    say(file, "4.1.3", public_transport="30", public_transport_potential="50")

    assert won(file, "4.1.3") == ("scored", 750)
    page = browser.get(f"/applications/{file.pk}/clauses/4.1.3/").content.decode()
    assert 'name="public_transport_potential" value="50"' in page
    assert "按本单位潜力 50% 计" in page
    assert json.loads(json.dumps(Fact.objects.get().values)) == {
        "public_transport": "30", "public_transport_potential": "50",
    }  # fmt: skip


@pytest.mark.parametrize("potential", ["101", "-1", "12.345", "half"])
def test_potential_is_a_share_in_percent(file, potential):
    with pytest.raises(BadInput):
        say(file, "4.1.3", public_transport="30", public_transport_potential=potential)
