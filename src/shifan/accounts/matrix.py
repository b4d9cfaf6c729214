"""The matrix: who may do what at every stage of a rule book, reckoned from the policy in memory.

A file of each type of unit and each channel is put at every stage it can stand at, with the offices
it can have come to, and everybody who could have to do with it is asked about every permission.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from uuid import UUID

from shifan.accounts import policy
from shifan.accounts.actor import Actor, Office
from shifan.accounts.subjects import Proceeding
from shifan.process.ways import Way, ways
from shifan.rulebook.model import Measures, RuleBook
from shifan.rulebook.procedures import ByParty, Procedure
from shifan.rulebook.surveys import Survey

OWN, PARTNER, ASKED, DECLINED, OTHER = (UUID(int=number) for number in range(1, 6))
"""The units: the file's own, one that applies jointly, one asked to, one that said no, another."""

AREAS = {
    "country": "/",
    "province": "/10/",
    "prefecture": "/10/110/",
    "county": "/10/110/1110/",
    "township": "/10/110/1110/1111/",
    "village": "/10/110/1110/1111/11111/",
}
"""A place of each level, each within the one before."""

ELSEWHERE = {"province": "/1/", "prefecture": "/10/11/", "county": "/10/110/111/"}
"""Its neighbours: their codes are the beginning of its own."""

GIVEN, NOT_GIVEN = 1, 2
"""Departments: the own contributor's, which a clause was given to, and the partner's."""


@dataclass(frozen=True)
class Hat:
    """One role: in a unit ("own", "partner", "asked", "declined", "other"), or in an office.

    ``whose`` is then the office's id, and ``here`` tells whether its area holds the file's unit.
    """

    whose: str
    role: str
    here: bool = True

    def __str__(self) -> str:
        return f"{self.whose} {self.role}" + ("" if self.here else " elsewhere")


@dataclass(frozen=True)
class Capacity:
    """Somebody with all the roles it has; nobody in particular has none."""

    hats: tuple[Hat, ...]
    actor: Actor

    def __str__(self) -> str:
        nobody = "stranger" if self.actor.user_id else "anonymous"
        return " + ".join(map(str, self.hats)) or nobody


@dataclass(frozen=True)
class Unit:
    """The unit that applies, and the path of where it lies."""

    pk: UUID
    unit_type: str
    place: str

    def kind_in(self, programme: str) -> str:
        return self.unit_type


@dataclass(frozen=True)
class Part:
    """A party of the file."""

    capacity: str
    unit_id: UUID | None = None
    programme: str = ""
    office: str = ""
    place: str = ""
    user_id: int | None = None
    agreed: bool | None = None


@dataclass(frozen=True)
class File:
    """A file at a stage: what the policy needs to know of a proceeding."""

    unit: Unit
    stage: str
    tiers: frozenset[str]
    measures: Measures
    given: frozenset[tuple[int, str]] = frozenset({(GIVEN, "given")})

    @property
    def unit_id(self) -> UUID:
        return self.unit.pk

    @property
    def kind(self) -> str:
        return self.unit.kind_in(self.measures.programme)

    @property
    def place(self) -> str:
        return self.unit.place

    @property
    def procedure(self) -> Procedure:
        return self.measures.application

    @property
    def present(self) -> list[Part]:
        """The unit, those that apply with it or were asked to, and the offices it came to."""
        units = {OWN: ("applicant", None), PARTNER: ("partner", True), ASKED: ("partner", None),
                 DECLINED: ("partner", False)}  # fmt: skip
        offices = [
            Part(
                self.measures.tier_of(tier),
                programme=self.measures.programme,
                office=tier,
                place=self.place,
            )
            for tier in sorted(self.tiers)
        ]
        return [Part(c, unit_id=u, agreed=a) for u, (c, a) in units.items()] + offices


@dataclass(frozen=True)
class Asked:
    """A unit's place among those that apply jointly."""

    unit_id: UUID


@dataclass(frozen=True)
class Round:
    """A cycle under the rule book."""

    measures: Measures


@dataclass(frozen=True)
class Campaign:
    """A survey about the unit."""

    unit: Unit
    cycle: Round
    rule: Survey


@dataclass(frozen=True)
class Cell:
    """One answer of the policy; ``way`` is None where the permission is not about a file."""

    book: str
    unit_type: str
    channel: str
    way: Way | None
    capacity: Capacity
    permission: str
    allowed: bool


def area_of(measures: Measures, unit_type: str) -> str:
    """The path of the place where the unit lies: an area is the place, others lie in a village."""
    return AREAS[measures.unit_type(unit_type).area or "village"]


def variants(book: RuleBook) -> Iterator[tuple[str, str]]:
    """The types of units the book has indicators for, each with every channel, "" for none."""
    for unit_type in book.indicators:
        yield unit_type, ""
        for channel in book.measures.channels_for(unit_type):
            yield unit_type, channel.id


def capacities(
    measures: Measures, unit_type: str, own: Collection[UUID] = (OWN,)
) -> tuple[Capacity, ...]:
    """Everybody who could have to do with a file of the type; ``own`` are the units that apply."""
    hats = [
        *(Hat(whose, role) for whose in ("own", "partner") for role in _IN_UNIT),
        *(Hat(whose, "lead") for whose in ("asked", "declined", "other")),
        *_office_hats(measures, unit_type),
    ]
    tiers = {tier.id for tier in measures.tiers}
    worn: list[tuple[Hat, ...]] = [(), *((hat,) for hat in hats)]
    worn += _doubles([hat for hat in hats if hat.whose in tiers])
    found = [Capacity((), Actor())]
    for number, each in enumerate(worn, 1):
        found.append(Capacity(each, _actor(number, each, measures, own)))
    return tuple(found)


