"""A title is one for good, and what happens to it is appended."""

import json
from datetime import date

import pytest
from django.db import InternalError, transaction
from tests.conftest import NOW
from tests.titled import ended, titled
from typer.testing import CliRunner

from shifan.accounts.actor import SYSTEM
from shifan.cli import app
from shifan.errors import Conflict
from shifan.titles.actions import Cause, happen
from shifan.titles.models import Bar, Event, State, Title, What
from shifan.titles.queries import held, held_by, standing
from shifan.units.models import Unit


def test_renewal_in_a_batch_of_the_same_number_is_a_term_of_its_own(world):
    first = titled(world.unit, "national", date(2020, 1, 1), batch=1, until=date(2024, 12, 31))
    second = titled(world.unit, "national", date(2025, 1, 1), batch=1, until=date(2029, 12, 31))

    assert first == second
    assert [e.batch for e in first.events.all()] == [1, 1]
    assert standing(first, date(2026, 1, 1)).term.until == date(2029, 12, 31)


def test_same_award_from_the_same_source_is_one(world):
    for _ in range(2):
        title = titled(world.unit, "national", date(2020, 1, 1), batch=1)

    assert title.events.count() == 1


def test_titles_are_numbered_by_level(world):
    titles = [titled(unit, "national", date(2020, 1, 1)) for unit in (world.unit, world.neighbour)]

    assert [title.number for title in titles] == [1, 2]


@pytest.mark.parametrize("model", [Title, Event])
def test_nothing_is_changed_or_deleted(world, model):
    titled(world.unit, "national", date(2020, 1, 1))
    row = model.objects.filter(pk=model.objects.order_by("-pk").values("pk")[:1])

    for change in (row.delete, lambda: row.update(pk=row.get().pk)):
        with pytest.raises((InternalError, Exception)), transaction.atomic():
            change()
    assert row.exists()


def test_two_suspensions_need_two_liftings(world):
    title = titled(world.unit, "national", date(2020, 1, 1))
    first, second = (ended(title, date(2021, month, 1), What.SUSPENDED) for month in (1, 2))

    def lift(suspension, month):
        happen(title=title, what=What.REINSTATED, holds_from=date(2021, month, 1), actor=SYSTEM,
               cause=Cause(source="test"), now=NOW, undoes=suspension)  # fmt: skip

    lift(second, 3)
    assert standing(title, date(2021, 3, 1)).state == State.SUSPENDED
    lift(first, 4)
    assert standing(title, date(2021, 3, 31)).state == State.SUSPENDED
    assert standing(title, date(2021, 4, 1)).state == State.VALID
    assert held(world.unit, "neac", date(2021, 3, 1), False).until == {}


def test_what_undoes_nothing_is_refused(world):
    title = titled(world.unit, "national", date(2020, 1, 1))

    for what, undoes in ((What.REINSTATED, None), (What.REINSTATED, title.events.get())):
        with pytest.raises(Conflict):
            happen(title=title, what=what, holds_from=date(2021, 1, 1), actor=SYSTEM, now=NOW,
                   cause=Cause(source="test"), undoes=undoes)  # fmt: skip


def test_annulled_revocation_never_was(world):
    title = titled(world.unit, "national", date(2020, 1, 1))
    revoked = ended(title, date(2021, 1, 1))
    assert held(world.unit, "neac", date(2021, 6, 1), False).revoked_on == date(2021, 1, 1)

    happen(title=title, what=What.ANNULLED, holds_from=date(2021, 9, 1), actor=SYSTEM, now=NOW,
           cause=Cause(source="test"), undoes=revoked)  # fmt: skip

    assert standing(title, date(2021, 6, 1)).state == State.VALID
    assert held(world.unit, "neac", date(2021, 6, 1), False).revoked_on is None


def test_list_says_what_happened_and_how_it_stands(world):
    title = titled(world.unit, "national", date(2020, 1, 1), grade="green", until=date(2024, 1, 1))
    ended(title, date(2021, 1, 1))

    asked = ["titles", "list", "--json", "--level", "national", "--on"]
    now, before = (CliRunner().invoke(app, [*asked, day]) for day in ("2022-01-01", "2020-06-01"))

    said = json.loads(now.stdout)
    assert said["count"] == 1
    row = said["titles"][0]
    assert (row["state"], row["grade"], row["number"]) == ("revoked", "green", 1)
    assert [e["what"] for e in row["events"]] == ["awarded", "revoked"]
    assert json.loads(before.stdout)["titles"][0]["state"] == "valid"


def test_bar_on_an_office_for_everything_holds_for_what_lies_nowhere(world):
    unit = Unit.objects.create(name="随处", unit_type="other")
    step = world.proceeding().steps.get()
    for place in ("/", "/53/"):
        Bar.objects.create(
            programme="neac", office="national", place=place, since=NOW.date(),
            until=date(2028, 1, 1), step=step,
        )  # fmt: skip

    found = held_by([unit.pk, world.unit.pk], "neac", NOW.date(), exercise=False)

    assert [len(found[each.pk].bars) for each in (unit, world.unit)] == [1, 2]
