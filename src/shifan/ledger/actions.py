"""Append to the ledger; called by every action, inside its transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import connection, models

from shifan.ledger.models import Entry
from shifan.proof import chain
from shifan.proof.digest import FORM, canonical, digest

_HOLD = """
    SELECT pg_advisory_xact_lock(91569932091726);  -- "SHIFAN": one writer of the chain at a time
    SELECT number, hash FROM ledger_entry ORDER BY number DESC LIMIT 1
"""


@dataclass(frozen=True)
class Record:
    """An entry to be made: who did what to which object, and the states to digest, if any."""

    actor: str
    verb: str
    subject: models.Model
    at: datetime
    before: Any = None
    after: Any = None
    details: Mapping[str, Any] = field(default_factory=dict)


def record(
    *,
    actor: str,
    verb: str,
    subject: models.Model,
    at: datetime,
    before: Any = None,
    after: Any = None,
    **details: Any,
) -> Entry:
    """Append one entry about ``subject``; see :func:`record_many`."""
    return record_many([Record(actor, verb, subject, at, before, after, details)])[0]


def record_many(records: Sequence[Record]) -> list[Entry]:
    """Append entries, in their order, in one piece.

    Must run inside the action's transaction: they then stand or fall with what they record. The
    advisory lock is held to the end of that transaction, so numbers have no gaps. As all others
    wait for it meanwhile, what many do at once should call this last.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("the ledger is written inside the transaction of what it records")
    entries = [_entry(each) for each in records]
    bodies = [canonical(entry.body) for entry in entries]
    number, previous = _hold_the_end()
    for entry, body in zip(entries, bodies, strict=True):
        number += 1
        entry.number, entry.previous = number, previous
        previous = entry.hash = chain.link(number, body, previous)
    return Entry.objects.bulk_create(entries)


def _entry(each: Record) -> Entry:
    """The entry but for its place in the chain."""
    before, after = (
        digest(state) if state is not None else "" for state in (each.before, each.after)
    )
    return Entry(
        at=each.at.astimezone(UTC),
        actor=each.actor,
        verb=each.verb,
        object_type=each.subject._meta.label_lower,
        object_id=str(each.subject.pk),
        before=before,
        after=after,
        details=dict(each.details),
        form=FORM,
    )


def _hold_the_end() -> tuple[int, str]:
    """The last entry's number and hash, with the chain held: both statements in one message."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLD)
        cursor.nextset()
        return cursor.fetchone() or (0, chain.GENESIS)
