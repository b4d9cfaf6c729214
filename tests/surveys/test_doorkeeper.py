"""What the door remembers of networks: enough to flag a burst, hashed, for a day, and bounded."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from tests.conftest import NOW
from tests.surveys.conftest import DAY

from shifan.rulebook.base import Text
from shifan.rulebook.surveys import Burst
from shifan.surveys.intake import quality
from shifan.surveys.intake.quality import Doorkeeper, Visit

TODAY: date = NOW.date()
RULE = Burst(kind="burst", id="burst", text=Text(zh="突发"), answers=3, minutes=10)


@pytest.fixture
def doorkeeper() -> Doorkeeper:
    return Doorkeeper(per_minute=0)


CAMPAIGN = uuid4()


def visit(doorkeeper: Doorkeeper, at: float = 0, address: str = "203.0.113.7") -> Visit:
    return Visit(doorkeeper, doorkeeper.network(address, TODAY), uuid4(), at)


def test_burst_is_more_than_the_rule_allows_within_its_minutes(doorkeeper):
    found = []
    for at in (0, 60, 120, 180, 181, 700, 740, 1400):
        came = visit(doorkeeper, at)
        found.append(doorkeeper.bursts(CAMPAIGN, came, RULE))
        doorkeeper.enter(CAMPAIGN, came, {}, RULE.answers + 1)

    assert found == [False, False, False, True, True, True, True, False]
    assert doorkeeper.bursts(uuid4(), visit(doorkeeper, 1400), RULE) is False


def test_visit_is_not_flagged_by_itself_however_often_it_tries(doorkeeper):
    came = visit(doorkeeper)
    for _ in range(5):
        assert doorkeeper.bursts(CAMPAIGN, came, RULE) is False
        assert doorkeeper.met_before(CAMPAIGN, came, {"a": "1"}) is False
        doorkeeper.enter(CAMPAIGN, came, {"a": "1"}, 4)
    assert doorkeeper.met_before(CAMPAIGN, visit(doorkeeper), {"a": "1"}) is True


def test_visit_that_came_to_nothing_is_forgotten(doorkeeper):
    for _ in range(5):
        came = visit(doorkeeper)
        doorkeeper.enter(CAMPAIGN, came, {"a": "1"}, 4)
        doorkeeper.withdraw(CAMPAIGN, came, {"a": "1"})

    assert doorkeeper.bursts(CAMPAIGN, visit(doorkeeper), RULE) is False
    assert doorkeeper.met_before(CAMPAIGN, visit(doorkeeper), {"a": "1"}) is False


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("203.0.113.7", "203.0.113.200", True),
        ("203.0.113.7", "203.0.114.7", False),
        ("::ffff:203.0.113.7", "203.0.113.9", True),
        ("2001:db8:1:2::1", "2001:db8:1:ffff::1", True),
        ("2001:db8:1::1", "2001:db8:2::1", False),
    ],
)
def test_networks_are_told_apart_by_their_prefix(doorkeeper, one, other, same):
    found = [doorkeeper.network(each, TODAY) for each in (one, other)]

    assert (found[0] == found[1]) is same


def test_a_new_day_and_a_full_memory_forget_everything(doorkeeper, monkeypatch):
    today = visit(doorkeeper)
    doorkeeper.enter(CAMPAIGN, today, {"a": "1"}, 3)
    tomorrow = doorkeeper.network("203.0.113.7", TODAY + DAY)
    assert tomorrow != today.network
    assert doorkeeper.met_before(CAMPAIGN, visit(doorkeeper), {"a": "1"}) is False

    for limit in ("MOST_NETWORKS", "MOST_ANSWERS"):
        for address in ("198.51.100.1", "198.51.101.1"):
            doorkeeper.enter(CAMPAIGN, visit(doorkeeper, address=address), {}, 3)
        before = doorkeeper.network("203.0.113.7", TODAY)
        with monkeypatch.context() as patch:
            patch.setattr(quality, limit, 1)
            assert doorkeeper.network("203.0.113.7", TODAY) != before


def test_what_is_no_address_is_a_network_by_itself(doorkeeper):
    found = {doorkeeper.network(each, TODAY) for each in ("", "1.2.3.4:567", "1.2.3.4:568")}

    assert len(found) == 3
