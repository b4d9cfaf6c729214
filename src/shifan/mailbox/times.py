"""When a message is due by e-mail."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from shifan.mailbox.models import Mail, Wishes

DIGEST_AT = time(8)
"""When the digest goes out, local time."""


def due_at(wishes: Wishes, now: datetime) -> datetime | None:
    """When an e-mail made at ``now`` may leave; None if none is wanted.

    The digest waits for its hour; everything else waits for the end of the quiet hours, in the
    site's time zone.
    """
    if wishes.mail == Mail.NONE:
        return None
    local = now.astimezone(ZoneInfo(settings.TIME_ZONE))
    if wishes.mail == Mail.DIGEST:
        return _next(local, DIGEST_AT)
    if _quiet(local.time(), wishes.quiet_from, wishes.quiet_until):
        return _next(local, wishes.quiet_until)
    return now


def _quiet(at: time, start: time, end: time) -> bool:
    """Whether ``at`` lies in the hours from ``start`` to ``end``, which may span midnight."""
    return start <= at < end if start <= end else at >= start or at < end


def _next(local: datetime, at: time) -> datetime:
    """The next moment after ``local`` when the clock shows ``at``."""
    today = local.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    return today if today > local else today + timedelta(days=1)
