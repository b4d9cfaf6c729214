"""The time of the site: the machine's, except in demo mode, where it can be moved forward."""

from datetime import datetime

from django.conf import settings
from django.utils import timezone

from shifan.demo.models import Clock


def now() -> datetime:
    """The present moment, in UTC."""
    real = timezone.now()
    if not settings.DEMO:
        return real
    clock = Clock.objects.first()
    return real + clock.ahead if clock else real
