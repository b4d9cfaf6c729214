"""Storing: each answer and token once, nothing after the end; mixing: never fewer than ten."""

from __future__ import annotations

import threading
from datetime import timedelta
from random import Random
from uuid import uuid4

import pytest
from django.db import connection, transaction
from tests.conftest import NOW
from tests.surveys.conftest import DAY, answer, close, content, days, handed

from shifan.surveys import sealing
from shifan.surveys.intake.campaigns import token_digest
from shifan.surveys.intake.store import Handed, Outcome, store
from shifan.surveys.mixing import mix, mix_all
from shifan.surveys.models import Answer, Campaign, Pouch, Receipt, Token

TAKEN, KNOWN, SPENT, CLOSED = Outcome.TAKEN, Outcome.KNOWN, Outcome.SPENT, Outcome.CLOSED


def test_answer_is_taken_once_however_often_it_comes(campaign):
    one = handed(campaign, content(Random(1)))

    assert store([one, one], NOW) == [TAKEN, KNOWN]
    assert store([one], NOW + DAY) == [KNOWN]
    assert (Receipt.objects.count(), Pouch.objects.get().answers) == (1, 1)


def test_token_is_spent_once_also_within_one_commit(make):
    campaign = make("token")
    for word in ("ONE", "TWO"):
        Token.objects.create(campaign=campaign, digest=token_digest("abcd", word))
    one, two, none = (token_digest("abcd", word) for word in ("one", "t-w o", "three"))
    said = content(Random(1))

    first = [handed(campaign, said, token) for token in (one, one, none, None)]
    assert store(first, NOW) == [TAKEN, SPENT, SPENT, SPENT]
    assert store([handed(campaign, said, one), handed(campaign, said, two)], NOW) == [SPENT, TAKEN]
    assert store(first[:1], NOW) == [KNOWN]
    assert (Receipt.objects.count(), sum(p.answers for p in Pouch.objects.all())) == (2, 2)


def test_refused_token_may_be_mended_and_handed_in_again_under_the_same_number(make):
    campaign = make("token")
    Token.objects.create(campaign=campaign, digest=token_digest("abcd", "RIGHT"))
    said, number = content(Random(1)), uuid4()

    wrong, right = (
        Handed(campaign.pk, number, said, token_digest("abcd", word)) for word in ("rihgt", "right")
    )
    assert store([wrong], NOW) == [SPENT]
    assert store([right], NOW) == [TAKEN]


def test_token_is_not_spent_by_an_answer_that_had_come_before(make):
    campaign = make("token")
    for word in ("ONE", "TWO"):
        Token.objects.create(campaign=campaign, digest=token_digest("abcd", word))
    number, said = uuid4(), content(Random(1))
    store([Handed(campaign.pk, number, said, token_digest("abcd", "ONE"))], NOW)

    again = Handed(campaign.pk, number, said, token_digest("abcd", "TWO"))
    assert store([again], NOW) == [KNOWN]
    assert Token.objects.filter(spent=True).count() == 1


@pytest.mark.parametrize(
    ("given", "at"),
    [
        ({"opened_at": None}, NOW),
        ({"closed_at": NOW}, NOW),
        ({}, NOW + 31 * DAY),
        ({"opens_on": NOW.date() + DAY}, NOW),
        # ten in the evening in London is the next morning in Beijing, after the last day
        ({"closes_on": NOW.date()}, NOW + timedelta(hours=20)),
    ],
)
def test_answer_outside_the_campaign_s_days_is_refused_by_the_server_s_time(make, given, at):
    campaign = make(**given)

    assert store([handed(campaign, content(Random(1)))], at) == [CLOSED]
    assert (Receipt.objects.count(), Pouch.objects.count()) == (0, 0)


def test_campaigns_of_one_commit_are_sealed_apart(make):
    one, two = make(), make(code="efgh")
    said = content(Random(1))

    store([handed(one, said), handed(two, said), handed(one, said)], NOW)

    assert {pouch.campaign_id: pouch.answers for pouch in Pouch.objects.all()} == {
        one.pk: 2, two.pk: 1,
    }  # fmt: skip


