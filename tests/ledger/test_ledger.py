"""The ledger holds what was done, and one changed byte shows."""

import pytest
from django.db import ProgrammingError, connection, transaction
from tests.conftest import NOW

from shifan.ledger.actions import record
from shifan.ledger.models import Entry
from shifan.ledger.queries import entries_about, verify


def test_ledger_of_a_new_world_holds(world):
    result = verify()

    assert result["ok"] is True
    assert result["entries"] == Entry.objects.count() > 0


def test_entry_cannot_be_changed_or_deleted(world):
    for statement in ("UPDATE ledger_entry SET actor = 'x'", "DELETE FROM ledger_entry"):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.parametrize(
    "change",
    [
        "actor = actor || 'x'",
        "details = details || '{\"x\": 1}'",
        "at = at + interval '1 microsecond'",
        "after = repeat('0', 64)",
        "hash = repeat('0', 64)",
    ],
)
def test_one_changed_value_breaks_the_chain_there(world, change):
    _without_trigger(f"UPDATE ledger_entry SET {change} WHERE number = 3")

    result = verify()

    assert (result["ok"], result["broken_at"], result["entries"]) == (False, 3, 2)


def test_removed_entry_breaks_the_chain_there(world):
    _without_trigger("DELETE FROM ledger_entry WHERE number = 2")

    assert verify()["broken_at"] == 2


def test_entries_about_an_object_are_its_own(world):
    proceeding = world.proceeding()

    assert [entry.verb for entry in entries_about(proceeding)] == ["application.started"]


@pytest.mark.django_db(transaction=True)
def test_record_outside_a_transaction_is_refused():
    with pytest.raises(RuntimeError):
        record(actor="x", verb="x", subject=Entry(number=1), at=NOW)


def test_rolled_back_action_leaves_no_entry_and_no_gap(world):
    before = Entry.objects.count()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        world.proceeding()
        raise ZeroDivisionError

    world.proceeding()

    assert Entry.objects.count() == before + 1
    assert verify()["ok"] is True


def _without_trigger(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement)
        cursor.execute("SET session_replication_role = DEFAULT")


def test_cut_end_shows_against_a_hash_kept_elsewhere(world):
    kept = verify()["last_hash"]
    assert verify(kept)["ok"] is True

    _without_trigger("DELETE FROM ledger_entry WHERE number > 2")

    assert (verify()["ok"], verify(kept)["ok"]) == (True, False)
