"""Cycles and rule books arranged for reading: the calendar, the counts of sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from shifan.cycles.models import Cycle, Extension, PublishedRuleBook
from shifan.cycles.queries import rulebooks
from shifan.process.deadlines import Due, Moments, due
from shifan.rulebook.base import Source, Status, Text
from shifan.rulebook.model import RuleBook
from shifan.scoring.asked import AskedBefore, asked_before
from shifan.scoring.crosswalk import Crossing, of_type


@dataclass(frozen=True)
class Entry:
    """One date of a cycle; ``state`` is ``ahead`` until it has passed. ``extension`` is what moved
    it there, if anything did."""

    when: datetime
    name: Text
    state: str
    extension: Extension | None = None


@dataclass(frozen=True)
class Calendar:
    """A cycle with those of its deadlines that fall on a date, in order."""

    cycle: Cycle
    entries: tuple[Entry, ...]


def calendar(cycle: Cycle, now: datetime) -> Calendar:
    """The dates of a cycle, without the deadlines counted from a step of each application."""
    way = cycle.measures.application
    moments = Moments(cycle.year, extended=cycle.extended_in(way.id))
    found = (due(cycle.measures, way, each.id, moments) for each in way.deadlines)
    dated = sorted((each for each in found if each is not None), key=_at)
    latest = {}
    if cycle.extended:
        latest = {each.deadline_id: each for each in cycle.extensions.filter(procedure_id=way.id)}
    return Calendar(
        cycle,
        tuple(
            Entry(
                d.at, d.deadline.name, "" if d.at < now else "ahead",
                latest.get(d.deadline.id) if d.extended else None,
            )
            for d in dated
        ),
    )  # fmt: skip


def _at(found: Due) -> datetime:
    return found.at


@dataclass(frozen=True)
class Again:
    """What another published rule book asked of the same units before; of an earlier version also
    where each of its clauses went."""

    book: str
    taken_over: int
    anew: tuple[AskedBefore, ...]
    crossings: tuple[Crossing, ...] = ()


def again(published: PublishedRuleBook, unit_type: str) -> list[Again]:
    """The other programmes' and versions' rule books that asked some of the same before."""
    book, latest = published.book, {each.book.name: each.book for each in rulebooks().reverse()}
    found = []
    for name, other in latest.items():
        if name == book.name:
            continue
        before = list(asked_before(book.measures, book.indicators[unit_type], other))
        anew = tuple(each for each in before if not each.taken_over)
        if before:
            crossings = _crossings(other, book, unit_type)
            found.append(Again(name, len(before) - len(anew), anew, crossings))
    return found


def _crossings(other: RuleBook, book: RuleBook, unit_type: str) -> tuple[Crossing, ...]:
    """Where the clauses of an earlier version went; none of another programme."""
    was, now = other.measures, book.measures
    earlier = was.version == now.supersedes or was.effective.from_ < now.effective.from_
    if was.programme != now.programme or not earlier:
        return ()
    return tuple(of_type(other.indicators[unit_type], book.indicators[unit_type]))


def statuses(sources: Iterable[Source]) -> list[tuple[Status, int]]:
    """How many sources have each status, the most official first; none is left out."""
    counts = Counter(source.status for source in sources)
    return [(status, counts[status]) for status in get_args(Status)]
