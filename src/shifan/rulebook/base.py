"""The parts every other part of a rule book is made of: texts, sources, points, ids."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

Millipoints = int
"""A thousandth of a point; every score in Shifan is a whole number of them."""


class Part(BaseModel):
    """A piece of a rule book: immutable, with no field beyond those named."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Text(Part):
    """A sentence in Chinese, and in English where the author gave it."""

    zh: str = Field(min_length=1)
    en: str = ""

    def in_(self, language: str) -> str:
        """The text in ``language`` ("en…" or anything else, which means Chinese)."""
        return self.en if language.startswith("en") and self.en else self.zh


Status = Literal["official", "paraphrased", "drafted"]


class Source(Part):
    """Where a provision comes from, and how literally.

    ``official`` is the published wording, ``paraphrased`` says what a named source reports in other
    words, ``drafted`` was written by the rule book's author to fill what no source states.
    """

    status: Status
    basis: str = Field(min_length=1)


def _whole_millipoints(value: Decimal) -> Decimal:
    if value * 1000 != int(value * 1000):
        raise ValueError(f"{value} has more than three decimal places")
    return value


Points = Annotated[Decimal, Field(ge=0, le=100_000), AfterValidator(_whole_millipoints)]
"""Points as written in a rule book: at most three decimal places."""

Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=40)]
"""A stable identifier: letters, digits, dot, dash, underscore."""

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
"""A machine name: lower-case snake_case; inputs, parts, grades, stages and moves have one."""


def millipoints(points: Decimal) -> Millipoints:
    """Points as a whole number of thousandths.

    >>> millipoints(Decimal("1.4"))
    1400
    """
    return int(points * 1000)
