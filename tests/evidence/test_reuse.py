"""What a unit stated once serves again: by input, with its age, and not when it is too old."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from tests.conftest import NOW, write_facts

from shifan.accounts.actor import SYSTEM
from shifan.applications.actions import start
from shifan.cycles.actions import open_cycle, publish
from shifan.errors import NotAllowed
from shifan.evidence.actions import reuse
from shifan.evidence.models import Attachment
from shifan.ledger.queries import verify
from shifan.rulebook.loader import document, from_document
from shifan.statements.actions import state_fact
from shifan.statements.models import Fact
from shifan.vault.models import StoredFile

YEAR = timedelta(days=366)


@pytest.fixture
def renewal(world):
    """Last year's complete file with one attachment, and this year's empty one."""
    earlier = world.proceeding(facts=True)
    stored = StoredFile.objects.create(
        sha256="c" * 64, size=1, media_type="application/pdf", stored_at=NOW
    )
    Attachment.objects.create(
        proceeding=earlier, provision="1.1.1", file=stored, name="方案.pdf", attached_at=NOW
    )
    cycle = open_cycle(
        rulebook=world.cycle.rulebook, year=2028, batch=2, actor=SYSTEM, now=NOW + YEAR,
        exercise=True,
    )  # fmt: skip
    return start(unit=world.unit, cycle=cycle, actor=world.actors["lead"], now=NOW + YEAR)


def test_renewal_takes_over_entries_and_files_and_keeps_their_age(world, renewal):
    taken, files = reuse(proceeding=renewal, actor=world.actors["clerk"], now=NOW + YEAR)

    assert (len(taken.provisions), taken.to_renew, files) == (52, (), 1)
    fact = renewal.facts.get(provision="1.1.1")
    assert (fact.stated_at, fact.reused_from.stated_at) == (NOW + YEAR, NOW)
    assert [(a.name, a.reused) for a in renewal.evidence.all()] == [("方案.pdf", True)]
    assert verify()["ok"] is True


def test_clause_under_another_id_takes_over_the_same_fact_and_its_file(world, renewal):
    """The next version of the rule book numbers its first clause differently."""
    book = world.cycle.rulebook.book
    content = document(book.measures, book.indicators, ())
    content["measures"]["version"] = "2029"
    item = content["indicators"]["prefecture"]["categories"][0]["items"][0]
    item["clauses"][0]["id"] = "1.1.9"
    published = publish(book=from_document(content), actor=SYSTEM, now=NOW)
    later = open_cycle(rulebook=published, year=2029, batch=3, actor=SYSTEM, now=NOW, exercise=True)
    proceeding = start(unit=world.unit, cycle=later, actor=world.actors["lead"], now=NOW + YEAR)

    taken, files = reuse(proceeding=proceeding, actor=world.actors["clerk"], now=NOW + YEAR)

    assert (taken.provisions["1.1.9"], len(taken.provisions), files) == ("1.1.1", 52, 1)


def test_second_time_takes_over_nothing(world, renewal):
    reuse(proceeding=renewal, actor=world.actors["clerk"], now=NOW + YEAR)

    taken, files = reuse(proceeding=renewal, actor=world.actors["clerk"], now=NOW + YEAR)

    assert (taken.provisions, files) == ({}, 0)


def test_what_is_stated_already_is_not_replaced(world, renewal):
    state_fact(
        proceeding=renewal, provision_id="1.1.1", source="self", now=NOW + YEAR,
        raw={"leading_group_in_place": "否"}, actor=world.actors["clerk"],
    )  # fmt: skip

    reuse(proceeding=renewal, actor=world.actors["clerk"], now=NOW + YEAR)

    assert renewal.facts.get(provision="1.1.1").values == {"leading_group_in_place": "false"}


def test_what_is_too_old_is_left_to_be_renewed(world, renewal):
    """The rule book lets a statement serve for 24 months, counted from when it was first made."""
    old = Fact.objects.get(provision="1.1.1", reused_from=None)
    old.stated_at = NOW - YEAR - timedelta(days=10)
    old.save()

    taken, files = reuse(proceeding=renewal, actor=world.actors["clerk"], now=NOW + YEAR)

    assert taken.to_renew == ("1.1.1",)
    assert not renewal.facts.filter(provision="1.1.1").exists()
    assert files == 0


def test_nothing_of_other_offices_is_taken_over(world, renewal):
    earlier = world.unit.proceedings.exclude(pk=renewal.pk).get()
    write_facts(earlier, {"provincial_check", "survey"})

    reuse(proceeding=renewal, actor=world.actors["clerk"], now=NOW + YEAR)

    assert set(renewal.facts.values_list("source", flat=True)) == {"self"}


@pytest.mark.parametrize("name", ["contributor", "other_lead", "reviewer", "auditor"])
def test_only_the_units_lead_and_clerks_take_over(world, renewal, name):
    with pytest.raises(NotAllowed):
        reuse(proceeding=renewal, actor=world.actors[name], now=NOW + YEAR)


def test_page_offers_last_years_file_and_says_what_came(world, renewal, monkeypatch):
    monkeypatch.setattr("shifan.site.middleware.now", lambda: NOW + YEAR)
    client = Client()
    client.force_login(world.users["clerk"], backend=settings.AUTHENTICATION_BACKENDS[0])
    page = f"/applications/{renewal.pk}/"

    assert "取用 2027 年的申报" in client.get(page).content.decode()
    done = client.post(f"/evidence/{renewal.pk}/reuse/", follow=True)

    assert "取用 52 条填报、1 个文件" in done.content.decode()
    assert "首次填报于 2026-12-01" in client.get(page + "clauses/1.1.1/").content.decode()
