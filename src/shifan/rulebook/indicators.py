"""The indicators of a unit type: categories → items → clauses, adjustments, vetoes.

Part of the file format, see :mod:`shifan.rulebook.model`. Nothing here describes a person: an input
is a fact about a unit (``FORBIDDEN_SUBJECTS`` in :mod:`shifan.rulebook.check` guards it).
"""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property
from typing import Literal, Self

from pydantic import Field, StrictBool, model_validator

from shifan.rulebook.base import Id, Millipoints, Name, Part, Points, Source, Text, millipoints
from shifan.rulebook.rules import Checklist, Graded, Rule

InputType = Literal["boolean", "percent", "number", "count", "checklist", "grade", "satisfaction"]


class Statements(Part):
    """Several statements of a source on one fact, as of several judges, and how they are combined.

    There are at most ``most``; with fewer than ``least`` the fact is missing. A ``mean`` or
    ``median`` is rounded half-up once, to ``places``; where ``all_agree`` is asked and they differ,
    the fact is missing.
    """

    combine: Literal["mean", "median", "lowest", "highest", "all_agree"]
    most: int = Field(ge=2, le=12)
    least: int = Field(default=1, ge=1)
    places: int = Field(default=2, ge=0, le=4)

    @model_validator(mode="after")
    def _enough(self) -> Self:
        if self.least > self.most:
            raise ValueError(f"least {self.least} is more than most {self.most}")
        return self


class Input(Part):
    """A fact a clause reads about the unit.

    ``from`` lists the fact sources allowed to state it; which of several counts is decided by the
    order of ``fact_sources`` in the measures. ``decimals`` is the number of decimal places kept.
    """

    name: Name
    type: InputType
    unit: Text | None = None
    from_: tuple[Name, ...] = Field(alias="from", min_length=1)
    decimals: int = Field(default=0, ge=0, le=4)
    minimum: Decimal = Decimal(0)
    maximum: Decimal | None = None
    statements: Statements | None = None

    @property
    def places(self) -> int:
        """The decimal places of what a rule reads."""
        said = self.statements
        return said.places if said and said.combine in ("mean", "median") else self.decimals


class Evidence(Part):
    """A document or picture the clause asks for."""

    id: Name
    text: Text


class NotApplicable(Part):
    """When a clause may be declared not applicable, and what follows for the total.

    ``exclude`` takes its points out of numerator and denominator; ``full`` awards them. What is
    taken out is taken out ``within`` the item, the category or the whole: the other clauses of that
    scope then count for its points as well. Within the clause itself (a checklist) it is single
    parts that may not apply, and the others then count for all its points. Where nothing of the
    scope is left, it is taken out within the next wider one.
    """

    when: Text
    treatment: Literal["exclude", "full"]
    within: Literal["clause", "item", "category", "whole"] = "whole"


class Golden(Part):
    """A worked case: the fact ``given`` earns ``points``."""

    given: StrictBool | Decimal | Name | tuple[Name, ...] | dict[Name, Decimal]
    points: Points


CheckedBy = Literal["materials", "on_site", "survey", "registry", "interview"]


class Provision(Part):
    """What a clause, an adjustment and a veto have in common."""

    id: Id
    text: Text
    input: Input
    checked_by: tuple[CheckedBy, ...] = Field(min_length=1)
    evidence: tuple[Evidence, ...] = ()
    source: Source


class ScoredProvision(Provision):
    """A provision that earns or costs points by a rule."""

    points: Points = Field(gt=0)
    rule: Rule
    golden: tuple[Golden, ...] = ()

    @property
    def millipoints(self) -> Millipoints:
        """The most the provision can earn (or cost), in millipoints."""
        return millipoints(self.points)


class Clause(ScoredProvision):
    """One clause (条): a checkable requirement worth points.

    With a ``potential`` it counts for a unit's own share of its points: what may be stated beside
    the fact, in percent, and what the text says it is measured by. All of it where nothing is
    stated.
    """

    duty: Literal["required", "optional"]
    theme: Name
    not_applicable: NotApplicable | None = None
    potential: Text | None = None

    @property
    def within(self) -> str:
        """The scope within which the clause is taken out where it does not apply; empty where its
        points never are."""
        said = self.not_applicable
        if said is None or said.treatment == "full":
            return ""
        return "item" if said.within == "clause" else said.within

    @property
    def lessens(self) -> bool:
        """Whether it may count for fewer points than its own."""
        return bool(self.within) or self.potential is not None

    @property
    def by_parts(self) -> bool:
        """Whether single parts of it may be not applicable."""
        return self.not_applicable is not None and self.not_applicable.within == "clause"


class Adjustment(ScoredProvision):
    """One line of the reward and penalty list (奖惩清单); ``points`` is its own cap."""

    effect: Literal["bonus", "penalty"]


class Veto(Provision):
    """A grave fact that rules the unit out whatever its points (一票否决)."""


class Adjustments(Part):
    """The reward and penalty list with its caps over all lines."""

    bonus_cap: Points
    penalty_cap: Points | None = None
    entries: tuple[Adjustment, ...] = ()


class Item(Part):
    """An item (项): a group of clauses, with the fewest points it must reach, if any."""

    id: Id
    name: Text
    minimum: Points | None = None
    clauses: tuple[Clause, ...] = Field(min_length=1)


