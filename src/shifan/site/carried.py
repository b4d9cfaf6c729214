"""What somebody typed into a form whose sign-in had run out: kept until they are back.

It waits in the session of the browser it was sent from, and is shown to nobody but the user who was
signed in there before. Files are not kept; they have to be chosen again.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shifan.errors import NotAllowed
from shifan.requests import ActorRequest

KEY = "carried"
WHO = "who"
"""The signed cookie that remembers whose sign-in this browser had last."""
WHO_LASTS = 30 * 24 * 3600
MOST = 200_000
"""Characters of typing that are kept."""


def remember(request: HttpRequest, response: HttpResponse) -> None:
    """Note on the browser who is signed in, for the time when the sign-in has run out."""
    if request.user.is_authenticated and _who(request) != str(request.user.pk):
        response.set_signed_cookie(
            WHO, str(request.user.pk), max_age=WHO_LASTS, httponly=True, samesite="Lax",
            secure=request.is_secure(),
        )  # fmt: skip


def keep(request: HttpRequest) -> bool:
    """Keep what a refused form held; False if there is nothing to keep or nobody to keep it for."""
    fields = [
        [name, value]
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken"
        for value in values
        if isinstance(value, str)
    ]
    who = _who(request)
    if not who or not fields or sum(len(name) + len(value) for name, value in fields) > MOST:
        return False
    request.session[KEY] = {"path": request.get_full_path(), "fields": fields, "who": who}
    return True


def waiting(request: HttpRequest) -> dict[str, Any] | None:
    """What is kept for whoever is signed in now."""
    kept: dict[str, Any] | None = request.session.get(KEY)
    return kept if kept and kept["who"] == str(request.user.pk) else None


@require_http_methods(["GET", "HEAD", "POST"])
def carried(request: ActorRequest) -> HttpResponse:
    """Show what was kept; a POST sends it on to where it was going, or drops it."""
    if request.actor.user_id is None:
        raise NotAllowed
    kept = waiting(request)
    if request.method == "POST":
        request.session.pop(KEY, None)
        if kept and "carried-drop" not in request.POST:
            return HttpResponse(status=307, headers={"Location": kept["path"]})
        return redirect("applications:list")
    shown = [value for name, value in (kept or {}).get("fields", ()) if _worth_showing(name, value)]
    context = {"kept": kept, "shown": shown, "title": _("What you typed is still here")}
    return render(request, "site/carried.html", context)


def _worth_showing(name: str, value: str) -> bool:
    hidden = name in ("source", "seen") or name.startswith("seen:")
    return bool(value.strip()) and value not in ("true", "false") and not hidden


def _who(request: HttpRequest) -> str:
    return request.get_signed_cookie(WHO, default="", max_age=WHO_LASTS) or ""
