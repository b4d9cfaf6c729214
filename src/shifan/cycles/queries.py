"""Read published rule books and cycles. Both are public."""

from __future__ import annotations

from datetime import date

from django.db.models import Max, QuerySet

from shifan.cycles.models import Cycle, Proposal, PublishedRuleBook


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


def proposals(programme: str) -> QuerySet[Proposal]:
    """What is proposed for the programme and waits."""
    rows = Proposal.objects.filter(programme=programme, ended_at=None)
    return rows.select_related("proposed_by").defer("content")


def next_batch(programme: str, exercise: bool) -> int:
    """The number of the programme's next batch, practice counted apart."""
    rows = Cycle.objects.filter(rulebook__programme=programme, exercise=exercise)
    return (rows.aggregate(last=Max("batch"))["last"] or 0) + 1


def in_force(day: date) -> dict[str, PublishedRuleBook]:
    """Each programme with the version in force on the day, the latest of several; without one, with
    its latest."""
    found: dict[str, PublishedRuleBook] = {}
    for each in rulebooks().order_by("effective_from", "pk"):
        known = found.get(each.programme)
        if known is None or each.in_force(day) or not known.in_force(day):
            found[each.programme] = each
    return found
