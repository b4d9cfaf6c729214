"""Who works where."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import F, QuerySet, Value

from shifan.accounts.models import Membership, User


def people_of_units(unit_ids: Iterable[Any], roles: Iterable[str]) -> QuerySet[User]:
    """The units' own people in these roles."""
    return _people(Membership.objects.filter(unit__in=list(unit_ids), role__in=roles))


def people_of_department(department_id: int) -> QuerySet[User]:
    """The contributors of a department."""
    return _people(Membership.objects.filter(department_id=department_id))


def people_of_office(tier: str, roles: Iterable[str], path: str) -> QuerySet[User]:
    """The people in these roles of the offices of the tier that answer for the area of ``path``."""
    offices = Membership.objects.alias(path=Value(path)).filter(
        tier=tier, role__in=roles, path__startswith=F("area__path")
    )
    return _people(offices)


def _people(memberships: QuerySet[Membership]) -> QuerySet[User]:
    return User.objects.filter(is_active=True, pk__in=memberships.values("user_id")).order_by("pk")
