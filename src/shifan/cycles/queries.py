"""Read published rule books and cycles. Both are public."""

from __future__ import annotations

from django.db.models import QuerySet

from shifan.cycles.models import Cycle, PublishedRuleBook


def rulebooks() -> QuerySet[PublishedRuleBook]:
    """All published versions."""
    return PublishedRuleBook.objects.all()


def revisions(revision: str) -> QuerySet[PublishedRuleBook]:
    """All published versions, or only those of one revision; the latest comes first."""
    rows = rulebooks()
    return rows.filter(revision=revision) if revision.isdecimal() else rows


def cycles() -> QuerySet[Cycle]:
    """All cycles, the newest first."""
    return Cycle.objects.select_related("rulebook").defer("rulebook__content")
