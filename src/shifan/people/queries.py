"""Read invitations, claims and who works where, scoped to the actor in SQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.core import signing
from django.db.models import (
    BooleanField,
    CharField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import JSONObject, Length

from shifan.accounts.actor import Actor, Office
from shifan.accounts.models import User
from shifan.accounts.policy import VERIFYING
from shifan.cycles.queries import rulebooks
from shifan.people.models import Claim, Declaration, Invitation, Membership, Workplace
from shifan.units.models import Division, Unit
from shifan.units.queries import place_of_name

SALT = "shifan.people.invitation"
FOUND = 30
"""Places a search shows at most."""


def memberships_of(actor: Actor) -> QuerySet[Membership]:
    """The actor's own roles."""
    rows = Membership.objects.filter(user__username=actor.name)
    return rows.select_related("unit__division", "department", "area").order_by("pk")


def colleagues(
    *, unit: Unit | None = None, programme: str = "", tier: str = "", area: Any = None
) -> QuerySet[Membership]:
    """Who works for the unit, or for the office of the programme's tier for the area."""
    rows = Membership.objects.filter(unit=unit, programme=programme, tier=tier, area=area)
    return rows.select_related("user", "department").order_by("role", "user__username")


def open_invitations(
    now: datetime,
    *,
    unit: Unit | None = None,
    programme: str = "",
    tier: str = "",
    area: Any = None,
) -> QuerySet[Invitation]:
    """What is offered there and not taken up yet."""
    rows = Invitation.objects.filter(
        unit=unit, programme=programme, tier=tier, area=area, ended_at=None, expires_at__gt=now
    )
    return rows.select_related("department", "made_by")


def token(invitation: Invitation) -> str:
    """The secret part of the invitation's link; it is kept nowhere."""
    return signing.Signer(salt=SALT).sign(invitation.pk.hex)


def invitation_of(sent: str) -> QuerySet[Invitation]:
    """The invitation whose link this is; nothing for any other text."""
    rows = Invitation.objects.select_related("unit", "department", "area", "made_by")
    try:
        return rows.filter(pk=signing.Signer(salt=SALT).unsign(sent))
    except signing.BadSignature:
        return rows.none()


def places(search: str, levels: set[str] | None = None) -> QuerySet[Division]:
    """The divisions whose name holds the text or whose code begins with it."""
    rows = Division.objects.filter(place_of_name(search) | Q(code__startswith=search))
    if levels is not None:
        rows = rows.filter(level__in=levels)
    rows = rows.filter(placeholder=False).select_related("parent__parent")
    return rows.order_by(Length("path"), "code")[:FOUND]


def declared(actor: Actor) -> tuple[Workplace | None, QuerySet[Declaration]]:
    """Where the actor says to work, and the conflicts it declared."""
    workplace = Workplace.objects.filter(user__username=actor.name).first()
    rows = Declaration.objects.filter(user__username=actor.name).select_related("unit")
    return workplace, rows


def claims_of(actor: Actor) -> QuerySet[Claim]:
    """The actor's own claims, the latest first."""
    rows = Claim.objects.filter(user__username=actor.name)
    return rows.select_related("division").order_by("-made_at")


def claims_to_verify(actor: Actor) -> QuerySet[Claim]:
    """The claims of places the actor's office is the nearest one above, those still open first."""
    scope, channels = Q(pk__in=()), _channels()
    for office in actor.offices:
        if office.role in VERIFYING and (office.programme, office.tier) not in channels:
            nearer = _above(office.programme, OuterRef("division__path"), OuterRef("is_area"))
            nearer = nearer.alias(reach=Length("area__path")).filter(reach__gt=len(office.area))
            inside = Q(division__path__startswith=office.area, programme=office.programme)
            own = Q(division__path=office.area, is_area=True)
            scope |= inside & ~own & ~Q(Exists(nearer))
    return (
        Claim.objects.filter(scope)
        .select_related("user", "division__parent", "decided_by")
        .order_by(F("decided_at").desc(nulls_first=True), "made_at")
    )


