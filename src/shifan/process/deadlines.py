"""When a deadline of the rule book falls, for one proceeding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from shifan.process.calendar import add_working_days
from shifan.rulebook.deadlines import (
    Days,
    Deadline,
    Hours,
    Months,
    OnDay,
    Span,
    StageEntered,
    WorkCalendar,
    WorkingDays,
)
from shifan.rulebook.model import Measures
from shifan.rulebook.procedures import Procedure

END_OF_DAY = time(23, 59, 59)
"""Until when an extended deadline runs on its last day."""


@dataclass(frozen=True)
class Due:
    """The last moment of a deadline, in the rule book's time zone; until ``last`` with its grace.

    ``provisional`` when it counts working days of a year whose holidays are not announced,
    ``extended`` when the office gave more time than the rule book does.
    """

    deadline: Deadline
    at: datetime
    provisional: bool = False
    extended: bool = False

    @property
    def last(self) -> datetime:
        return self.at + timedelta(minutes=self.deadline.grace_minutes)


@dataclass(frozen=True)
class Moments:
    """What deadlines are counted from.

    ``year`` is the cycle's; ``entered`` gives when the proceeding last entered each stage,
    ``known`` the other moments (:data:`shifan.rulebook.deadlines.Moment`) as far as they have come.
    ``runs`` gives, for other procedures over the same subject, from when to when they ran (to None:
    still), ``extended`` the last days to which the office extended deadlines of the round.
    """

    year: int
    entered: Mapping[str, datetime] = field(default_factory=dict)
    known: Mapping[str, datetime] = field(default_factory=dict)
    runs: Mapping[str, tuple[tuple[datetime, datetime | None], ...]] = field(default_factory=dict)
    extended: Mapping[str, date] = field(default_factory=dict)


def due(measures: Measures, procedure: Procedure, name: str, moments: Moments) -> Due | None:
    """When the deadline of that name falls; never before the day to which it was extended.

    ``None`` if it counts from a moment that has not come, or while its clock stands.
    """
    found, last_day = _due(measures, procedure, name, moments), moments.extended.get(name)
    if found is None or last_day is None:
        return found
    at = datetime.combine(last_day, END_OF_DAY, ZoneInfo(measures.time_zone))
    return found if at <= found.at else Due(found.deadline, at, extended=True)


def _due(measures: Measures, procedure: Procedure, name: str, moments: Moments) -> Due | None:
    deadline, zone = procedure.deadline(name), ZoneInfo(measures.time_zone)
    if isinstance(deadline.when, OnDay):
        month, day = map(int, deadline.when.on.split("-"))
        return Due(
            deadline, datetime.combine(date(moments.year, month, day), deadline.when.at, zone)
        )
    start = _start(deadline.when, moments)
    if start is None:
        return None
    at, provisional = counted(deadline.when, start, zone, measures.calendar)
    late = _stood(deadline, start, at, moments)
    return None if late is None else Due(deadline, at + late, provisional)


def counted(
    span: Span, start: datetime, zone: ZoneInfo, calendar: WorkCalendar
) -> tuple[datetime, bool]:
    """The moment that lies so much after or before ``start``, and whether it is provisional."""
    if isinstance(span, Hours):
        moment = start.astimezone(UTC) + span.sign * timedelta(hours=span.hours)
        return moment.astimezone(zone), False
    day = start.astimezone(zone).date()
    if isinstance(span, WorkingDays):
        found = add_working_days(day, span.sign * span.working_days, calendar)
        return datetime.combine(found.day, span.at, zone), found.provisional
    if isinstance(span, Days):
        last = day + span.sign * timedelta(days=span.days)
    elif isinstance(span, Months):
        last = day + span.sign * relativedelta(months=span.months)
    else:
        last = day + span.sign * relativedelta(years=span.years)
    return datetime.combine(last, span.at, zone), False


def _start(span: Span, moments: Moments) -> datetime | None:
    if isinstance(span.moment, StageEntered):
        return moments.entered.get(span.moment.stage)
    return moments.known.get(span.moment)


def _stood(deadline: Deadline, start: datetime, at: datetime, moments: Moments) -> timedelta | None:
    """For how long the clock stood between ``start`` and the end; None if it still stands."""
    stops = sorted(
        ((begin, end) for name in deadline.stops_for for begin, end in moments.runs.get(name, ())),
        key=lambda stop: stop[0],
    )
    late, counted_to = timedelta(), start
    for begin, end in stops:
        if begin > at + late or (end is not None and end <= counted_to):
            continue
        if end is None:
            return None
        late += end - max(begin, counted_to)
        counted_to = max(end, counted_to)
    return late
