"""The public home, the health check, and the error pages."""

from __future__ import annotations

import sys

from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shifan.accounts import policy
from shifan.applications import queries as applications
from shifan.cycles import queries as cycles
from shifan.cycles.presentation import calendar
from shifan.decisions import queries as decisions
from shifan.register import presentation
from shifan.register import queries as register
from shifan.requests import ActorRequest
from shifan.site.home import notices
from shifan.titles.queries import read

NOTICES, LATEST, CYCLES = 8, 6, 3
"""How many of each the front page shows."""


@require_safe
def home(request: ActorRequest) -> HttpResponse:
    """What this is, the register's search, notices, the calendar, provinces, the latest titles;
    ``?programme=`` of one only."""
    on = localdate(request.now)
    programmes = register.programmes(on)
    asked = request.GET.get("programme", "")
    one = asked if asked in programmes else ""
    inside, elsewhere = register.by_place(on, one)
    tiles = presentation.tiles(inside)
    counts = [*inside, *elsewhere]
    latest = register.titles(on, programme=one).filter(exercise=False)[:LATEST]
    rounds = [each for each in cycles.cycles() if one in ("", each.rulebook.programme)]
    on_notice = applications.on_notice(rounds)
    context = {
        "tiles": tiles if any(tile.count for tile in tiles) or not elsewhere else (),
        "elsewhere": elsewhere,
        "programmes": programmes.values(),
        "asked": one,
        "recorded": sum(count for _, count in counts),
        "most": max(counts, key=lambda each: each[1], default=None),
        "latest": presentation.rows(read(latest), programmes),
        "notices": notices(on_notice[:NOTICES], request.now),
        "notice_count": on_notice.count(),
        "batches": [
            (each, each.procedure.stage(each.stage), decisions.notice_end(each))
            for each in decisions.on_notice(over=False, programme=one)[:NOTICES]
        ],
        "calendars": [calendar(cycle, request.now) for cycle in rounds[:CYCLES]],
        "on": on,
    }
    return render(request, "site/home.html", context)


@require_safe
def desk(request: ActorRequest) -> HttpResponse:
    """Where somebody's work begins: who speaks for an office with its board, who works on files
    with those, anybody else with what it was named for."""
    policy.require(request.actor, "proceedings.list")
    if policy.allows(request.actor, "people.verify_claims"):
        return redirect("board")
    member = policy.allows(request.actor, "applications.list")
    return redirect("applications:list" if member else "proceedings:list")


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """``{"ok": true}`` while the database answers, else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception:  # whatever keeps the database from answering is the finding
        return JsonResponse({"ok": False}, status=503)
    return JsonResponse({"ok": True})


def _error(request: HttpRequest, status: int, title: str, sentence: str) -> HttpResponse:
    context = {"title": title, "sentence": sentence, "status": status}
    return render(request, "errors/error.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, 400, _("The request cannot be read"), _("Go back and try again."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    sentence = _("Your account has no right to this page. Sign in with another one if you have it.")
    return _error(request, 403, _("No access"), sentence)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    sentence = _("The form was open too long or cookies are off. Open the page again and resend.")
    return _error(request, 403, _("The form could not be checked"), sentence)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    sentence = _("The address may be mistyped, or the page is not yours to see.")
    return _error(request, 404, _("Page not found"), sentence)


def server_error(request: HttpRequest) -> HttpResponse:
    """Rendered without the request, as asking who is signed in may be what failed.

    Where the database does not answer, the site is away for a moment: 503.
    """
    away = isinstance(sys.exc_info()[1], OperationalError)
    context = {
        "title": _("Away for a moment") if away else _("Something went wrong here"),
        "sentence": _("The database does not answer. Please try again in a minute.") if away else
        _("Nothing you entered before was lost. Try again; the fault has been recorded."),
        "status": 503 if away else 500,
    }  # fmt: skip
    text = render_to_string("errors/error.html", context)
    return HttpResponse(
        text, status=context["status"], headers={"Retry-After": "60"} if away else {}
    )
