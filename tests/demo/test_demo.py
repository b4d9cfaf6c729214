"""The demo's world is made by the same actions, once, and is marked as practice."""

from collections.abc import Iterator
from random import Random

import pytest
from tests.conftest import NOW, undone

from shifan.accounts.actor import SYSTEM, Actor, Office
from shifan.accounts.models import User
from shifan.applications.actions import start
from shifan.applications.queries import applications_for
from shifan.cycles.actions import open_cycle, publish
from shifan.cycles.models import Cycle
from shifan.demo import actions, seed
from shifan.demo.clock import now
from shifan.demo.facts import plausible
from shifan.errors import NotAllowed
from shifan.ledger.queries import verify
from shifan.proceedings.actions import make_move
from shifan.proceedings.models import Proceeding
from shifan.register import queries
from shifan.statements.actions import agree_with_rest
from shifan.statements.assessment import assess
from shifan.titles.models import Title
from shifan.units import divisions
from shifan.units.models import Unit


@pytest.fixture(scope="module")
def seeded(django_db_setup, django_db_blocker, book) -> Iterator[Cycle]:
    """The demo's world, made once; what a test does to it is undone after it."""
    with django_db_blocker.unblock(), undone():
        divisions.load()
        published = publish(book=book, actor=SYSTEM, now=NOW)
        cycle = open_cycle(
            rulebook=published, year=2027, batch=1, actor=SYSTEM, now=NOW, exercise=True
        )
        seed.seed(cycle=cycle, now=NOW)
        yield cycle


@pytest.fixture
def demo(seeded: Cycle) -> Iterator[Cycle]:
    with undone():
        yield Cycle.objects.get(pk=seeded.pk)


def test_demo_has_an_account_for_each_role_and_files_at_several_stages(demo):
    assert [user.username for user in User.objects.order_by("pk")] == [
        "clerk", "lead", "contributor", "province-reviewer", "province-approver",
        "national-reviewer", "national-officer", "national-approver", "auditor",
        "enterprise-lead", "railway-reviewer", "railway-approver",
    ]  # fmt: skip
    assert sorted(Proceeding.objects.values_list("stage", flat=True)) == [
        "acceptance", "draft", "gathering", "proposed", "provincial_approval",
        "provincial_inspection",
    ]  # fmt: skip
    assert verify()["ok"] is True


def test_demo_accounts_have_no_password(demo):
    assert [user for user in User.objects.all() if user.has_usable_password()] == []


def test_every_title_of_the_demo_is_marked_as_practice(demo):
    assert Title.objects.exclude(exercise=True).count() == 0
    inside, elsewhere = queries.by_place(NOW.date())
    assert sum(count for _place, count in (*inside, *elsewhere)) == 0


def test_seeding_twice_changes_nothing(demo):
    entries = verify()["entries"]

    seed.seed(cycle=demo, now=NOW)

    assert verify()["entries"] == entries


def test_clock_moves_forward_only_by_the_days_asked(demo):
    before = now()

    actions.advance(days=14, actor=seed.SYSTEM, now=NOW)

    assert 13.9 < (now() - before).total_seconds() / 86400 < 14.1


def test_clock_stays_put_outside_demo_mode(demo, settings):
    settings.DEMO = False

    with pytest.raises(actions.NotADemo):
        actions.advance(days=14, actor=seed.SYSTEM, now=NOW)


def test_nation_fills_the_list(demo):
    made = seed.nation(cycle=demo, now=NOW, limit=6)

    assert made == 6
    assert Proceeding.objects.exclude(unit=None).count() == 11


def test_enterprise_of_the_railways_applies_through_their_authority(demo):
    """The railways inspect and approve in the province's place; the province never sees it."""
    unit = Unit.objects.get(unit_type="enterprise")
    lead = Actor(name="enterprise-lead", units=frozenset({(unit.pk, "lead")}))
    file = start(unit=unit, cycle=demo, channel=seed.RAILWAY, actor=lead, now=NOW)
    seed.state(file, plausible(file.indicators, 1, Random(1)), NOW)
    railways = [Actor(name="x", offices=frozenset({Office("neac", seed.RAILWAY, role, "/")}))
                  for role in ("reviewer", "approver")]  # fmt: skip
    province = Actor(name="y", offices=frozenset({Office("neac", "provincial", "reviewer", "/")}))

    make_move(proceeding=file, move_id="submit", actor=lead, now=NOW)
    with pytest.raises(NotAllowed):
        make_move(proceeding=file, move_id="pass", actor=province, now=NOW)
    seen = assess(file, NOW).bases
    agree_with_rest(proceeding=file, seen=seen, actor=railways[0], now=NOW)
    make_move(proceeding=file, move_id="pass", actor=railways[0], now=NOW)
    make_move(proceeding=file, move_id="approve", actor=railways[1], now=NOW, document="12")

    file.refresh_from_db()
    assert file.stage == "materials_review"
    assert list(applications_for(railways[0])) == [file]
    assert file not in applications_for(province)


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "Via"])
def test_nobody_becomes_a_demo_account_through_a_proxy(demo, client, header):
    address = "/demo/sign-in/province-reviewer/"

    assert client.post(address, headers={header: "192.0.2.7"}).status_code == 409
    assert "_auth_user_id" not in client.session
    assert client.post("/demo/advance/14/", headers={header: "192.0.2.7"}).status_code == 409
    assert client.post(address).status_code == 302