def test_nothing_is_opened_before_its_day_is_over_nor_fewer_than_ten_left_sealed(campaign):
    for count, at in ((9, NOW), (9, NOW + DAY), (9, NOW + 2 * DAY), (4, NOW + 3 * DAY)):
        answer(campaign, count, at)

    assert [mix(campaign, NOW + each * DAY) for each in (0, 1, 2, 3)] == [0, 0, 0, 0]
    answer(campaign, 10, NOW + 4 * DAY)
    assert mix(campaign, NOW + 4 * DAY) == 18
    assert days(campaign) == [NOW.date() + DAY] * 18
    assert mix(campaign, NOW + 5 * DAY) == 13
    assert mix(campaign, NOW + 9 * DAY) == 0
    assert sum(pouch.answers for pouch in campaign.pouches.all()) == 10


def test_end_of_a_campaign_opens_all_that_is_left_together(campaign):
    for count, at in ((12, NOW), (3, NOW + DAY)):
        answer(campaign, count, at)
    close(campaign, NOW + DAY)

    assert mix(campaign, NOW + DAY) == 15
    assert days(campaign) == [NOW.date() + DAY] * 15
    assert campaign.pouches.count() == 0


def test_campaign_with_fewer_than_ten_answers_is_never_opened(campaign, keys):
    answer(campaign, 9)
    close(campaign)

    assert mix_all(NOW + 2 * DAY) == 0
    assert (Answer.objects.count(), Pouch.objects.count(), list(keys.glob("*"))) == (0, 0, [])


def test_keys_are_readable_by_the_owner_only_and_destroyed_once_their_day_is_mixed(campaign, keys):
    answer(campaign, 30)
    assert [path.stat().st_mode & 0o777 for path in keys.iterdir()] == [0o600]
    assert keys.stat().st_mode & 0o777 == 0o700

    mix_all(NOW + DAY)
    assert len(list(keys.iterdir())) == 1  # ten or more are still sealed with it
    close(campaign)
    mix_all(NOW + DAY)
    assert len(list(keys.iterdir())) == 1  # something of midnight may still be on its way
    mix_all(NOW + 2 * DAY)
    assert list(keys.iterdir()) == []


def test_pouch_cannot_be_read_without_its_key_nor_under_another_campaign(campaign, make, keys):
    answer(campaign, 10)
    pouch = campaign.pouches.get()
    for word in ("satisfied", "urban", "area", "values"):
        assert word.encode() not in bytes(pouch.sealed)
    assert len(sealing.open_(pouch)) == 10

    moved = Pouch(campaign=make(code="efgh"), day=pouch.day, answers=10, sealed=pouch.sealed)
    with pytest.raises(sealing.KeyLost):
        sealing.open_(moved)
    for path in keys.iterdir():
        path.unlink()
    with pytest.raises(sealing.KeyLost):
        sealing.open_(pouch)


def test_size_of_a_pouch_tells_nothing_of_a_single_answer(campaign):
    short, long = ({"values": {"q": "x" * n}, "flags": [], "stratum": "s"} for n in (1, 1000))

    store([handed(campaign, short)], NOW)
    store([handed(campaign, long)], NOW)

    assert len({len(bytes(pouch.sealed)) for pouch in Pouch.objects.all()}) == 1


def test_mixing_twice_at_once_opens_each_answer_once(campaign, transactional_db):
    answer(campaign, 40)
    close(campaign)
    mixed: list[int] = []

    def run() -> None:
        try:
            mixed.append(mix(campaign, NOW + DAY))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (sorted(mixed), Answer.objects.count()) == ([0, 0, 0, 40], 40)


def test_closing_waits_for_what_is_being_stored(campaign, transactional_db):
    """An answer that is acknowledged is in the campaign's count, also in the last second."""
    outcomes: list[Outcome] = []

    def hand_in() -> None:
        try:
            for _ in range(60):
                outcomes.extend(store([handed(campaign, content(Random(1)))], NOW))
        finally:
            connection.close()

    thread = threading.Thread(target=hand_in)
    thread.start()
    while not outcomes:
        pass
    with transaction.atomic():
        locked = Campaign.objects.select_for_update().get(pk=campaign.pk)
        locked.closed_at = NOW
        locked.save(update_fields=["closed_at"])
        held = sum(pouch.answers for pouch in locked.pouches.all())
    thread.join()

    assert outcomes.count(TAKEN) == held
    assert set(outcomes) <= {TAKEN, CLOSED}