_IN_UNIT = ("lead", "clerk", "contributor")
_IN_OFFICE = ("reviewer", "approver", "officer", "auditor")


def _office_hats(measures: Measures, unit_type: str) -> Iterator[Hat]:
    lies = area_of(measures, unit_type)
    for office in measures.offices:
        level = _level(measures, office.id)
        for role in _IN_OFFICE:
            if lies.startswith(AREAS[level]):
                yield Hat(office.id, role)
            if level in ELSEWHERE:
                yield Hat(office.id, role, here=False)


def _doubles(offices: list[Hat]) -> Iterator[tuple[Hat, ...]]:
    """People with two roles: the unit's own and its partner's in an office here or elsewhere."""
    mine = (Hat("own", "clerk"), Hat("own", "contributor"), Hat("partner", "lead"))
    yield from ((hat, office) for hat in mine for office in offices)
    yield Hat("own", "contributor"), Hat("other", "lead")
    yield Hat("own", "contributor"), Hat("partner", "clerk")


def _level(measures: Measures, office: str) -> str:
    """The level of an office's area; a channel's authority answers for the whole country."""
    return next((tier.covers for tier in measures.tiers if tier.id == office), "country")


def _actor(number: int, hats: tuple[Hat, ...], measures: Measures, own: Collection[UUID]) -> Actor:
    units = {"partner": [PARTNER], "asked": [ASKED], "declined": [DECLINED], "other": [OTHER]}
    held, offices, departments = set(), set(), set()
    for hat in hats:
        if hat.role in _IN_UNIT:
            held |= {(unit, hat.role) for unit in units.get(hat.whose, own)}
        else:
            level = _level(measures, hat.whose)
            area = AREAS[level] if hat.here else ELSEWHERE[level]
            offices.add(Office(measures.programme, hat.whose, hat.role, area))
        if hat.role == "contributor":
            departments.add(GIVEN if hat.whose == "own" else NOT_GIVEN)
    return Actor(
        f"person-{number}",
        user_id=number,
        units=frozenset(held),
        offices=frozenset(offices),
        departments=frozenset(departments),
    )


def cells(book: RuleBook) -> Iterator[Cell]:
    """Every cell of the book: type, channel, stage and offices it came to × capacity × permission.

    Besides the policy's permissions: each move of the stage ("make submit"), the sources one
    speaks for ("state self") and reads ("read survey"), the whole file, and whose turn it is.
    """
    measures = book.measures
    for unit_type, channel in variants(book):
        unit = Unit(OWN, unit_type, area_of(measures, unit_type))
        people = capacities(measures, unit_type)
        for capacity in people:
            for permission, allowed in _at_large(capacity.actor, unit, measures):
                yield Cell(book.name, unit_type, channel, None, capacity, permission, allowed)
        for way in ways(measures, unit_type, channel):
            file = File(unit, way.stage.id, way.tiers, measures)
            for capacity in people:
                for permission, allowed in on_file(capacity.actor, file):
                    yield Cell(book.name, unit_type, channel, way, capacity, permission, allowed)


def _at_large(actor: Actor, unit: Unit, measures: Measures) -> Iterator[tuple[str, bool]]:
    for name, anywhere in policy.ANYWHERE.items():
        yield name, anywhere(actor)
    for name, of_unit in policy.UNITS.items():
        yield name, of_unit(actor, unit)
    for procedure in measures.procedures:
        if isinstance(procedure.opens, ByParty):
            begins = policy.begins(actor, unit, measures.programme, procedure.opens.by)
            yield f"begin {procedure.id}", begins
    for name, of_partner in policy.PARTNERS.items():
        yield name, of_partner(actor, Asked(ASKED))
    for name, of_campaign in policy.CAMPAIGNS.items():
        for survey in measures.surveys:
            campaign = Campaign(unit, Round(measures), survey)
            yield f"{name} {survey.id}", of_campaign(actor, campaign)
    for name, of_office in policy.OFFICES.items():
        for office in measures.offices:
            area = AREAS[_level(measures, office.id)]
            yield f"{name} {office.id}", of_office(actor, (measures.programme, office.id, area))
    for name, of_programme in policy.PROGRAMMES.items():
        yield name, of_programme(actor, measures)


def on_file(actor: Actor, file: Proceeding) -> Iterator[tuple[str, bool]]:
    """What the policy answers the actor about a file, permission by permission."""
    for name, predicate in policy.PROCEEDINGS.items():
        yield name, predicate(actor, file)
    sees = policy.faces(actor, file)
    yield "whole file", sees and policy.sees_whole(actor, file)
    yield "turn", policy.takes_turn(actor, file)
    mine = {move.id for move in policy.moves(actor, file)}
    for move in file.procedure.stage(file.stage).moves:
        yield f"make {move.id}", move.id in mine
    speaks, hidden = policy.sources(actor, file), policy.unreleased(actor, file)
    for source in file.measures.fact_sources:
        yield f"state {source.id}", source.id in speaks
        yield f"read {source.id}", sees and source.id not in hidden
