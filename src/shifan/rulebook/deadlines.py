"""Points in time of a procedure, as a rule book says them.

A deadline is a day of the cycle's year (``on``), or so many hours, working days, days, months or
years after or before a moment. The moment is written as a word (:data:`Moment`) or as
``{stage: draft}``: when the proceeding last entered that stage.
"""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator

from shifan.rulebook.base import Name, Part, Text

Moment = Literal["opened", "origin", "finding", "term_start", "term_end"]
"""``opened``: when this proceeding began; ``origin``: the step of another proceeding that opened
it; ``finding``: the day its finding was made; ``term_start``, ``term_end``: of the title's current
or last term."""

MOMENTS: tuple[Moment, ...] = ("opened", "origin", "finding", "term_start", "term_end")

MonthDay = Annotated[str, Field(pattern=r"^\d\d-\d\d$")]
"""A day of every year: ``03-31``."""


class WorkCalendar(Part):
    """Whose working days deadlines count: those of a ``country`` (its ISO 3166 code), or of a
    ``subdivision`` of it. Days listed as ``free`` or ``worked`` beat it."""

    country: str = Field(default="CN", pattern="^[A-Z]{2}$")
    subdivision: str = Field(default="", max_length=20)
    free: tuple[date, ...] = ()
    worked: tuple[date, ...] = ()


class StageEntered(Part):
    """The moment at which the proceeding last entered a stage of its own procedure."""

    stage: Name


class OnDay(Part):
    """A day of the cycle's year, until ``at`` (in the programme's time zone)."""

    on: MonthDay
    at: time = time(23, 59, 59)


class _Span(Part):
    """So much time ``after`` or ``before`` a moment; exactly one of the two is given.

    Counted in days and longer it ends at ``at`` of the day found, in the programme's time zone; the
    day it is counted from is not counted.
    """

    after: Moment | StageEntered | None = None
    before: Moment | StageEntered | None = None
    at: time = time(23, 59, 59)

    @model_validator(mode="after")
    def _one_side(self) -> Self:
        if (self.after is None) == (self.before is None):
            raise ValueError("needs either `after` or `before`, with the moment it is counted from")
        return self

    @property
    def moment(self) -> Moment | StageEntered:
        found = self.after if self.after is not None else self.before
        assert found is not None
        return found

    @property
    def sign(self) -> int:
        """1 when it lies after the moment, -1 when before."""
        return 1 if self.after is not None else -1


class Hours(_Span):
    """Hours to the second; ``at`` plays no part."""

    hours: int = Field(ge=1, le=87_600)


class WorkingDays(_Span):
    """Working days of the programme's calendar."""

    working_days: int = Field(ge=1, le=3660)


class Days(_Span):
    """Days of the calendar; 0 is the day of the moment itself."""

    days: int = Field(ge=0, le=3660)


class Months(_Span):
    """Months of the calendar; 31 January and a month is the last day of February."""

    months: int = Field(ge=1, le=600)


class Years(_Span):
    """Years of the calendar; 29 February and a year is 28 February."""

    years: int = Field(ge=1, le=50)


def _unit_of_time(value: Any) -> str | None:
    names = value if isinstance(value, dict) else getattr(type(value), "model_fields", ())
    return next((each for each in UNITS_OF_TIME if each in names), None)


UNITS_OF_TIME = ("on", "hours", "working_days", "days", "months", "years")

Span = Annotated[
    Annotated[Hours, Tag("hours")]
    | Annotated[WorkingDays, Tag("working_days")]
    | Annotated[Days, Tag("days")]
    | Annotated[Months, Tag("months")]
    | Annotated[Years, Tag("years")],
    Discriminator(
        _unit_of_time,
        custom_error_type="span",
        custom_error_message="needs one of hours, working_days, days, months, years",
    ),
]
"""Time counted from a moment."""

When = Annotated[
    Annotated[OnDay, Tag("on")]
    | Annotated[Hours, Tag("hours")]
    | Annotated[WorkingDays, Tag("working_days")]
    | Annotated[Days, Tag("days")]
    | Annotated[Months, Tag("months")]
    | Annotated[Years, Tag("years")],
    Discriminator(
        _unit_of_time,
        custom_error_type="when",
        custom_error_message="needs `on`, or one of hours, working_days, days, months, years",
    ),
]
"""A point in time: a day of the year, or time counted from a moment."""


class Deadline(Part):
    """A point in time with a name and the article that sets it.

    What comes within ``grace_minutes`` after it is still taken, and marked as such. While a
    proceeding of a procedure named in ``stops_for`` runs over the same subject the clock stands.
    """

    id: Name
    name: Text
    article: int | None = None
    when: When
    grace_minutes: int = Field(default=0, ge=0, le=10_080)
    stops_for: tuple[Name, ...] = ()


MOMENT_NAMES: dict[Moment, Text] = {
    "term_start": Text(zh="称号生效之日", en="Start of the title's term"),
    "term_end": Text(zh="称号有效期满", en="End of the title's term"),
    "opened": Text(zh="程序启动之日", en="Day it was opened"),
    "origin": Text(zh="引起本程序的决定之日", en="Day of the decision it came from"),
    "finding": Text(zh="问题查实之日", en="Day of the finding"),
}
"""What the moments are called."""


def at_moment(moment: Moment) -> Deadline:
    """The end of the day of a moment, as a deadline of its own."""
    return Deadline(id=moment, name=MOMENT_NAMES[moment], when=Days(days=0, after=moment))
