"""Two at once: one wins, the other is told, nothing is half done."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from tests.applications.test_actions import noticed
from tests.conftest import NOW
from tests.titled import listed, released

from shifan.applications.actions import start
from shifan.errors import DomainError
from shifan.ledger.queries import verify
from shifan.proceedings.actions import make_move
from shifan.proceedings.models import Proceeding, Step
from shifan.statements.actions import state_fact
from shifan.statements.models import Fact
from shifan.titles.models import Title

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(work, times: int = 4) -> list[str]:
    """Run ``work`` in so many threads at once; "ok" or the name of the error of each."""

    def one(number: int) -> str:
        try:
            work(number)
        except DomainError as refused:
            return type(refused).__name__
        finally:
            connections.close_all()
        return "ok"

    with ThreadPoolExecutor(times) as pool:
        return sorted(pool.map(one, range(times)))


def test_one_of_several_starts_wins(world):
    actor = world.actors["lead"]

    outcome = at_once(lambda _: start(unit=world.unit, cycle=world.cycle, actor=actor, now=NOW))

    assert outcome == ["Conflict", "Conflict", "Conflict", "ok"]
    assert Proceeding.objects.count() == 1


def test_one_of_several_statements_over_the_same_seen_wins(world):
    proceeding, actor = world.proceeding(), world.actors["clerk"]
    clause = next(
        c for c in proceeding.indicators.clauses
        if c.input.type == "count" and "self" in c.input.from_
    )  # fmt: skip

    outcome = at_once(
        lambda number: state_fact(
            proceeding=proceeding,
            provision_id=clause.id,
            source="self",
            raw={clause.input.name: str(number)},
            actor=actor,
            now=NOW,
            seen=0,
        )
    )

    assert outcome == ["Conflict", "Conflict", "Conflict", "ok"]
    assert Fact.objects.count() == 1


def test_one_of_several_submissions_wins(world):
    proceeding, actor = world.proceeding(facts=True), world.actors["lead"]

    outcome = at_once(
        lambda _: make_move(proceeding=proceeding, move_id="submit", actor=actor, now=NOW)
    )

    assert outcome == ["Refused", "Refused", "Refused", "ok"]
    assert Step.objects.filter(move="submit").count() == 1


def test_one_of_several_designations_wins(world):
    batch = listed(noticed(world))

    outcome = at_once(lambda _: released(batch, NOW + timedelta(days=30)))

    assert outcome.count("ok") == 1
    assert Title.objects.filter(level="national").count() == 1
    assert verify()["ok"] is True


def test_ledger_has_no_gap_after_many_writers(world):
    proceeding, actor = world.proceeding(), world.actors["clerk"]
    clauses = [
        c for c in proceeding.indicators.clauses
        if c.input.type == "count" and "self" in c.input.from_
    ]  # fmt: skip

    def write(number: int) -> None:
        for clause in clauses:
            state_fact(
                proceeding=proceeding, provision_id=clause.id, source="self",
                raw={clause.input.name: str(number)}, actor=actor, now=NOW,
            )  # fmt: skip

    assert at_once(write) == ["ok"] * 4
    assert verify()["ok"] is True
