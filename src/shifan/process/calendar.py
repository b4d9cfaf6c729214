"""Working days, for deadlines counted in them, by the calendar that the rule book names.

China's State Council announces each year's holidays and exchanged working days late in the year
before. For a year not announced yet, Monday to Friday is assumed and the answer is marked
provisional. Elsewhere the holidays are those of the country's laws; what of a year can only be
estimated makes it provisional.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import chinese_calendar

from shifan.rulebook.deadlines import WorkCalendar

CHINA = WorkCalendar()


@dataclass(frozen=True)
class WorkingDay:
    """A day found by counting; ``provisional`` if a year without announced holidays was crossed."""

    day: date
    provisional: bool


def is_working_day(day: date, calendar: WorkCalendar = CHINA) -> tuple[bool, bool]:
    """Whether ``day`` is worked, and whether that is only provisional."""
    if day in calendar.worked or day in calendar.free:
        return day in calendar.worked, False
    if calendar.country != "CN":
        laws = _laws(calendar.country, calendar.subdivision, day.year)
        return bool(laws.is_working_day(day)), any("estimated" in name for name in laws.values())
    try:
        return bool(chinese_calendar.is_workday(day)), False
    except NotImplementedError:
        return day.weekday() < 5, True


@lru_cache(maxsize=256)
def _laws(country: str, subdivision: str, year: int) -> Any:
    """The holidays of a country, or a part of it, in a year."""
    from holidays import country_holidays

    return country_holidays(country, subdiv=subdivision or None, years=year, language="en_US")


def add_working_days(start: date, count: int, calendar: WorkCalendar = CHINA) -> WorkingDay:
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
        worked, guess = is_working_day(day, calendar)
        provisional = provisional or guess
        left -= worked
    return WorkingDay(day, provisional)
