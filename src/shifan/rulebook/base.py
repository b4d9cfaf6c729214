"""The parts every other part of a rule book is made of: texts, sources, points, ids."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

Millipoints = int
"""A thousandth of a point; every score in Shifan is a whole number of them."""


class Part(BaseModel):
    """A piece of a rule book: immutable, with no field beyond those named."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Text(Part):
    """A sentence in Chinese (``zh``), in English (``en``), or in both, as the programme's
    ``languages`` say. Where Chinese is read and there is none, it is the English one."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=False, serialize_by_alias=True
    )

    zh_: str = Field(default="", alias="zh")
    en_: str = Field(default="", alias="en")

    @model_validator(mode="after")
    def _said(self) -> Self:
        if not self.zh_ and not self.en_:
            raise ValueError("a text needs one language at least")
        return self

    @property
    def zh(self) -> str:
        return self.zh_ or self.en_

    @property
    def en(self) -> str:
        return self.en_

    def in_(self, language: str) -> str:
        """The text in ``language`` ("en…" or anything else, which means Chinese), else in the other
        one."""
        return self.en_ if language.startswith("en") and self.en_ else self.zh

    def missing_in(self, language: str) -> bool:
        """Whether the author gave no text in the language."""
        return not (self.en_ if language.startswith("en") else self.zh_)


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
