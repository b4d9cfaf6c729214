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
from shifan.surveys.intake.quality import Doorkeeper

TODAY: date = NOW.date()
RULE = Burst(kind="burst", id="burst", text=Text(zh="突发"), answers=3, minutes=10)


@pytest.fixture
def doorkeeper() -> Doorkeeper:
    return Doorkeeper(per_minute=0)


def test_burst_is_more_than_the_rule_allows_within_its_minutes(doorkeeper):
    campaign, network = uuid4(), doorkeeper.network("203.0.113.7", TODAY)
    found = []
    for at in (0, 60, 120, 180, 181, 700, 740, 1400):
        found.append(doorkeeper.bursts(campaign, network, at, RULE))
        doorkeeper.note(campaign, network, {}, at, RULE.answers)

    assert found == [False, False, False, True, True, True, True, False]
    assert doorkeeper.bursts(uuid4(), network, 1400, RULE) is False


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
    campaign, network = uuid4(), doorkeeper.network("203.0.113.7", TODAY)
    assert doorkeeper.met_before(campaign, network, {"a": "1"}) is False
    doorkeeper.note(campaign, network, {"a": "1"}, 0, 3)
    assert doorkeeper.met_before(campaign, network, {"a": "1"}) is True

    tomorrow = doorkeeper.network("203.0.113.7", TODAY + DAY)
    assert tomorrow != network
    assert doorkeeper.met_before(campaign, network, {"a": "1"}) is False

    monkeypatch.setattr(quality, "MOST_NETWORKS", 2)
    for place in range(4):
        last = doorkeeper.network(f"198.51.{place}.1", TODAY + DAY)
        doorkeeper.note(campaign, last, {}, 0, 3)
    assert doorkeeper.network("203.0.113.7", TODAY + DAY) != tomorrow
    monkeypatch.setattr(quality, "MOST_ANSWERS", 0)
    before = doorkeeper.network("203.0.113.7", TODAY + DAY)
    doorkeeper.note(campaign, before, {"a": "2"}, 0, 3)
    assert doorkeeper.network("203.0.113.7", TODAY + DAY) != before
    assert doorkeeper.met_before(campaign, before, {"a": "2"}) is False


def test_what_is_no_address_is_a_network_by_itself(doorkeeper):
    found = {doorkeeper.network(each, TODAY) for each in ("", "1.2.3.4:567", "1.2.3.4:568")}

    assert len(found) == 3
