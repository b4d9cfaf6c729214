"""The page on which a party begins a procedure about a unit or a title."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shifan.accounts import policy
from shifan.errors import NotAllowed
from shifan.requests import ActorRequest, get_or_404, page_of
from shifan.titles import openings, queries


@require_safe
def choose(request: ActorRequest) -> HttpResponse:
    """The reader's units and titles, each with what it may begin about them."""
    policy.require(request.actor, "proceedings.list")
    search = request.GET.get("q", "").strip()[:100]
    page = page_of(request, queries.units_of(request.actor, search))
    matters = openings.matters(request.actor, list(page), request.now.date())
    context = {"page_obj": page, "matters": matters, "q": search}
    return render(request, "titles/begin.html", context)


@require_POST
def begin(request: ActorRequest, unit_id: UUID) -> HttpResponse:
    """Begin a procedure; leads to the proceeding."""
    unit = get_or_404(queries.units_of(request.actor), pk=unit_id)
    try:
        about = UUID(request.POST.get("about", ""))
    except ValueError as error:
        raise NotAllowed from error
    made = openings.begin(
        unit=unit, programme=request.POST.get("programme", ""),
        procedure_id=request.POST.get("procedure", ""), about=about, actor=request.actor,
        now=request.now,
    )  # fmt: skip
    messages.success(request, _("It is under way."))
    return redirect("proceedings:show", made.pk)