class Scale(Part):
    """What a category counts for: what is won of its clauses' points is scaled ``to`` so many, as
    an exact fraction, and rounded half-up once, to so many decimal ``places``."""

    to: Points = Field(gt=0)
    places: int = Field(default=3, ge=0, le=3)

    @model_validator(mode="after")
    def _on_the_grid(self) -> Self:
        if self.to % Decimal(1).scaleb(-self.places):
            raise ValueError(f"{self.to} has more than the {self.places} places it is rounded to")
        return self


class Category(Part):
    """A category (大类): a group of items, with the fewest points it must reach, if any.

    Its points are those of its clauses, or those of its ``scale``; the minimum is of these.
    """

    id: Id
    name: Text
    minimum: Points | None = None
    scale: Scale | None = None
    items: tuple[Item, ...] = Field(min_length=1)

    @property
    def clauses(self) -> tuple[Clause, ...]:
        return tuple(clause for item in self.items for clause in item.clauses)

    @property
    def plain(self) -> bool:
        """Whether a point of a clause is always a point of the category."""
        return self.scale is None and all(clause.within in ("", "whole") for clause in self.clauses)

    @property
    def millipoints(self) -> Millipoints:
        """What the category counts for if everything applies."""
        if self.scale is not None:
            return millipoints(self.scale.to)
        return sum(clause.millipoints for clause in self.clauses)


class ScoreGrade(Part):
    """A grade of the whole score: from so many points on."""

    id: Name
    name: Text
    from_: Points = Field(alias="from")


class Theme(Part):
    """A tag that runs through the clauses."""

    id: Name
    name: Text


class IndicatorSet(Part):
    """The indicators of one unit type: categories → items → clauses, adjustments, vetoes; the
    ``grades`` a score can have, best first."""

    unit_type: Name
    name: Text
    source: Source
    base_points: Points = Field(gt=0)
    apply_from: Points
    evidence_budget: int = Field(ge=0)
    themes: tuple[Theme, ...] = Field(min_length=1)
    categories: tuple[Category, ...] = Field(min_length=1)
    adjustments: Adjustments
    vetoes: tuple[Veto, ...] = ()
    grades: tuple[ScoreGrade, ...] = ()

    @cached_property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for category in self.categories for item in category.items)

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        return tuple(clause for item in self.items for clause in item.clauses)

    @cached_property
    def provisions(self) -> tuple[Provision, ...]:
        """Clauses, adjustments and vetoes, in this order."""
        return (*self.clauses, *self.adjustments.entries, *self.vetoes)

    @cached_property
    def leaders(self) -> dict[str, Provision]:
        """By the name of each input, the provision that asks for it: the first that reads it."""
        return {each.input.name: each for each in reversed(self.provisions)}

    def leads(self, provision: Provision) -> bool:
        """Whether the provision's fact is asked for there, and not at one before it that reads the
        same input."""
        return self.leaders[provision.input.name] is provision

    @cached_property
    def asked(self) -> tuple[Provision, ...]:
        """The provisions that ask for a fact, each input once."""
        return tuple(each for each in self.provisions if self.leads(each))

    @cached_property
    def sources(self) -> frozenset[str]:
        """The fact sources that some provision reads."""
        return frozenset(source for each in self.provisions for source in each.input.from_)

    @cached_property
    def evidence_asked(self) -> int:
        """How many documents are asked for in all; ``evidence_budget`` is the most there may be."""
        return sum(len(provision.evidence) for provision in self.provisions)

    @cached_property
    def by_id(self) -> dict[str, Provision]:
        return {provision.id: provision for provision in self.provisions}


COMPUTED = frozenset({"township_coverage", "county_coverage"})
"""The inputs that the system computes from its own records, where a source is ``computed``; the
room of units brings the figures."""


def columns(provision: Provision) -> tuple[str, ...]:
    """The columns of a facts table that hold the provision's input.

    A checklist has one per part (``input_part``), a satisfaction share is followed by its sample
    size (``input_sample``), several statements have one each (``input_1``), every other input has
    one of its own name.
    """
    name = provision.input.name
    if provision.input.statements is not None:
        return tuple(f"{name}_{n}" for n in range(1, provision.input.statements.most + 1))
    rule = provision.rule if isinstance(provision, ScoredProvision) else None
    if isinstance(rule, Checklist):
        return tuple(f"{name}_{part.id}" for part in rule.parts)
    if provision.input.type == "satisfaction":
        return (name, f"{name}_sample")
    return (name,)


def not_applicable_columns(clause: Clause) -> tuple[str, ...]:
    """The columns of a facts table that declare the clause not applicable (true or empty): one, or
    one for each of its parts; none where it always applies."""
    if clause.not_applicable is None:
        return ()
    parts = columns(clause) if clause.by_parts else (clause.input.name,)
    return tuple(f"{name}_not_applicable" for name in parts)


def potential_column(clause: Clause) -> str:
    """The column of a facts table with the unit's own potential in percent."""
    return f"{clause.input.name}_potential"


def grades(provision: Provision) -> tuple[str, ...]:
    """The grade ids a graded provision accepts, best first; empty for other kinds."""
    rule = provision.rule if isinstance(provision, ScoredProvision) else None
    return tuple(grade.id for grade in rule.grades) if isinstance(rule, Graded) else ()


NOTHING_ASKED = IndicatorSet.model_construct(
    unit_type="",
    name=Text(zh="无", en="None"),
    source=Source(status="drafted", basis="none"),
    base_points=Decimal(0),
    apply_from=Decimal(0),
    evidence_budget=0,
    themes=(),
    categories=(),
    adjustments=Adjustments(bonus_cap=Decimal(0)),
    vetoes=(),
)
"""The indicators of what is not assessed by any, as a batch."""
