"""Enumerators' devices: keys, batches, nothing lost when a reply is, nothing doubled."""

from __future__ import annotations

import json
import re
from uuid import uuid4

import pytest
from django.urls import reverse
from tests.conftest import NOW
from tests.surveys.conftest import DAY, WHOLE, close
from tests.surveys.test_light_path import Got, Visitor

from shifan.surveys import sealing
from shifan.surveys.actions import add_team, end_team
from shifan.surveys.intake.campaigns import team_digest
from shifan.surveys.models import FieldKey, Pouch, Receipt

RAW = {name: [value] for name, value in WHOLE.items()}


@pytest.fixture
def campaign(make, transactional_db):
    return make("enumerator")


@pytest.fixture
def key(campaign, world) -> str:
    actor = world.actors["reviewer"]
    return add_team(campaign=campaign, label="一组", actor=actor, now=NOW)


@pytest.fixture
def device(key) -> Visitor:
    return Visitor()


def interview(**given) -> dict:
    return {"id": str(uuid4()), "answers": RAW, "seconds": 60} | given


def send(device: Visitor, key: str, *interviews: dict, body: bytes | None = None) -> Got:
    content = json.dumps({"answers": list(interviews)}).encode() if body is None else body
    headers = {"authorization": f"Bearer {key}", "accept-language": "en"}
    return device.ask("/s/abcd/field/", "POST", content, headers)


def outcomes(got: Got) -> list[str]:
    assert got.status == 200
    return [each["outcome"] for each in json.loads(got.page)["results"]]


def test_team_s_key_is_shown_once_with_a_code_to_scan(campaign, world):
    client, address = world.client("reviewer"), reverse("surveys:teams", args=["abcd"])

    page = client.post(address, {"label": "二组"}).content.decode()

    key = re.search(r"<code[^>]*>([A-Z0-9-]{19})</code>", page)[1]
    assert f"field/#k={key}</title>" in page
    assert FieldKey.objects.filter(digest=team_digest("abcd", key)).count() == 1
    assert key not in client.get(reverse("surveys:campaign", args=["abcd"])).content.decode()


def test_interviews_are_stored_sealed_and_once_however_often_they_are_sent(device, key):
    batch = [interview(), interview(seconds=3), interview()]

    assert outcomes(send(device, key, *batch)) == ["taken"] * 3
    assert outcomes(send(device, key, *batch, interview())) == ["known"] * 3 + ["taken"]
    assert Receipt.objects.count() == 4
    held = [each for pouch in Pouch.objects.all() for each in sealing.open_(pouch)]
    assert sorted(each["flags"] for each in held) == [[], [], [], ["too_fast"]]
    assert all(each["values"] == WHOLE for each in held)


def test_interview_that_does_not_fit_is_refused_by_itself_with_the_reason(device, key):
    bad = interview(answers=RAW | {"area": ["moon"]})

    got = send(device, key, interview(), bad, interview())

    assert outcomes(got) == ["taken", "refused", "taken"]
    said = json.loads(got.page)["results"][1]
    assert said["id"] == bad["id"]
    assert said["problems"] == ["Where do you live? There is no such choice."]


@pytest.mark.parametrize("wrong", ["", "WRONG", "x" * 500])
def test_wrong_key_hands_in_nothing(device, key, wrong):
    assert send(device, wrong, interview()).status == 401
    assert Receipt.objects.count() == 0


def test_ended_key_hands_in_nothing_and_its_neighbour_still_does(device, key, campaign, world):
    actor = world.actors["reviewer"]
    other = add_team(campaign=campaign, label="二组", actor=actor, now=NOW)
    first = FieldKey.objects.get(label="一组")
    assert key.encode() not in bytes(first.digest)
    end_team(campaign=campaign, team=first.pk, actor=actor, now=NOW)

    assert send(device, key, interview()).status == 401
    assert outcomes(send(device, other, interview())) == ["taken"]


@pytest.mark.parametrize(
    "body",
    [b"", b"nonsense", b"[]", b'{"answers": []}', b'{"answers": 3}', b'{"answers": [{}]}',
     b'{"answers": [{"id": "x", "answers": {}}]}', b'{"answers": [null]}', b"[" * 100_000,
     json.dumps({"answers": [{"id": "0" * 32, "answers": {"a": 3}}]}).encode(),
     json.dumps({"answers": [interview(seconds=10**400)]}).encode(),
     json.dumps({"answers": [{"id": "0" * 32, "answers": RAW}] * 51}).encode()],
)  # fmt: skip
def test_batch_that_cannot_be_read_is_refused_whole(device, key, body):
    assert send(device, key, body=body).status == 422
    assert Receipt.objects.count() == 0


def test_batch_of_more_than_a_megabyte_is_refused(device, key):
    assert send(device, key, body=b"x" * 1_000_001).status == 413


def test_clock_of_the_device_does_not_matter(device, key):
    for seconds in (-5, "soon", None, True, 10**9):
        assert outcomes(send(device, key, interview(seconds=seconds))) == ["taken"]


def test_interview_that_comes_after_the_last_day_is_taken_until_the_office_ends_it(campaign, key):
    late, held = Visitor(lambda: NOW + 31 * DAY), interview()

    assert outcomes(send(late, key, held)) == ["taken"]
    close(campaign)
    got = send(Visitor(lambda: NOW + 31 * DAY), key, held)

    assert (got.status, json.loads(got.page)["message"]) == (
        410, "Answers are no longer taken. Thank you for your interest.",
    )  # fmt: skip


def test_interview_before_the_first_day_stays_on_the_device(campaign, key):
    assert send(Visitor(lambda: NOW - DAY), key, interview()).status == 403


def test_public_page_is_closed_and_the_field_s_is_light_and_strict(device):
    assert device.get("/s/abcd/").status == 403
    got = device.get("/s/abcd/field/?lang=en")
    assert (got.status, len(got.page.encode()) < 60_000) == (200, True)
    policy = got.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "connect-src 'self'" in policy
    assert got.page.count("Only where an earlier answer calls for it.") == 1
    worker = device.get("/s/abcd/field/sw.js")
    assert worker.headers["content-type"].startswith("text/javascript")
    assert device.get("/s/abcd/field/other.js").status == 404


def test_open_campaign_has_no_field_page(make, transactional_db):
    make(code="efgh")
    visitor = Visitor()

    assert visitor.get("/s/efgh/field/").status == 404
