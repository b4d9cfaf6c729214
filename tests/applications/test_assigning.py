"""Many files are given to a person at once, with an undo; a unit sees its titles and duties."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from tests.conftest import NOW
from tests.titled import begun

from shifan.accounts.actor import SYSTEM
from shifan.accounts.models import User
from shifan.cycles.actions import open_cycle, publish
from shifan.people.models import Membership, Workplace
from shifan.proceedings.models import Party
from shifan.rulebook.loader import load
from shifan.titles.actions import Cause, Term, award
from shifan.units.actions import register_unit
from shifan.units.models import Division

PLACES = {"530402": "甲园", "530302": "乙园", "433101": "丙园"}


@pytest.fixture
def parks(divisions):
    book = load("geoparks/1")
    published = publish(book=book, actor=SYSTEM, now=NOW)
    cycle = open_cycle(rulebook=published, year=2027, batch=1, actor=SYSTEM, now=NOW)
    files = []
    for code, name in PLACES.items():
        unit = register_unit(
            name=name, kind=book.measures.unit_type("geopark"), actor=SYSTEM, now=NOW,
            division=Division.objects.get(code=code),
        )  # fmt: skip
        files.append(begun(unit, cycle, "desk", ["network"]))
    return files


@pytest.fixture
def officer(parks):
    user = User.objects.create(username="officer")
    Membership.objects.create(
        user=user, role="officer", programme="geoparks", tier="network",
        area=Division.objects.get(code="0"),
    )  # fmt: skip
    browser = Client()
    browser.force_login(user)
    return browser


def given(browser, files, who="eva"):
    ids = [str(each.pk) for each in files]
    return browser.post(
        "/applications/assign/", {"file": ids, "capacity": "evaluator", "who": who}, follow=True
    )


def test_many_files_are_given_at_once_and_taken_back(parks, officer):
    User.objects.create(username="eva")
    assert 'name="who"' in officer.get("/applications/").content.decode()

    page = given(officer, parks).content.decode()

    assert Party.objects.filter(capacity="evaluator", ended_at=None).count() == 3
    assert "/applications/unassign/" in page
    officer.post("/applications/unassign/")
    assert not Party.objects.filter(capacity="evaluator", ended_at=None).exists()
    assert "/applications/unassign/" not in officer.get("/applications/").content.decode()
    officer.post("/applications/unassign/")


def test_one_conflict_keeps_all_from_being_given_and_is_named(parks, officer):
    eva = User.objects.create(username="eva")
    Workplace.objects.create(user=eva, division=Division.objects.get(code="43"))

    sent = given(officer, parks)

    assert sent.status_code == 400
    assert "丙园" in sent.content.decode()
    assert not Party.objects.filter(capacity="evaluator").exists()


def test_what_is_not_ones_to_give_is_refused(parks, officer):
    User.objects.create(username="eva")
    assert given(officer, []).status_code == 400
    assert given(officer, parks, "nobody").status_code == 400
    stranger = Client()
    stranger.force_login(User.objects.create(username="stranger"))
    assert given(stranger, parks).status_code == 403
    clerk = Client()
    user = User.objects.create(username="clerk")
    Membership.objects.create(user=user, role="clerk", unit=parks[0].unit)
    clerk.force_login(user)
    assert given(clerk, parks[:1]).status_code == 403
    assert given(clerk, parks[1:]).status_code == 400
    assert not Party.objects.filter(capacity="evaluator").exists()


def test_unit_sees_its_titles_and_no_other(parks):
    for each, number in zip(parks[:2], (1, 2), strict=True):
        award(
            unit=each.unit, programme="geoparks", level="network", actor=SYSTEM, now=NOW,
            term=Term(date(2026, 1, 5), grade="green"), cause=Cause(source=f"doc {number}"),
        )  # fmt: skip
    user = User.objects.create(username="lead")
    Membership.objects.create(user=user, role="lead", unit=parks[0].unit)
    browser = Client()
    browser.force_login(user)

    page = browser.get("/applications/").content.decode()

    assert "own-title" in page
    assert f"/register/{parks[0].unit.titles.get().pk}/" in page
    assert f"/register/{parks[1].unit.titles.get().pk}/" not in page
