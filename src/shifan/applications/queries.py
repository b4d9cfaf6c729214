"""Read applications, scoped to the actor in SQL."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet, Subquery

from shifan.accounts import policy
from shifan.accounts.actor import Actor
from shifan.cycles.models import Cycle
from shifan.cycles.queries import rulebooks
from shifan.proceedings.models import PARTNER, Party, Proceeding, Step, Turn
from shifan.proceedings.queries import APPLYING, proceedings_for, turn_first
from shifan.process.moves import Option, options
from shifan.rulebook.model import Measures
from shifan.statements.assessment import Assessment
from shifan.statements.models import Draft
from shifan.titles.models import Title, What
from shifan.titles.queries import Standing as TitleStanding
from shifan.titles.queries import of_units, read, standings
from shifan.units.models import Unit
from shifan.units.queries import lying_in, of_kind, of_name


def applications_for(actor: Actor) -> QuerySet[Proceeding]:
    """The applications the actor may see: proceedings of the first procedure about units."""
    return proceedings_for(actor).filter(APPLYING)


def asked_to_join(actor: Actor) -> QuerySet[Party]:
    """The joint applications that wait for the word of a unit the actor leads."""
    mine = [unit for unit, role in actor.units if role == "lead"]
    rows = Party.objects.filter(capacity=PARTNER, unit__in=mine, agreed=None, ended_at=None)
    return rows.select_related(
        "unit", "proceeding__unit", "proceeding__cycle", "proceeding__rulebook"
    ).defer("proceeding__rulebook__content")


def units_to_join(proceeding: Proceeding, search: str) -> QuerySet[Unit]:
    """Units that could apply jointly with the application's, by a part of their name."""
    joint = proceeding.measures.joint
    rows = Unit.objects.filter(of_name(search)).exclude(pk=proceeding.concerned.pk)
    if joint is None or not search:
        return rows.none()
    if joint.unit_types:
        rows = rows.filter(unit_type__in=joint.unit_types)
    return rows.exclude(partnerships__proceeding=proceeding).select_related("division__parent")


def filtered(
    rows: QuerySet[Proceeding],
    *,
    stage: str = "",
    verdict: str = "",
    search: str = "",
    cycle: str = "",
    kind: str = "",
    place: str = "",
    turn: str = "",
    late: datetime | None = None,
) -> QuerySet[Proceeding]:
    """Narrow a list by stage, verdict, a part of the unit's name, round, kind of unit, the code of
    a place right beneath the country, whose turn it is ("provincial:reviewer"), and to those that
    are ``late`` at a moment."""
    if turn or late:
        turns = Turn.objects.filter(proceeding=OuterRef("pk"), party__isnull=False)
        if turn:
            capacity, _, role = turn.partition(":")
            turns = turns.filter(party__capacity=capacity, role=role)
        rows = rows.filter(Exists(turns.filter(due_at__lt=late) if late else turns))
    if cycle.isdecimal():
        rows = rows.filter(cycle=int(cycle))
    if kind:
        rows = rows.filter(of_kind(kind, "rulebook__programme", "unit__"))
    if place:
        rows = rows.filter(lying_in(f"/{place}/", "unit__"))
    if stage:
        rows = rows.filter(stage=stage)
    if verdict:
        rows = rows.filter(verdict=verdict)
    if search:
        rows = rows.filter(of_name(search, "unit__"))
    return rows


SORTS = {
    "unit": ("unit__name",),
    "place": ("unit__division__path",),
    "stage": ("stage", "stage_since"),
    "points": ("total",),
    "result": ("verdict", "total"),
    "due": ("due",),
}
"""The columns by which the list sorts, by the word in its address."""


def due(rows: QuerySet[Proceeding]) -> QuerySet[Proceeding]:
    """The applications with the moment ``due`` until which somebody has to act on each, if any."""
    turns = Turn.objects.filter(proceeding=OuterRef("pk"), party__isnull=False)
    first = turns.exclude(due_at=None).order_by("due_at").values("due_at")[:1]
    return rows.annotate(due=Subquery(first))


def dues(rows: Iterable[Proceeding]) -> dict[UUID, datetime]:
    """Until when somebody has to act on each of the few rows, where there is such a moment."""
    turns = Turn.objects.filter(proceeding__in=[row.pk for row in rows], party__isnull=False)
    first = turns.exclude(due_at=None).order_by().values("proceeding").annotate(at=Min("due_at"))
    return dict(first.values_list("proceeding", "at"))


def ordered(rows: QuerySet[Proceeding], actor: Actor, sort: str) -> QuerySet[Proceeding]:
    """By a column of :data:`SORTS`, downwards with a minus; else what waits for the actor first."""
    columns = SORTS.get(sort.removeprefix("-"))
    if columns is None:
        return turn_first(rows, actor)
    down = sort.startswith("-")
    keys = [F(each).desc(nulls_last=True) if down else F(each).asc(nulls_last=True)
            for each in columns]  # fmt: skip
    return (due(rows) if "due" in columns else rows).order_by(*keys, "id")


def titles(unit: Unit, programme: str, exercise: bool, on: date) -> list[TitleStanding]:
    """The titles on record that a rule book of the programme may ask of the unit, as they stand."""
    rows = of_units([unit.pk], programme)
    rows = rows if exercise else rows.filter(exercise=False)
    return read(standings(rows, on).exclude(awarded_on=None).order_by("-awarded_on"))


def titles_of(units: Collection[UUID], on: date) -> list[tuple[TitleStanding, Measures | None]]:
    """The titles that the units hold or held, as they stand, each with its programme's rules."""
    joint = Title.joint_holders.through.objects.filter(title=OuterRef("pk"), unit__in=units)
    rows = Title.objects.filter(Q(unit__in=units) | Exists(joint))
    found = read(standings(rows, on).exclude(awarded_on=None).order_by("-awarded_on"))
    latest: dict[str, Measures] = {}
    if found:
        for book in rulebooks():
            latest.setdefault(book.programme, book.book.measures)
    return [(each, latest.get(each.title.programme)) for each in found]


def title_from(step: Step) -> Title | None:
    """The title that the step awarded to the unit, if it did."""
    return Title.objects.filter(
        unit=step.proceeding.unit_id, events__step=step, events__what=What.AWARDED
    ).first()


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


def on_notice(rounds: Iterable[Cycle]) -> QuerySet[Proceeding]:
    """Applications of these rounds in a public stage that is not final yet: what anyone may read
    of them."""
    public = {
        stage.id
        for cycle in rounds
        for stage in cycle.measures.application.stages
        if stage.public and stage.moves
    }
    return (
        Proceeding.objects.filter(stage__in=public)
        .select_related("unit__division", "cycle", "rulebook")
        .defer("rulebook__content")
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
