"""Read applications, scoped to the actor in SQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, Q, QuerySet, When

from shifan.accounts import policy
from shifan.accounts.actor import Actor
from shifan.cycles.models import Cycle
from shifan.cycles.queries import cycles
from shifan.proceedings.models import Partner, Proceeding, Step
from shifan.process.moves import Option, options
from shifan.process.situation import Standing
from shifan.rulebook.model import Measures
from shifan.statements.assessment import Assessment
from shifan.statements.models import Draft
from shifan.titles.models import Title, What
from shifan.titles.queries import Standing as TitleStanding
from shifan.titles.queries import of_units, read, standings
from shifan.units.models import Unit


def applications_for(actor: Actor) -> QuerySet[Proceeding]:
    """The applications the actor may see: its own units', and those of its area that have come up
    to its tier (an auditor sees its whole area)."""
    scope = Q(unit_id__in=actor.unit_ids) | whole_to(actor)
    for office in actor.offices:
        if office.role == "auditor":
            scope |= _inside(office.area)
    return (
        Proceeding.objects.filter(scope)
        .select_related("unit__division__parent", "cycle__rulebook")
        .defer("cycle__rulebook__content")
        .order_by("-stage_since", "id")
    )


def whole_to(actor: Actor) -> Q:
    """The applications that the actor faces as more than a contributor or an auditor."""
    scope = Q(unit_id__in=[unit for unit, role in actor.units if role != "contributor"])
    scope |= _with_partner(actor)
    for office in actor.offices:
        if office.role != "auditor":
            scope |= _inside(office.area) & Q(tiers__contains=[office.tier])
    return scope


def _with_partner(actor: Actor) -> Q:
    """The applications that a unit of the actor's, as its lead or clerk, agreed to make jointly."""
    mine = [unit for unit, role in actor.units if role in ("lead", "clerk")]
    if not mine:
        return Q(pk__in=())
    return Q(pk__in=Partner.objects.filter(unit__in=mine, agreed=True).values("proceeding"))


def asked_to_join(actor: Actor) -> QuerySet[Partner]:
    """The joint applications that wait for the word of a unit the actor leads."""
    mine = [unit for unit, role in actor.units if role == "lead"]
    rows = Partner.objects.filter(unit__in=mine, agreed=None)
    return rows.select_related("unit", "proceeding__unit", "proceeding__cycle__rulebook")


def units_to_join(proceeding: Proceeding, search: str) -> QuerySet[Unit]:
    """Units that could apply jointly with the application's, by a part of their name."""
    joint = proceeding.measures.joint
    rows = Unit.objects.filter(name__icontains=search).exclude(pk=proceeding.unit_id)
    if joint is None or not search:
        return rows.none()
    if joint.unit_types:
        rows = rows.filter(unit_type__in=joint.unit_types)
    return rows.exclude(partnerships__proceeding=proceeding).select_related("division__parent")


def filtered(
    rows: QuerySet[Proceeding], *, stage: str = "", verdict: str = "", search: str = ""
) -> QuerySet[Proceeding]:
    """Narrow a list by stage, verdict and a part of the unit's name."""
    if stage:
        rows = rows.filter(stage=stage)
    if verdict:
        rows = rows.filter(verdict=verdict)
    if search:
        rows = rows.filter(unit__name__icontains=search)
    return rows


def turn_first(rows: QuerySet[Proceeding], actor: Actor) -> QuerySet[Proceeding]:
    """The list with what waits for the actor before the rest, each part the latest first."""
    waits = Q(pk__in=())
    for cycle in cycles():
        for unit_type in cycle.rulebook.book.indicators:
            for scope, held in _capacities(actor, cycle.measures):
                stages = [
                    stage.id
                    for stage in cycle.measures.application.stages
                    if policy.has_turn(held, cycle.measures, stage, unit_type)
                ]
                waits |= scope & Q(cycle=cycle, unit__unit_type=unit_type, stage__in=stages)
    return rows.order_by(Case(When(waits, then=0), default=1), "-stage_since", "id")


def _capacities(actor: Actor, measures: Measures) -> Iterator[tuple[Q, Standing]]:
    """Each of the actor's roles as the applications it is held towards, and the role there."""
    for unit_id, role in actor.units:
        yield Q(unit_id=unit_id), policy.in_unit(role)
    yield _with_partner(actor), frozenset({policy.by("applicant", "clerk")})
    for office in actor.offices:
        if office.role != "auditor":
            scope = _inside(office.area) & Q(tiers__contains=[office.tier])
            held = policy.by(measures.tier_of(office.tier), office.role)
            yield scope, frozenset({held})


def titles(unit: Unit, cycle: Cycle, on: date) -> list[TitleStanding]:
    """The titles on record that the cycle's rule book may ask of the unit, as they stand."""
    rows = of_units([unit], cycle.measures.programme)
    rows = rows if cycle.exercise else rows.filter(exercise=False)
    return read(standings(rows, on).exclude(awarded_on=None).order_by("-awarded_on"))


def title_from(step: Step) -> Title | None:
    """The title that the step awarded to the unit, if it did."""
    return Title.objects.filter(
        unit=step.proceeding.unit_id, events__step=step, events__what=What.AWARDED
    ).first()


def _inside(area: str) -> Q:
    """Applications of units in the area; the whole country asks the database nothing."""
    return ~Q(pk__in=()) if area == "/" else Q(unit__division__path__startswith=area)


def own_units(actor: Actor) -> QuerySet[Unit]:
    """The units the actor works for."""
    return Unit.objects.filter(pk__in=actor.unit_ids).select_related("division")


def moves_for(actor: Actor, assessment: Assessment, now: datetime) -> tuple[Option, ...]:
    """The moves that are the actor's to make, each with what stands against it."""
    standing = policy.standing(actor, assessment.proceeding)
    return options(assessment.situation, standing, now)


def visible(actor: Actor, proceeding_id: UUID) -> Proceeding | None:
    """One application, if the actor may see it."""
    return applications_for(actor).filter(pk=proceeding_id).first()


def on_notice() -> QuerySet[Proceeding]:
    """Applications in a public stage that is not final yet: what anyone may read of them."""
    public = {
        stage.id
        for cycle in cycles()
        for stage in cycle.measures.application.stages
        if stage.public and stage.moves
    }
    return (
        Proceeding.objects.filter(stage__in=public)
        .select_related("unit__division", "cycle__rulebook")
        .defer("cycle__rulebook__content")
        .order_by("-stage_since")
    )


def attached(proceeding: Proceeding, provision_id: str = "") -> QuerySet[Any]:
    """The evidence attached to an application the actor was already allowed to see."""
    rows = proceeding.evidence.filter(removed_at=None)
    rows = rows.select_related("file", "attached_by")
    return rows.filter(provision=provision_id) if provision_id else rows


def drafts_of(actor: Actor, proceeding: Proceeding) -> dict[tuple[str, str], Draft]:
    """What the actor typed and has not stated yet, by provision and source."""
    rows = Draft.objects.filter(proceeding=proceeding, user__username=actor.name)
    return {(row.provision, row.source): row for row in rows}
