"""Read published rule books and cycles. Both are public."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

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
    """Cycles this unit could start an application in: its type has indicators, and it neither has
    an application there nor agreed to a joint one."""
    free = cycles().exclude(pk__in=applying_in(unit))
    return [
        cycle
        for cycle in free.filter(opened_at__lte=now)
        if unit.unit_type in cycle.rulebook.book.indicators
    ]


def applying_in(unit: Unit) -> QuerySet[Cycle]:
    """Cycles in which the unit applies, by itself or jointly."""
    joined = Q(proceedings__partners__unit=unit, proceedings__partners__agreed=True)
    return Cycle.objects.filter(joined | Q(proceedings__unit=unit))
