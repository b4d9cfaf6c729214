"""Read published rule books and cycles. Both are public."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from shifan.cycles.models import Cycle, PublishedRuleBook
from shifan.units.models import Unit


def rulebooks() -> QuerySet[PublishedRuleBook]:
    """All published versions."""
    return PublishedRuleBook.objects.defer("content")


def revisions(revision: str) -> QuerySet[PublishedRuleBook]:
    """All published versions, or only those of one revision; the latest comes first."""
    rows = rulebooks()
    return rows.filter(revision=revision) if revision.isdecimal() else rows


def cycles() -> QuerySet[Cycle]:
    """All cycles, the newest first."""
    return Cycle.objects.select_related("rulebook").defer("rulebook__content")


def open_to(unit: Unit, now: datetime) -> list[Cycle]:
    """Cycles this unit could start an application in: its type has indicators, none begun yet."""
    return [
        cycle
        for cycle in cycles().exclude(applications__unit=unit).filter(opened_at__lte=now)
        if unit.unit_type in cycle.rulebook.book.indicators
    ]
