"""Read proceedings, scoped to the actor in SQL by the same claims as the policy."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When

from shifan.accounts.actor import Actor
from shifan.accounts.claims import Claim, claims, words
from shifan.accounts.models import User
from shifan.cycles.models import Cycle
from shifan.cycles.queries import cycles
from shifan.people.models import Membership
from shifan.proceedings.models import APPLICANT, PARTNER, Party, Proceeding, Turn
from shifan.units.models import Unit
from shifan.units.queries import of_area


def proceedings_for(actor: Actor) -> QuerySet[Proceeding]:
    """The proceedings the actor may see: those it faces, and (an auditor) those of its area."""
    scope = _faced(claims(actor))
    for office in actor.offices:
        if office.role == "auditor":
            scope |= inside(office.area) & Q(rulebook__programme=office.programme)
    rows = in_full(Proceeding.objects.filter(scope)).select_related("unit__division__parent")
    return rows.order_by("-stage_since", "id")


def in_full(rows: QuerySet[Proceeding]) -> QuerySet[Proceeding]:
    """Proceedings with what is read of every one: unit, place, round, rule book, parties."""
    return (
        rows.select_related("unit__division", "cycle", "rulebook")
        .defer("rulebook__content")
        .prefetch_related("parties")
    )


def whole_to(actor: Actor) -> Q:
    """The proceedings that the actor faces as more than a contributor or an auditor."""
    return _faced(each for each in claims(actor) if each.roles != {"contributor"})


def _faced(mine: Iterable[Claim]) -> Q:
    """The proceedings with a party that one of the claims fits."""
    fits = _fits(mine)
    if fits is None:
        return Q(pk__in=())
    parties = Party.objects.filter(fits, proceeding=OuterRef("pk"), ended_at=None, aside=False)
    return Q(Exists(parties))


def _fits(mine: Iterable[Claim], prefix: str = "", roles: bool = False) -> Q | None:
    """The claims as a filter on parties; with ``roles`` on turns, whose role they must give."""
    found = None
    for claim in mine:
        one = Q(**{prefix + name: asked for name, asked in words(claim).items()})
        if claim.but:
            one &= ~Q(**{prefix + "capacity__in": claim.but})
        if roles:
            one &= Q(role__in=claim.roles or [""])
        found = one if found is None else found | one
    return found


def waiting_for(actor: Actor) -> Q:
    """The proceedings whose turn is the actor's."""
    fits = _fits(claims(actor), "party__", roles=True)
    if fits is None:
        return Q(pk__in=())
    return Q(Exists(Turn.objects.filter(fits, proceeding=OuterRef("pk"))))


def turn_first(rows: QuerySet[Proceeding], actor: Actor) -> QuerySet[Proceeding]:
    """The list with what waits for the actor before the rest, each part the latest first."""
    waits = Case(When(waiting_for(actor), then=0), default=1)
    return rows.order_by(waits, "-stage_since", "id")


def inside(area: str) -> Q:
    """Proceedings of the area; the whole country asks the database nothing."""
    if area == "/":
        return ~Q(pk__in=())
    return of_area(area, "unit__") | Q(unit=None, area__startswith=area)


APPLYING = Q(cycle__isnull=False, unit__isnull=False)
"""The proceedings that are applications."""


NAMEABLE = 300
"""People offered at most where one is named."""


def nameable(actor: Actor) -> QuerySet[User]:
    """Whom the actor may want to name: people of its programmes' offices, or named before."""
    programmes = {office.programme for office in actor.offices}
    before = Party.objects.filter(
        proceeding__rulebook__programme__in=programmes, user__isnull=False
    )
    working = Membership.objects.filter(programme__in=programmes)
    known = Q(pk__in=before.values("user")) | Q(pk__in=working.values("user"))
    return User.objects.filter(known, is_active=True).order_by("username")[:NAMEABLE]


def open_to(unit: Unit, now: datetime) -> list[Cycle]:
    """Cycles this unit could start an application in: its type has indicators, and it neither has
    an application there nor agreed to a joint one."""
    free = cycles().exclude(pk__in=applying_in(unit)).filter(opened_at__lte=now)
    return [
        cycle
        for cycle in free
        if unit.kind_in(cycle.rulebook.programme) in cycle.rulebook.book.indicators
    ]


def applying_in(unit: Unit) -> QuerySet[Cycle]:
    """Cycles in which the unit applies, by itself or jointly."""
    parts = Party.objects.filter(
        Q(capacity=APPLICANT) | Q(capacity=PARTNER, agreed=True), unit=unit, ended_at=None
    )
    return Cycle.objects.filter(pk__in=parts.values("proceeding__cycle"))
