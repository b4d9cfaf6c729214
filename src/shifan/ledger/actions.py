"""Append to the ledger; called by every action, inside its transaction."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db import connection, models

from shifan.ledger.models import Entry
from shifan.proof import chain
from shifan.proof.digest import FORM, digest

_LOCK = 0x5348_4946_414E  # "SHIFAN": one writer of the chain at a time


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
    """Append one entry about ``subject``.

    ``before`` and ``after`` are the states to digest, if there are any. Must run inside the
    action's transaction: the entry then stands or falls with what it records. The advisory lock is
    held to the end of that transaction, so numbers have no gaps. As all others wait for it
    meanwhile, what many do at once should call this last.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("the ledger is written inside the transaction of what it records")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    last = Entry.objects.order_by("-number").values_list("number", "hash").first()
    number, previous = last or (0, chain.GENESIS)
    entry = Entry(
        number=number + 1,
        at=at.astimezone(UTC),
        actor=actor,
        verb=verb,
        object_type=subject._meta.label_lower,
        object_id=str(subject.pk),
        before=digest(before) if before is not None else "",
        after=digest(after) if after is not None else "",
        details=details,
        form=FORM,
        previous=previous,
    )
    entry.hash = chain.link_hash(entry.number, entry.body, entry.previous)
    entry.save(force_insert=True)
    return entry
