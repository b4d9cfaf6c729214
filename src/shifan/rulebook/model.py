"""A rule book in memory: the measures, and an indicator set per unit type
(:mod:`shifan.rulebook.indicators`).

The classes *are* the file format: the loader validates YAML against them and
``shifan rulebook schema`` prints their JSON Schema.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Literal

from pydantic import Field, StrictBool

from shifan.rulebook.base import Id, Name, Part, Source, Text
from shifan.rulebook.indicators import IndicatorSet, Provision
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


class Deadline(Part):
    """A point in time in a cycle.

    Either ``on`` (month-day of the cycle's year, until the end of that day) or ``days`` of the
    given kind after the application entered ``after_stage``. What comes within ``grace_minutes``
    after it is still taken, and marked as such.
    """

    id: Name
    name: Text
    article: int
    on: str | None = Field(default=None, pattern=r"^\d\d-\d\d$")
    at: time = time(23, 59, 59)
    after_stage: Name | None = None
    days: int | None = Field(default=None, ge=1, le=3660)
    kind: Literal["working", "calendar"] = "working"
    grace_minutes: int = Field(default=0, ge=0, le=10_080)


class ReturnKind(Part):
    """Why a clause goes back to the applicant; ``deadline`` names the time it has to mend it."""

    id: Name
    name: Text
    deadline: Name
    article: int


class Need(Part):
    """A condition of a move, checked by a guard of the same name in :mod:`shifan.process`.

    ``not_barred`` asks that no title of the unit was revoked in the last ``years``,
    ``partners_agreed`` that every unit named as a partner has agreed.
    """

    guard: Literal[
        "facts_complete",
        "threshold_reached",
        "title_held",
        "input_at_least",
        "not_barred",
        "partners_agreed",
        "clauses_reviewed",
        "nothing_adjusted",
        "something_adjusted",
    ]
    article: int
    level: Name | None = None
    input: Name | None = None
    at_least: Decimal | None = None
    years: int | None = Field(default=None, ge=1, le=50)


Role = Literal["lead", "clerk", "contributor", "reviewer", "approver", "officer"]
"""``lead`` signs for a unit, ``clerk`` and ``contributor`` work on its file; ``reviewer``,
``approver`` and ``officer`` act for an office."""


class By(Part):
    """Who makes a move: an office (``applicant`` or a tier) and a role in it."""

    office: Name
    role: Role


class Move(Part):
    """A way from one stage to the next.

    ``before`` names the deadline it must meet, ``after`` the one it must wait for; ``before_again``
    is the deadline instead of ``before`` once the move was made and the application came back.
    ``only`` limits it to unit types; ``reason`` says whether the actor must give one, ``document``
    whether the decision's document must be filed with it. A move that ``returns`` sends back the
    clauses marked so.
    """

    id: Name
    name: Text
    to: Name
    by: By
    reason: bool = False
    document: bool = False
    returns: bool = False
    needs: tuple[Need, ...] = ()
    before: Name | None = None
    before_again: Name | None = None
    after: Name | None = None
    only: tuple[Name, ...] = ()


class Stage(Part):
    """A state of an application.

    ``writes`` lists the fact sources that may state facts here. Where it ``reviews``, the office in
    charge gives its opinion on what the applicant stated, clause by clause; where it ``hears``, the
    applicant may reply to these opinions. A stage without moves is final; ``outcome`` then says
    what it means.
    """

    id: Name
    name: Text
    article: int
    writes: tuple[Name, ...] = ()
    reviews: bool = False
    hears: bool = False
    public: bool = False
    moves: tuple[Move, ...] = ()
    outcome: Literal["designated", "declined", "withdrawn"] | None = None


class Quota(Part):
    """The most designations of a kind in one batch; a decision above it is refused."""

    id: Name
    name: Text
    article: int
    maximum: int = Field(ge=1)
    unit_types: tuple[Name, ...] = ()


class Validity(Part):
    """How long a title stands, and when its holder may apply again."""

    years: int = Field(ge=1, le=50)
    renew_in_last_months: int = Field(ge=0)
    article: int


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


class Duty(Part):
    """Something owed while the title stands."""

    id: Name
    name: Text
    article: int
    kind: Literal["visit", "inspection", "report", "rectification", "revocation"]
    every_months: int | None = Field(default=None, ge=1)
    within_days: int | None = Field(default=None, ge=1)


class Measures(Part):
    """The procedure of a programme: who, in which steps, by when, for how long.

    ``revision`` counts the corrections of one version; each is published for good like the version.
    """

    programme: Name
    version: Id
    revision: int = Field(default=1, ge=1)
    name: Text
    title: Text
    authority: Text
    effective: Effective
    supersedes: Id | None = None
    time_zone: str
    batch_every_years: int = Field(ge=1)
    references: tuple[Reference, ...] = Field(min_length=1)
    articles: tuple[Article, ...] = Field(min_length=1)
    unit_types: tuple[UnitType, ...] = Field(min_length=1)
    tiers: tuple[Tier, ...] = Field(min_length=1)
    channels: tuple[Channel, ...] = ()
    joint: Joint | None = None
    fact_sources: tuple[FactSource, ...] = Field(min_length=1)
    deadlines: tuple[Deadline, ...] = ()
    return_kinds: tuple[ReturnKind, ...] = ()
    stages: tuple[Stage, ...] = Field(min_length=2)
    quotas: tuple[Quota, ...] = ()
    validity: Validity
    aftercare: tuple[Duty, ...] = ()
    reuse: Reuse | None = None
    effort: Effort | None = None
    surveys: tuple[Survey, ...] = ()

    def stage(self, stage_id: str) -> Stage:
        return next(stage for stage in self.stages if stage.id == stage_id)

    def deadline(self, deadline_id: str) -> Deadline:
        return next(deadline for deadline in self.deadlines if deadline.id == deadline_id)

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

    def return_kind(self, kind_id: str) -> ReturnKind:
        return next(kind for kind in self.return_kinds if kind.id == kind_id)

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
