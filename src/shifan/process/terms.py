"""How long a title stands that a move awards."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from shifan.rulebook.effects import Award


def term_start(award: Award, decided: date, old_end: date | None = None) -> date:
    """The first day of the term. ``old_end`` is the last day of the term before, if there was one.

    On the old rhythm it is the day after the old end, or the day of the decision if that is later.
    """
    if award.from_ == "old_end" and old_end is not None:
        return max(decided, old_end + timedelta(days=1))
    if award.from_ in ("decision", "old_end"):
        return decided
    return _next(award.from_, decided)


def term_end(award: Award, decided: date, old_end: date | None = None) -> date | None:
    """The last day of the term; None without an end.

    On the old rhythm it is counted from the old end, however late the decision.

    >>> term_end(Award(years=5), date(2027, 6, 1))
    datetime.date(2032, 5, 31)
    >>> term_end(Award(**{"years": 3, "from": "old_end"}), date(2027, 6, 1), date(2027, 3, 31))
    datetime.date(2030, 3, 31)
    """
    first = term_start(award, decided, old_end)
    if award.until is not None:
        return _next(award.until, first)
    length = relativedelta(years=award.years or 0, months=award.months or 0)
    if not length:
        return None
    if award.from_ == "old_end" and old_end is not None:
        end: date = old_end + length
        return end
    last: date = first + length - timedelta(days=1)
    return last


def _next(month_day: str, day: date) -> date:
    """The next such day of the year, on or after ``day``; 29 February is the month's last day."""
    month, number = map(int, month_day.split("-"))
    here, then = (
        date(year, month, min(number, monthrange(year, month)[1]))
        for year in (day.year, day.year + 1)
    )
    return here if here >= day else then
