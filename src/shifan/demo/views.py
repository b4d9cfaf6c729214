"""One click to be somebody, one click to let days pass."""

from __future__ import annotations

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from shifan.accounts.models import User
from shifan.demo import actions
from shifan.demo.clock import now
from shifan.requests import ActorRequest, get_or_404
from shifan.rulebook.base import Text
from shifan.titles.openings import strike

FORWARDED = (
    "FORWARDED",
    "VIA",
    "X_FORWARDED_FOR",
    "X_FORWARDED_HOST",
    "X_FORWARDED_PROTO",
    "X_REAL_IP",
)
"""Headers by which a proxy shows itself."""


def _require_direct(request: HttpRequest) -> None:
    """Demo accounts have no password: raise NotADemo where others may reach them."""
    if any(f"HTTP_{name}" in request.META for name in FORWARDED):
        raise actions.NotADemo(
            Text(
                zh="演示模式只在本机使用，不能经由代理访问。",
                en="Demo mode is for this machine only: it does not answer through a proxy.",
            )
        )


@require_POST
def sign_in(request: HttpRequest, username: str) -> HttpResponse:
    """Become a demo account; no other account can be had this way."""
    _require_direct(request)
    user = get_or_404(User.objects.filter(is_demo=True, is_active=True), username=username)
    login(request, user)
    after = request.POST.get("next", "")
    inside = url_has_allowed_host_and_scheme(after, allowed_hosts={request.get_host()})
    return redirect(after if inside else "desk")


@require_POST
def advance(request: ActorRequest, days: int) -> HttpResponse:
    """Move the demo's clock forward."""
    _require_direct(request)
    actions.advance(days=min(days, 366), actor=request.actor, now=request.now)
    strike(now=now())
    back = request.META.get("HTTP_REFERER", "")
    inside = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return redirect(back if back and inside else "home")
