"""Who works where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from shifan.accounts.actor import Actor, Office
from shifan.accounts.models import Membership, User


def actor_of(user: Any) -> Actor:
    """The actor behind a Django user, with one query; the anonymous user has none."""
    if not user.is_authenticated:
        return Actor()
    rows = Membership.objects.filter(user_id=user.pk).values_list(
        "unit_id", "role", "tier", "area__path", "department_id"
    )
    units = frozenset((unit, role) for unit, role, *_ in rows if unit)
    offices = frozenset(Office(tier, role, area) for unit, role, tier, area, _ in rows if not unit)
    departments = frozenset(department for *_, department in rows if department)
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
    return [(Office(row.tier, row.role, row.area.path), row.user) for row in found if row.area]


def people_of_department(department_id: int) -> QuerySet[User]:
    """The contributors of a department."""
    return _people(Membership.objects.filter(department_id=department_id))


def people_of_office(tier: str, roles: Iterable[str], path: str) -> QuerySet[User]:
    """The people in these roles of the offices of the tier that answer for the area of ``path``."""
    codes = path.strip("/").split("/")
    above = ["/", *(f"/{'/'.join(codes[:n])}/" for n in range(1, len(codes) + 1))]
    offices = Membership.objects.filter(tier=tier, role__in=roles, area__path__in=above)
    return _people(offices)


def _people(memberships: QuerySet[Membership]) -> QuerySet[User]:
    people = User.objects.filter(is_active=True, pk__in=memberships.values("user_id"))
    return people.only("email").order_by("pk")
