"""Read the ledger, and check it."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from django.db import models
from django.db.models import QuerySet

from shifan.ledger.models import Entry
from shifan.proof import chain


def entries() -> QuerySet[Entry]:
    """All entries, newest first; who may see them is decided by the policy of the page."""
    return Entry.objects.order_by("-number")


FORMER = {
    "proceedings.proceeding": "applications.application",
    "people.membership": "accounts.membership",
}
"""What entries made before a kind of object was renamed call it; the ledger is never rewritten."""


def entries_about(subject: models.Model) -> QuerySet[Entry]:
    """The entries about one object, oldest first."""
    label = subject._meta.label_lower
    return Entry.objects.filter(
        object_type__in=[label, *([FORMER[label]] if label in FORMER else [])],
        object_id=str(subject.pk),
    ).order_by("number")


def verify(holds: str = "") -> dict[str, Any]:
    """Walk the whole chain: entries that hold, hash of the last, and the first break if any.

    A chain can't tell by itself that its end was cut off; ``holds`` is a hash kept elsewhere that
    some entry must have.
    """
    links = (
        chain.Link(entry.number, _body(entry), entry.previous, entry.hash, entry.form)
        for entry in Entry.objects.order_by("number").iterator(2000)
    )
    count, last, broken = chain.verify(links)
    if broken is None and holds and not Entry.objects.filter(hash=holds).exists():
        broken = chain.Break(count + 1, f"no entry has the hash {holds}; the end was cut off")
    return {
        "entries": count,
        "last_hash": last,
        "ok": broken is None,
        "broken_at": broken.number if broken else None,
        "reason": broken.reason if broken else None,
    }


def _body(entry: Entry) -> dict[str, object]:
    entry.at = entry.at.astimezone(UTC)
    return entry.body
