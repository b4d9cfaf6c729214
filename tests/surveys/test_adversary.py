"""The adversary holds the whole database, every copy ever made of it, and all logs.

It saw who used which code and when, and knows what each of these people answered in the sense that
it may check its guess. It tries every order that could be left anywhere: of rows on disk, of
transactions, of ids, of days. Linking by chance hits about one in a batch; no order may do better.
"""

from __future__ import annotations

import logging
from random import Random
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection, models
from tests.conftest import NOW
from tests.surveys.conftest import DAY, WHOLE, close

from shifan.surveys.intake.campaigns import token_digest
from shifan.surveys.intake.store import Handed, Outcome, store
from shifan.surveys.mixing import mix
from shifan.surveys.models import Answer, Campaign, Pouch, Receipt, Token

PEOPLE, DAYS = 300, 6
BOUND = 25
"""More hits than this come by chance less than once in a million runs (Poisson, mean 6, summed
over at most 6 batches and all strategies)."""


@pytest.fixture
def watched(make, transactional_db):
    """Three hundred people hand in one by one over six days; the adversary notes what it sees."""
    random = Random(7)
    campaign = make("token")
    words = [f"W{number}" for number in range(PEOPLE)]
    digests = [token_digest("abcd", word) for word in words]
    Token.objects.bulk_create([Token(campaign=campaign, digest=d) for d in sorted(digests)])
    order = random.sample(range(PEOPLE), PEOPLE)
    seen: list[tuple[int, bytes, object]] = []
    copies: list[bytes] = []
    for place, person in enumerate(order):
        at = NOW + (place * DAYS // PEOPLE) * DAY
        values = WHOLE | {"mark": f"person-{person}"}
        number = uuid4()
        said = {"values": values, "flags": [], "stratum": "urban|30_44"}
        handed = Handed(campaign.pk, number, said, digests[person])
        assert store([handed], at) == [Outcome.TAKEN]
        seen.append((person, digests[person], number))
        if place % 60 == 59:
            copies += [bytes(pouch.sealed) for pouch in Pouch.objects.all()]
            mix(campaign, at + DAY)
    close(campaign, NOW + DAYS * DAY)
    mix(campaign, NOW + DAYS * DAY)
    assert Answer.objects.count() == PEOPLE
    return campaign, seen, copies


def rows(table: str, columns: str, order: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {table} ORDER BY {order}")
        return cursor.fetchall()


ORDERS = {
    "as it lies on disk": "tableoid, ctid",
    "by place on disk": "ctid, tableoid",
    "by transaction, then disk": "xmin::text::bigint, tableoid, ctid",
    "by transaction, then place": "xmin::text::bigint, ctid",
    "by number": "id",
    "by day, then disk": "day, tableoid, ctid",
    "by day, then number": "day, id",
}


@pytest.mark.parametrize("order", sorted(ORDERS))
def test_no_order_of_answers_leads_to_people(watched, order):
    _, seen, _ = watched
    answers = [values["mark"] for (values,) in _answers(ORDERS[order])]
    arrival = [f"person-{person}" for person, *_ in seen]
    by_token = _by(seen, 1, rows("surveys_token", "digest", "xmin::text::bigint, ctid"))
    by_token_place = _by(seen, 1, rows("surveys_token", "digest", "tableoid, ctid"))
    by_receipt = _by(seen, 2, rows("surveys_receipt", "submission", "xmin::text::bigint, ctid"))
    by_receipt_place = _by(seen, 2, rows("surveys_receipt", "submission", "tableoid, ctid"))
    by_receipt_number = _by(seen, 2, rows("surveys_receipt", "submission", "submission"))

    for guess in (arrival, by_token, by_token_place, by_receipt, by_receipt_place,
                  by_receipt_number):  # fmt: skip
        for attempt in (guess, guess[::-1]):
            hits = sum(one == other for one, other in zip(attempt, answers, strict=True))
            assert hits <= BOUND


def _answers(order: str) -> list[tuple]:
    import json

    found = rows("surveys_answer", "values::text", order)
    return [(json.loads(text),) for (text,) in found]


def _by(seen, place: int, ordered: list[tuple]) -> list[str]:
    people = {each[place]: f"person-{each[0]}" for each in seen}
    return [people[bytes(key) if place == 1 else key] for (key,) in ordered]


def test_measure_finds_the_link_where_answers_are_simply_stored_as_they_come(watched):
    campaign, seen, _ = watched
    Answer.objects.all().delete()
    arrival = [f"person-{person}" for person, *_ in seen]
    for mark in arrival:
        Answer.objects.create(campaign=campaign, day=NOW.date(), stratum="", values={"mark": mark})

    found = [values["mark"] for (values,) in _answers(ORDERS["by transaction, then disk"])]
    assert sum(one == other for one, other in zip(arrival, found, strict=True)) == PEOPLE


def test_people_of_one_day_cannot_be_told_from_fewer_than_ten(watched):
    from collections import Counter

    campaign, *_ = watched
    batches = Counter(rows("surveys_answer", "xmin::text", "1"))
    assert min(batches.values()) >= 10
    assert min(Counter(campaign.answers.values_list("day", flat=True)).values()) >= 10


def test_old_copies_cannot_be_opened_once_the_keys_are_gone(watched, keys):
    from shifan.surveys import sealing

    _, _, copies = watched
    sealing.forget((NOW + 30 * DAY).date())
    assert list(keys.iterdir()) == []
    assert copies
    assert not any(b"person-" in copy or b"satisfied" in copy for copy in copies)


def test_no_key_and_no_time_finer_than_the_day_joins_answers_to_anything(db):
    fields = {
        model: {field.name: type(field) for field in model._meta.get_fields() if field.concrete}
        for model in (Token, Receipt, Pouch, Answer)
    }
    assert {model.__name__: sorted(set(names) - {"pk"}) for model, names in fields.items()} == {
        "Token": ["campaign", "digest", "spent"],
        "Receipt": ["campaign", "submission"],
        "Pouch": ["answers", "campaign", "day", "id", "sealed"],
        "Answer": ["campaign", "day", "flags", "id", "stratum", "values"],
    }
    for names in fields.values():
        kinds = set(names.values())
        assert not kinds & {models.DateTimeField, models.TimeField, models.AutoField,
                            models.BigAutoField, models.GenericIPAddressField}  # fmt: skip
    related = {
        (model.__name__, field.related_model.__name__)
        for model in fields
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete
    }
    assert related == {(m.__name__, "Campaign") for m in fields}
    tracked = {model.__name__ for model in apps.get_models() if "Event" in model.__name__}
    assert not {name for name in tracked if name.startswith(("Answer", "Token", "Receipt"))}


def test_nothing_is_logged_and_nothing_told_to_the_ledger(make, transactional_db, caplog):
    from tests.surveys.test_light_path import Visitor, filled

    from shifan.ledger.models import Entry

    make()
    before = Entry.objects.count()
    with caplog.at_level(logging.DEBUG):
        visitor = Visitor()
        got = visitor.post("/s/abcd/", filled(visitor.get("/s/abcd/").page))
    assert got.status == 200
    said = " ".join(record.getMessage() for record in caplog.records)
    for word in ("203.0.113", "satisfied", "urban"):
        assert word not in said
    assert Entry.objects.count() == before
    assert Campaign.objects.get().pouches.count() == 1
