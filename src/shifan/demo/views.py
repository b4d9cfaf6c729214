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
from shifan.titles.openings import strike


@require_POST
def sign_in(request: HttpRequest, username: str) -> HttpResponse:
    """Become a demo account; no other account can be had this way."""
    user = get_or_404(User.objects.filter(is_demo=True, is_active=True), username=username)
    login(request, user)
    after = request.POST.get("next", "")
    inside = url_has_allowed_host_and_scheme(after, allowed_hosts={request.get_host()})
    return redirect(after if inside else "desk")


@require_POST
def advance(request: ActorRequest, days: int) -> HttpResponse:
    """Move the demo's clock forward."""
    actions.advance(days=min(days, 366), actor=request.actor, now=request.now)
    strike(now=now())
    back = request.META.get("HTTP_REFERER", "")
    inside = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return redirect(back if back and inside else "home")
