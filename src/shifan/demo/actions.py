"""What changes a demo: its mark and its clock."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from shifan.accounts.actor import SYSTEM, Actor
from shifan.accounts.models import User
from shifan.demo.models import Clock
from shifan.errors import DomainError
from shifan.ledger import actions as ledger
from shifan.proceedings.models import Proceeding
from shifan.rulebook.base import Text

FURTHEST = timedelta(days=20 * 365)
"""The demo's clock goes no further than this."""


class NotADemo(DomainError):
    """The database holds data that no demo made; the demo stays out of it."""


@transaction.atomic
def advance(*, days: int, actor: Actor, now: datetime) -> Clock:
    """Let days pass. Only in demo mode, only forward."""
    clock = Clock.objects.select_for_update().first() if settings.DEMO else None
    if clock is None:
        raise NotADemo(Text(zh="演示模式未开启。", en="Demo mode is off."))
    clock.ahead = min(clock.ahead + timedelta(days=days), FURTHEST)
    clock.save()
    ledger.record(actor=actor.name, verb="demo.clock_advanced", subject=clock, at=now, days=days)
    return clock


@transaction.atomic
def mark(*, now: datetime) -> Clock:
    """Mark an empty database as a demo. Raises NotADemo if somebody real is in it."""
    clock = Clock.objects.first()
    if clock is not None:
        return clock
    if not settings.DEMO or User.objects.exists() or Proceeding.objects.exists():
        raise NotADemo(
            Text(
                zh="此数据库不是演示数据库，不能装入演示数据。",
                en="This is not a demo database; demo data stay out of it.",
            )
        )
    clock = Clock.objects.create(ahead=timedelta())
    ledger.record(actor=SYSTEM.name, verb="demo.marked", subject=clock, at=now)
    return clock
