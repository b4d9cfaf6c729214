"""Accounts and roles."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from shifan.accounts.actor import SYSTEM
from shifan.accounts.models import User
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
