"""What every page is given: navigation, the demo's state, the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from shifan.accounts import policy
from shifan.demo.context import banner
from shifan.mailbox.queries import unread
from shifan.site import carried


@dataclass(frozen=True)
class Link:
    """One entry of the main navigation."""

    url: str
    label: str
    current: bool


def page(request: HttpRequest) -> dict[str, object]:
    """Context of every template; what asks the database does so where a page shows it."""
    actor = getattr(request, "actor", None)
    places = [
        (reverse("register:list"), _("Register")),
        (reverse("programmes"), _("Programmes")),
        (reverse("cycles:rulebooks"), _("Rule books")),
    ]
    if actor and policy.allows(actor, "applications.list"):
        places.insert(0, (reverse("applications:list"), _("Applications")))
    if actor and policy.allows(actor, "proceedings.list"):
        places.insert(1 if actor.is_member else 0, (reverse("proceedings:list"), _("Matters")))
    if actor and policy.allows(actor, "board.view"):
        places.insert(0, (reverse("board"), _("Board")))
    if actor and policy.allows(actor, "surveys.list"):
        places.append((reverse("surveys:list"), _("Surveys")))
    if actor and policy.allows(actor, "burden.view"):
        places.append((reverse("burden:ledger"), _("Burden")))
    if actor and policy.allows(actor, "mailbox.view_outbox"):
        places.append((reverse("mailbox:outbox"), _("Outbox")))
    if actor and policy.allows(actor, "ledger.view"):
        places.append((reverse("ledger"), _("Ledger")))
    return {
        "nav": [Link(url, label, request.path.startswith(url)) for url, label in places],
        "demo": cache(lambda: banner(request) if settings.DEMO else None),
        "actor": actor,
        "unread": cache(lambda: unread(actor) if actor else 0),
        "carried": cache(lambda: carried.waiting(request) if actor and actor.user_id else None),
    }
