"""When a deadline of the rule book falls, for one application."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from shifan.process.calendar import add_working_days
from shifan.rulebook.model import Deadline, Measures


@dataclass(frozen=True)
class Due:
    """The last moment of a deadline, in the rule book's time zone; until ``last`` with its grace.

    ``provisional`` when it counts working days of a year whose holidays are not announced.
    """

    deadline: Deadline
    at: datetime
    provisional: bool = False

    @property
    def last(self) -> datetime:
        return self.at + timedelta(minutes=self.deadline.grace_minutes)


def due(
    measures: Measures, deadline_id: str, year: int, entered: Mapping[str, datetime]
) -> Due | None:
    """When the deadline falls in the cycle of ``year``.

    ``entered`` gives when the application last entered each stage; ``None`` if the deadline counts
    from a stage that was not entered.
    """
    deadline, zone = measures.deadline(deadline_id), ZoneInfo(measures.time_zone)
    if deadline.on is not None:
        month, day = map(int, deadline.on.split("-"))
        return Due(deadline, datetime.combine(date(year, month, day), deadline.at, zone))
    if deadline.after_stage not in entered:
        return None
    assert deadline.after_stage is not None and deadline.days is not None
    start = entered[deadline.after_stage].astimezone(zone).date()
    if deadline.kind == "calendar":
        last, provisional = start + timedelta(days=deadline.days), False
    else:
        working = add_working_days(start, deadline.days)
        last, provisional = working.day, working.provisional
    return Due(deadline, datetime.combine(last, deadline.at, zone), provisional)
