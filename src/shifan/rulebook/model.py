"""A rule book in memory: the measures with their procedures (:mod:`shifan.rulebook.procedures`),
and an indicator set per unit type (:mod:`shifan.rulebook.indicators`).

The classes *are* the file format: the loader validates YAML against them and
``shifan rulebook schema`` prints their JSON Schema.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal

from pydantic import Field, StrictBool

from shifan.rulebook.base import Id, Name, Part, Source, Text
from shifan.rulebook.deadlines import WorkCalendar
from shifan.rulebook.indicators import IndicatorSet, Provision
from shifan.rulebook.procedures import Procedure
from shifan.rulebook.surveys import Survey


class Effective(Part):
    """First and last day (both included) on which the version may open a cycle."""

    from_: date = Field(alias="from")
    until: date | None = None


class Reference(Part):
    """A document the rule book is built on."""

    id: Id
    title: Text
    date: date
    url: str = ""


class Article(Part):
    """One article of the measures."""

    number: int = Field(ge=1)
    text: Text
    source: Source


class UnitType(Part):
    """A kind of unit that can be designated.

    ``area`` is the administrative level whose divisions are such units; organisations have none.
    """

    id: Name
    name: Text
    area: Literal["province", "prefecture", "county", "township", "village"] | None = None
    article: int


class Tier(Part):
    """An office level in the process, and the administrative level of the area it answers for."""

    id: Name
    name: Text
    covers: Literal["country", "province", "prefecture", "county"]


class Channel(Part):
    """An authority through which units of some types apply, in the place of a tier's office.

    ``replaces`` names the tier; the channel's ``id`` is then the name of the authority's office,
    and its own title counts where that of the tier is asked for.
    """

    id: Name
    name: Text
    replaces: Name
    unit_types: tuple[Name, ...] = Field(min_length=1)
    article: int


class Joint(Part):
    """Several units may apply together, one of them leading; ``most`` counts the lead as well.

    ``unit_types`` may take part; all types where none is named.
    """

    most: int = Field(ge=2, le=50)
    unit_types: tuple[Name, ...] = ()
    article: int


class FactSource(Part):
    """Who may state a fact. Listed in order of precedence: the first that spoke counts.

    ``by`` is ``applicant``, a tier, or ``computed`` (by the system, from its own records).
    """

    id: Name
    name: Text
    by: Name


class Quota(Part):
    """The most designations of a kind in one batch; a decision above it is refused."""

    id: Name
    name: Text
    article: int
    maximum: int = Field(ge=1)
    unit_types: tuple[Name, ...] = ()


class Reuse(Part):
    """What a unit stated before serves again for so many months; then it is to be renewed."""

    months: int = Field(ge=1, le=600)
    article: int


class Effort(Part):
    """What work is reckoned to cost whoever is assessed, in minutes: the estimate of the burden."""

    entry: int = Field(ge=0)
    document: int = Field(ge=0)
    page: int = Field(ge=0)
    source: Source


class Programme(Part):
    """Who runs it, in which languages, by which clock and working days: ``programme.yaml``.

    Every text of the book is there in the first of its ``languages``, and should be in the others.
    Where ``two_publish``, who proposed a version does not publish it: a second person does.
    ``places`` are the tops of the schemes of places in which its units may lie, by their codes (0
    is that of China's divisions); any place where none is said.
    """

    programme: Name
    name: Text
    authority: Text
    languages: tuple[Literal["zh", "en"], ...] = Field(default=("zh", "en"), min_length=1)
    time_zone: str
    calendar: WorkCalendar = WorkCalendar()
    places: tuple[Id, ...] = ()
    two_publish: bool = False


class Measures(Programme):
    """What a programme does: who, by which procedures, on which facts.

    ``revision`` counts the corrections of one version; each is published for good like the version.
    """

    version: Id
    revision: int = Field(default=1, ge=1)
    title: Text
    effective: Effective
    supersedes: Id | None = None
    batch_every_years: int = Field(ge=1)
    references: tuple[Reference, ...] = Field(min_length=1)
    articles: tuple[Article, ...] = Field(min_length=1)
    unit_types: tuple[UnitType, ...] = Field(min_length=1)
    tiers: tuple[Tier, ...] = Field(min_length=1)
    channels: tuple[Channel, ...] = ()
    joint: Joint | None = None
    fact_sources: tuple[FactSource, ...] = Field(min_length=1)
    procedures: tuple[Procedure, ...] = Field(min_length=1)
    quotas: tuple[Quota, ...] = ()
    reuse: Reuse | None = None
    effort: Effort | None = None
    surveys: tuple[Survey, ...] = ()

    def procedure(self, procedure_id: str) -> Procedure:
        return next(each for each in self.procedures if each.id == procedure_id)

    @property
    def application(self) -> Procedure:
        """The procedure by which a unit applies: the first that is about a unit."""
        return next(each for each in self.procedures if each.about == "unit")

    def survey(self, survey_id: str) -> Survey:
        return next(survey for survey in self.surveys if survey.id == survey_id)

    def sources_of(self, office: str) -> frozenset[str]:
        """The fact sources in whose name an office (or the ``applicant``) speaks."""
        return frozenset(source.id for source in self.fact_sources if source.by == office)

    def channels_for(self, unit_type: str) -> tuple[Channel, ...]:
        """The channels through which units of the type may apply."""
        return tuple(each for each in self.channels if unit_type in each.unit_types)

    def office_of(self, tier: str, channel: str) -> str:
        """Whose office acts for the tier on applications through the channel; "" is no channel."""
        found = next((each for each in self.channels if each.id == channel), None)
        return channel if found is not None and found.replaces == tier else tier

    def tier_of(self, office: str) -> str:
        """The tier that an office acts for: a channel's authority for the tier it replaces."""
        return next((each.replaces for each in self.channels if each.id == office), office)

    @property
    def offices(self) -> tuple[Tier | Channel, ...]:
        """All that have an office of their own: the tiers and the channels' authorities."""
        return (*self.tiers, *self.channels)

    def office_name(self, office: str) -> Text:
        """What a tier's office or a channel's authority is called."""
        return next(each.name for each in self.offices if each.id == office)

    def unit_type(self, unit_type_id: str) -> UnitType:
        return next(kind for kind in self.unit_types if kind.id == unit_type_id)


class GoldenUnit(Part):
    """A whole unit with its facts (column → value) and the result it must have."""

    name: str
    unit_type: Name
    facts: dict[str, StrictBool | Decimal | str]
    total: Decimal
    verdict: str


@dataclass(frozen=True)
class RuleBook:
    """One version of a programme's rules, with the hash of what it says.

    ``digest`` is the SHA-256 over the canonical content, so comments and layout don't count.
    """

    measures: Measures
    indicators: dict[str, IndicatorSet]
    golden: tuple[GoldenUnit, ...]
    digest: str
    folder: Path | None = field(default=None, compare=False)

    @property
    def name(self) -> str:
        return f"{self.measures.programme}/{self.measures.version}"

    def provisions(self) -> Iterator[tuple[IndicatorSet, Provision]]:
        for indicators in self.indicators.values():
            for provision in indicators.provisions:
                yield indicators, provision
