"""The rule kinds a clause can use: their parameters, and what makes the parameters sound.

What each kind *awards* stands in :mod:`shifan.scoring.kinds`, one module per kind.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from shifan.rulebook.base import Name, Part, Points, Text


class AllOrNothing(Part):
    """All the clause's points when the fact is true, none when it is false."""

    kind: Literal["all_or_nothing"]


class Step(Part):
    """``points`` from the bound ``at`` on."""

    at: Decimal
    points: Points


class Steps(Part):
    """The points of the furthest step reached; none before the first.

    With ``direction: at_least`` higher values are better and bounds rise; with ``at_most`` lower
    values are better and bounds fall. Points rise from step to step either way.
    """

    kind: Literal["steps"]
    direction: Literal["at_least", "at_most"] = "at_least"
    steps: tuple[Step, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        for before, after in zip(self.steps, self.steps[1:], strict=False):
            if after.points <= before.points:
                raise ValueError(
                    f"steps must rise in points; {after.points} follows {before.points}"
                )
            rises = after.at > before.at
            if rises != (self.direction == "at_least") or after.at == before.at:
                way = "rise" if self.direction == "at_least" else "fall"
                raise ValueError(f"step bounds must {way}; {after.at} follows {before.at}")
        return self


class Linear(Part):
    """Points rise in a straight line from ``low`` (none) to ``full`` (all).

    ``full`` below ``low`` means that lower values are better.
    """

    kind: Literal["linear"]
    low: Decimal
    full: Decimal

    @model_validator(mode="after")
    def _apart(self) -> Self:
        if self.low == self.full:
            raise ValueError(f"low and full are both {self.low}; use steps for a single bound")
        return self


class PerCount(Part):
    """``each`` points for every one counted, never more than the clause's points."""

    kind: Literal["per_count"]
    each: Points = Field(gt=0)


class ChecklistPart(Part):
    """One thing to tick; ``weight`` is its share relative to the other parts."""

    id: Name
    text: Text
    weight: int = Field(default=1, ge=1, le=1000)


class Checklist(Part):
    """The clause's points times the ticked share of the parts' weights."""

    kind: Literal["checklist"]
    parts: tuple[ChecklistPart, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        ids = [part.id for part in self.parts]
        if len(set(ids)) != len(ids):
            raise ValueError("two parts share an id")
        return self


class DeductPer(Part):
    """The clause's points less ``each`` for every failing counted, never below ``floor``."""

    kind: Literal["deduct_per"]
    each: Points = Field(gt=0)
    floor: Points = Decimal(0)


class Grade(Part):
    """A grade an inspector may give, and what it earns."""

    id: Name
    text: Text
    points: Points


class Graded(Part):
    """The points of the grade given; grades are listed best first."""

    kind: Literal["graded"]
    grades: tuple[Grade, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _falling(self) -> Self:
        for before, after in zip(self.grades, self.grades[1:], strict=False):
            if after.points >= before.points:
                raise ValueError(
                    f"grades must fall in points; {after.id} earns {after.points} "
                    f"after {before.id} with {before.points}"
                )
        if len({grade.id for grade in self.grades}) != len(self.grades):
            raise ValueError("two grades share an id")
        return self


class Satisfaction(Part):
    """A surveyed share, in percent: none at ``zero_at`` or below, all from ``full_at`` on.

    ``figure`` says which figure of the estimate counts: the share itself, or the lower bound of its
    confidence interval (``confidence``, in percent). With fewer than ``minimum_sample`` answers the
    sample is insufficient: the clause is then ``missing``, or earns ``none`` of its points.
    """

    kind: Literal["satisfaction"]
    zero_at: Decimal = Field(ge=0, le=100)
    full_at: Decimal = Field(ge=0, le=100)
    minimum_sample: int = Field(ge=1)
    figure: Literal["point", "lower_bound"] = "point"
    confidence: Decimal = Field(default=Decimal(95), ge=50, le=Decimal("99.99"))
    insufficient: Literal["missing", "none"] = "missing"

    @model_validator(mode="after")
    def _rising(self) -> Self:
        if self.zero_at >= self.full_at:
            raise ValueError(f"zero_at {self.zero_at} is not below full_at {self.full_at}")
        return self


Rule = Annotated[
    AllOrNothing | Steps | Linear | PerCount | Checklist | DeductPer | Graded | Satisfaction,
    Field(discriminator="kind"),
]

INPUT_TYPES: dict[str, frozenset[str]] = {
    "all_or_nothing": frozenset({"boolean"}),
    "steps": frozenset({"percent", "number", "count"}),
    "linear": frozenset({"percent", "number", "count"}),
    "per_count": frozenset({"count"}),
    "checklist": frozenset({"checklist"}),
    "deduct_per": frozenset({"count"}),
    "graded": frozenset({"grade"}),
    "satisfaction": frozenset({"satisfaction"}),
}
"""Which input types each rule kind can read."""
