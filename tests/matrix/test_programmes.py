"""Nobody sees or does anything in a programme that isn't theirs, whatever its tiers are called."""

from __future__ import annotations

import pytest

from shifan.accounts import policy
from shifan.accounts.models import User
from shifan.evidence.queries import attachments_for
from shifan.ledger import actions as ledger
from shifan.mailbox.actions import Circle, tell
from shifan.mailbox.queries import outbox
from shifan.people.actions import claim
from shifan.people.models import Membership
from shifan.people.queries import actor_of, claims_to_verify
from shifan.proceedings.queries import proceedings_for, waiting_for
from shifan.surveys.models import Campaign
from shifan.surveys.queries import campaigns_for
from shifan.units.models import Division
from tests.conftest import NOW
from tests.titled import begun

ROLES = ("reviewer", "approver", "officer", "auditor")


@pytest.fixture
def stranger(world):
    """An actor with every role, in offices of the whole country, of another programme."""
    user = User.objects.create(username="foreign")
    country = Division.objects.get(code="0")
    Membership.objects.bulk_create(
        Membership(user=user, role=role, programme="elsewhere", tier=tier, area=country)
        for role in ROLES
        for tier in ("provincial", "national")
    )
    world.users["foreign"] = user
    return actor_of(user)


@pytest.fixture
def file(world):
    """A file of the unit that has come to both offices, and what hangs on it."""
    made = begun(world.unit, world.cycle, "proposed", ["provincial", "national"])
    tell(
        Circle([world.users["national_officer"]], "waits", "national"), key="k", address="/",
        now=NOW, unit_id=world.unit.pk, params={"unit": world.unit.name, "stage": "x"},
        programme="neac",
    )  # fmt: skip
    Campaign.objects.create(
        code="abc", unit=world.unit, cycle=world.cycle, survey="satisfaction", assurance="open",
        instrument={}, opens_on=NOW.date(), closes_on=NOW.date(), made_at=NOW,
    )  # fmt: skip
    return made


def test_lists_hold_nothing_of_another_programme(world, file, stranger):
    claim(
        programme="neac", division=Division.objects.get(code="5303"), name="", grounds="x",
        kind=world.cycle.measures.unit_type("prefecture"), actor=world.actors["stranger"], now=NOW,
    )  # fmt: skip

    for rows in (
        proceedings_for(stranger), attachments_for(stranger), outbox(stranger),
        campaigns_for(stranger), claims_to_verify(stranger),
        proceedings_for(stranger).filter(waiting_for(stranger)),
    ):  # fmt: skip
        assert list(rows) == []
    mine = world.actors["national_officer"]
    assert file in proceedings_for(mine)
    assert outbox(mine).exists()
    assert campaigns_for(mine).exists()


def test_ledger_shows_an_auditor_its_own_programmes_only(world, file, stranger):
    ledger.record(actor="x", verb="canary.sung", subject=file, at=NOW)
    ledger.record(actor="x", verb="canary.sung", subject=world.unit, at=NOW)

    assert "canary" not in world.client("foreign").get("/ledger/").content.decode()
    assert "canary" in world.client("auditor").get("/ledger/").content.decode()


def test_policy_gives_nothing_on_a_file_of_another_programme(file, stranger):
    assert not policy.standing(stranger, file)
    allowed = {name for name, may in policy.PROCEEDINGS.items() if may(stranger, file)}
    assert allowed == set()
    assert not policy.takes_turn(stranger, file)
    campaign = Campaign.objects.with_rules().get()
    assert not any(may(stranger, campaign) for may in policy.CAMPAIGNS.values())
    for office in (("neac", "provincial", "/"), ("neac", "national", "/")):
        assert not any(may(stranger, office) for may in policy.OFFICES.values())


def test_pages_tell_nothing_of_another_programme(world, file, stranger):
    client = world.client("foreign")

    for address in ("/applications/", "/proceedings/", "/messages/outbox/", "/surveys/",
                    "/burden/", "/people/", "/ledger/"):  # fmt: skip
        assert world.unit.name not in client.get(address).content.decode(), address
    for address in (
        f"/applications/{file.pk}/", f"/proceedings/{file.pk}/", f"/applications/{file.pk}/steps/",
        "/surveys/abc/", "/people/offices/neac/national/0/",
    ):  # fmt: skip
        assert client.get(address).status_code in (403, 404), address
    for move in ("name", "reject"):
        sent = {"reason": "x", "document": "x"}
        answer = client.post(f"/applications/{file.pk}/move/{move}/", sent)
        assert answer.status_code in (403, 404)
    file.refresh_from_db()
    assert file.stage == "proposed"
