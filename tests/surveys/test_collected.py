"""Answers collected with KoboToolbox or ODK come in: once, checked, whole or not at all."""

from __future__ import annotations

import io
from contextlib import nullcontext

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.conftest import NOW
from tests.surveys.conftest import DAY

from shifan.accounts.actor import SYSTEM
from shifan.errors import BadInput
from shifan.ledger.models import Entry
from shifan.surveys import bring_in as bring_in_module
from shifan.surveys.bring_in import bring_in
from shifan.surveys.models import Receipt

CSV = (
    "area,age_band,environment,livelihood,effect,heard,_uuid\n"
    "urban,30_44,satisfied,neutral,satisfied,no,11111111-2222-4333-8444-555555555555\n"
    "urban,30_44,satisfied,neutral,satisfied,no,\n"
    "urban,30_44,satisfied,neutral,satisfied,no,\n"
    "moon,30_44,satisfied,neutral,satisfied,no,\n"
)


def test_collected_answers_come_in_once_with_the_same_checks(world, campaign):
    client = world.client("reviewer")
    client.cookies["django_language"] = "en"
    said = []
    for _ in range(2):
        file = SimpleUploadedFile("kobo.csv", CSV.encode())
        got = client.post(reverse("surveys:collected", args=["abcd"]), {"file": file})
        said.append(got.content.decode())

    assert "3 new, 0 there already, 1 refused" in said[0]
    assert "Row 5: area: There is no such choice." in said[0]
    assert "0 new, 3 there already, 1 refused" in said[1]
    assert sum(pouch.answers for pouch in campaign.pouches.all()) == 3
    assert SYSTEM.name  # the rows belong to nobody


@pytest.mark.parametrize(("days", "taken"), [(-1, 0), (31, 3)])
def test_collected_answers_come_in_after_the_last_day_but_not_before_the_first(
    campaign, reviewer, days, taken
):
    file, now = io.BytesIO(CSV.encode()), NOW + days * DAY
    with nullcontext() if taken else pytest.raises(BadInput, match="not running"):
        bring_in(campaign=campaign, file=file, name="kobo.csv", actor=reviewer, now=now)

    assert sum(pouch.answers for pouch in campaign.pouches.all()) == taken


def test_file_that_is_damaged_further_down_is_not_taken_at_all(campaign, reviewer):
    row = b"urban,30_44,satisfied,neutral,satisfied,no\n"
    head = b"area,age_band,environment,livelihood,effect,heard\n"
    for end in (b"\xff\n", b'"' + b"x" * 140_000 + b'"\n'):
        with pytest.raises(BadInput):
            bring_in(campaign=campaign, file=io.BytesIO(head + row * 1200 + end), name="a.csv",
                     actor=reviewer, now=NOW)  # fmt: skip

    assert Receipt.objects.count() == 0
    assert not Entry.objects.filter(verb="campaign.brought_in").exists()


def test_file_of_too_many_rows_is_not_taken_at_all(campaign, reviewer, monkeypatch):
    monkeypatch.setattr(bring_in_module, "MOST_ROWS", 3)

    with pytest.raises(BadInput, match="please split it"):
        bring_in(campaign=campaign, file=io.BytesIO(CSV.encode()), name="a.csv", actor=reviewer,
                 now=NOW)  # fmt: skip
    assert Receipt.objects.count() == 0


def test_collected_file_of_another_form_is_refused_whole(world, campaign):
    client = world.client("reviewer")
    for name, data in (
        ("a.csv", b"colour\nred\n"), ("a.csv", b"\xff\xfe\x00"), ("a.xml", b"<x"),
        ("a.csv", b"x" * 140_000), ("a.xml", b'<?xml version="1.0" encoding="foo"?><x/>'),
        ("a.xml", b'<?xml version="1.0" encoding="hex"?><x/>'),
    ):  # fmt: skip
        got = client.post(
            reverse("surveys:collected", args=["abcd"]), {"file": SimpleUploadedFile(name, data)}
        )
        assert got.status_code == 400
    assert campaign.pouches.count() == 0


def test_answers_for_tokens_are_not_brought_in(world, make):
    make("token")

    got = world.client("reviewer").post(
        reverse("surveys:collected", args=["abcd"]),
        {"file": SimpleUploadedFile("kobo.csv", CSV.encode())},
    )

    assert got.status_code == 400
    assert Receipt.objects.count() == 0