def verifiers(programme: str, division: Division, *, is_area: bool) -> tuple[str, QuerySet[User]]:
    """The tier of the programme's nearest office above the place, and its people who verify."""
    above = _above(programme, Value(division.path), Value(is_area))
    above = above.alias(reach=Length("area__path"))
    nearest = above.order_by("-reach").select_related("area").first()
    if nearest is None:
        return "", User.objects.none()
    people = above.filter(tier=nearest.tier, area=nearest.area)
    return nearest.tier, User.objects.filter(pk__in=people.values("user_id"), is_active=True)


def _above(programme: str, path: Any, is_area: Any) -> QuerySet[Membership]:
    """The members of the programme's offices that could verify a claim of the place: an area's own
    office can't, nor can a channel's authority, which answers for no place."""
    channels = [tier for of, tier in _channels() if of == programme]
    return (
        Membership.objects.filter(programme=programme, role__in=VERIFYING, area__isnull=False)
        .exclude(tier__in=channels)
        .alias(
            place=ExpressionWrapper(path, CharField()),
            whole=ExpressionWrapper(is_area, BooleanField()),
        )
        .filter(place__startswith=F("area__path"))
        .exclude(Q(whole=True) & Q(place=F("area__path")))
    )


def _channels() -> set[tuple[str, str]]:
    """The channels of all rule books, each with its programme."""
    return {(row.programme, each.id) for row in rulebooks() for each in row.book.measures.channels}


def with_roles(users: QuerySet[User]) -> QuerySet[User]:
    """The users with all that :func:`actor_of` asks of them."""
    rows = Membership.objects.filter(user=OuterRef("pk")).order_by()
    said = JSONObject(
        unit="unit", department="department", role="role", programme="programme", tier="tier",
        area="area__path",
    )  # fmt: skip
    return users.annotate(roles=ArraySubquery(rows.values_list(said, flat=True)))


def actor_of(user: Any) -> Actor:
    """The actor behind a Django user; the anonymous user has none.

    It takes no query where the user was read :func:`with_roles`, as requests read it.
    """
    if not user.is_authenticated:
        return Actor()
    if not hasattr(user, "roles"):
        user = with_roles(User.objects.filter(pk=user.pk)).get()
    units = frozenset((UUID(row["unit"]), row["role"]) for row in user.roles if row["unit"])
    offices = frozenset(
        Office(row["programme"], row["tier"], row["role"], row["area"])
        for row in user.roles
        if not row["unit"]
    )
    departments = frozenset(row["department"] for row in user.roles if row["department"])
    return Actor(user.username, str(user), user.pk, units, offices, departments)


def people_of_units(unit_ids: Iterable[Any], roles: Iterable[str]) -> QuerySet[User]:
    """The units' own people in these roles."""
    return _people(Membership.objects.filter(unit__in=list(unit_ids), role__in=roles))


def staff_of_units(unit_ids: Iterable[Any], roles: Iterable[str]) -> dict[Any, list[User]]:
    """The same for many units, by unit, with one query."""
    found: dict[Any, list[User]] = defaultdict(list)
    rows = Membership.objects.filter(unit__in=list(unit_ids), role__in=roles, user__is_active=True)
    for row in rows.select_related("user").order_by("user_id"):
        found[row.unit_id].append(row.user)
    return found


def staff_of_offices(tiers: Iterable[str]) -> list[tuple[Office, User]]:
    """Everybody in the offices of these tiers, with the role and the area, with one query."""
    rows = Membership.objects.filter(tier__in=list(tiers), user__is_active=True)
    found = rows.exclude(area=None).select_related("user", "area").order_by("user_id")
    return [
        (Office(row.programme, row.tier, row.role, row.area.path), row.user)
        for row in found
        if row.area
    ]


def people_of_department(department_id: int) -> QuerySet[User]:
    """The contributors of a department."""
    return _people(Membership.objects.filter(department_id=department_id))


def _people(memberships: QuerySet[Membership]) -> QuerySet[User]:
    people = User.objects.filter(is_active=True, pk__in=memberships.values("user_id"))
    return people.only("email").order_by("pk")
