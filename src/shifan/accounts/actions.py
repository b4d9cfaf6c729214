"""Accounts and roles."""

from __future__ import annotations

from datetime import datetime

from django.apps import apps
from django.db import transaction

from shifan.accounts.actor import SYSTEM
from shifan.accounts.models import Membership, Role, User
from shifan.ledger import actions as ledger


@transaction.atomic
def create(*, username: str, name: str, password: str, now: datetime) -> User:
    """A new account without any role. Raises IntegrityError if the user name is taken."""
    user = User.objects.create_user(username=username, name=name, password=password)
    ledger.record(actor=SYSTEM.name, verb="account.created", subject=user, at=now)
    return user


@transaction.atomic
def set_password(*, username: str, password: str, now: datetime) -> User:
    """Give an account a new password. Raises DoesNotExist for an unknown user name."""
    user = User.objects.get(username=username)
    user.set_password(password)
    user.save()
    ledger.record(actor=SYSTEM.name, verb="account.password_set", subject=user, at=now)
    return user


@transaction.atomic
def grant(
    *,
    username: str,
    role: str,
    now: datetime,
    unit_id: str | None = None,
    department: str = "",
    tier: str = "",
    area_code: str | None = None,
) -> Membership:
    """Give a user a role in a unit (a contributor: in its department of that name, made if new), or
    in the office of a tier for an area.

    Raises DoesNotExist for an unknown user, unit or area, ValueError for an unknown role, and
    IntegrityError unless exactly one of unit and office is named.
    """
    unit = apps.get_model("units.Unit").objects.get(pk=unit_id) if unit_id else None
    membership = Membership.objects.create(
        user=User.objects.get(username=username),
        role=Role(role),
        unit=unit,
        department=unit.departments.get_or_create(name=department)[0]
        if unit and department
        else None,
        tier=tier,
        area=apps.get_model("units.Division").objects.get(pk=area_code) if area_code else None,
    )
    ledger.record(actor=SYSTEM.name, verb="role.granted", subject=membership, at=now,
                  user=username, role=role, unit=unit_id, department=department, tier=tier,
                  area=area_code)  # fmt: skip
    return membership
