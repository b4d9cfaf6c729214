"""Working days in China, for deadlines counted in them.

The State Council announces each year's holidays and exchanged working days late in the year before.
For a year not announced yet, Monday to Friday is assumed and the answer is marked provisional.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import chinese_calendar


@dataclass(frozen=True)
class WorkingDay:
    """A day found by counting; ``provisional`` if a year without announced holidays was crossed."""

    day: date
    provisional: bool


def is_working_day(day: date) -> tuple[bool, bool]:
    """Whether ``day`` is worked, and whether that is only provisional."""
    try:
        return bool(chinese_calendar.is_workday(day)), False
    except NotImplementedError:
        return day.weekday() < 5, True


def add_working_days(start: date, count: int) -> WorkingDay:
    """The ``count``-th working day after ``start``, or before it for a negative count; ``start``
    itself is not counted.

    >>> add_working_days(date(2021, 2, 10), 2)  # Spring Festival lies between
    WorkingDay(day=datetime.date(2021, 2, 19), provisional=False)
    >>> add_working_days(date(2021, 2, 19), -2)
    WorkingDay(day=datetime.date(2021, 2, 10), provisional=False)
    """
    day, provisional, left = start, False, abs(count)
    while left > 0:
        day += timedelta(days=1 if count > 0 else -1)
        worked, guess = is_working_day(day)
        provisional = provisional or guess
        left -= worked
    return WorkingDay(day, provisional)
