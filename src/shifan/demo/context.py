"""The demo's banner: the accounts one can be, and the time it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest

from shifan.accounts.models import User
from shifan.demo.clock import now


@dataclass(frozen=True)
class Banner:
    """What the banner shows: the demo's day, and its accounts (user name, name) to switch to."""

    today: datetime
    accounts: list[tuple[str, str]]
    current: str
    action: str = "demo/switch.html"


def banner(request: HttpRequest) -> Banner:
    """The banner of this request."""
    accounts = User.objects.filter(is_demo=True).order_by("pk").values_list("username", "name")
    user = getattr(request, "user", None)
    return Banner(now(), list(accounts), user.username if user is not None else "")
