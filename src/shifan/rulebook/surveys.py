"""What a rule book says of the surveys of the public that its clauses rest on."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from shifan.rulebook.base import Id, Name, Part, Text


class Asked(Part):
    """A question of the form, and the input that the share satisfied with it becomes."""

    question: Name
    input: Name


class TooFast(Part):
    """Handed in sooner after the page was fetched than anybody reads it."""

    kind: Literal["too_fast"]
    id: Id
    text: Text
    seconds: int = Field(ge=1, le=3600)


class StraightLine(Part):
    """The same choice for each of the survey's questions, and there are at least two."""

    kind: Literal["straight_line"]
    id: Id
    text: Text


class Burst(Part):
    """More than ``answers`` from one network within ``minutes``."""

    kind: Literal["burst"]
    id: Id
    text: Text
    answers: int = Field(ge=1)
    minutes: int = Field(ge=1, le=1440)


class Duplicate(Part):
    """The very answers another one from the same network gave on the same day."""

    kind: Literal["duplicate"]
    id: Id
    text: Text


class Impossible(Part):
    """Answers that cannot all be true: ``when`` is an XLSForm expression that finds them."""

    kind: Literal["impossible"]
    id: Id
    text: Text
    when: str = Field(min_length=1)


Quality = Annotated[
    TooFast | StraightLine | Burst | Duplicate | Impossible, Field(discriminator="kind")
]
"""A rule that flags answers. A flag removes nothing: a named person weighs it, with a reason."""


class Survey(Part):
    """A survey whose shares become facts.

    ``instrument`` is the XLSForm beside the measures and ``sha256`` what the file's bytes must hash
    to, so that the form belongs to the version. ``satisfied`` are the choices that count as
    satisfied; an answer among ``excluded`` is not counted at all. ``strata`` are the questions by
    which answers are weighed to the registry's population. ``source`` is the fact source that
    states the result; which figure counts, and from how many answers on, is the clause's to say.
    """

    id: Name
    name: Text
    article: int
    instrument: str = Field(pattern=r"^[A-Za-z0-9_./-]+\.xlsx$")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    source: Name
    questions: tuple[Asked, ...] = Field(min_length=1)
    satisfied: tuple[Name, ...] = Field(min_length=1)
    excluded: tuple[Name, ...] = ()
    strata: tuple[Name, ...] = ()
    quality: tuple[Quality, ...] = ()
