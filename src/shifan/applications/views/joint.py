"""Whether a unit may apply, and with whom."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shifan.accounts import policy
from shifan.applications import actions, queries
from shifan.applications.views import file
from shifan.cycles import queries as cycles
from shifan.errors import NotAllowed
from shifan.proceedings.models import Party, Proceeding
from shifan.process.eligibility import eligibility
from shifan.requests import ActorRequest, get_or_404
from shifan.statements.assessment import assess
from shifan.units.models import Unit

FOUND = 20
"""Units a search shows at most."""


@require_safe
def may_apply(request: ActorRequest, unit_id: UUID, cycle_id: int) -> HttpResponse:
    """What the rule book asks of the unit before it has begun, as the records stand."""
    unit = get_or_404(queries.own_units(request.actor), pk=unit_id)
    cycle = get_or_404(cycles.cycles(), pk=cycle_id)
    if unit.kind_in(cycle.measures.programme) not in cycle.rulebook.book.indicators:
        raise Http404
    first = cycle.measures.application.stages[0].id
    supposed = Proceeding(
        rulebook=cycle.rulebook, procedure_id=cycle.measures.application.id, unit=unit, cycle=cycle,
        about=unit.pk, matter=unit.pk, exercise=cycle.exercise, stage=first,
        stage_since=request.now, created_at=request.now,
    )  # fmt: skip
    context = {
        "application": supposed,
        "measures": cycle.measures,
        "requirements": eligibility(assess(supposed, request.now).situation),
        "titles": queries.titles(
            unit, cycle.measures.programme, cycle.exercise, localdate(request.now)
        ),
        "begun": False,
    }
    return render(request, "applications/eligibility.html", context)


@require_safe
def may_go_on(request: ActorRequest, proceeding_id: UUID) -> HttpResponse:
    """What the rule book asks of the unit, met or not, with the articles."""
    assessment = file.assessment_for(request, proceeding_id)
    proceeding = assessment.proceeding
    if not policy.sees_whole(request.actor, proceeding):
        raise NotAllowed
    context = {
        **file.page_context(request, assessment),
        "requirements": eligibility(assessment.situation),
        "titles": queries.titles(
            proceeding.concerned,
            proceeding.measures.programme,
            proceeding.exercise,
            localdate(request.now),
        ),
        "begun": True,
    }
    return render(request, "applications/eligibility.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def partners(request: ActorRequest, proceeding_id: UUID) -> HttpResponse:
    """The units that apply jointly; the lead names more."""
    assessment = file.assessment_for(request, proceeding_id)
    proceeding = assessment.proceeding
    if not policy.sees_whole(request.actor, proceeding):
        raise NotAllowed
    if request.method == "POST":
        unit = get_or_404(Unit.objects.all(), pk=_uuid(request.POST.get("unit", "")))
        actions.name_partner(proceeding=proceeding, unit=unit, actor=request.actor, now=request.now)
        messages.success(request, _("The unit is asked; its lead answers."))
        return redirect("applications:partners", proceeding_id)
    search = request.GET.get("q", "").strip()
    names = policy.allows(request.actor, "applications.name_partner", proceeding)
    context = {
        **file.page_context(request, assessment),
        "partners": proceeding.partners.select_related("unit__division__parent", "answered_by"),
        "search": search,
        "found": queries.units_to_join(proceeding, search)[:FOUND] if names else (),
        "names": names,
    }
    return render(request, "applications/partners.html", context)


@require_POST
def answer(request: ActorRequest, partner_id: int) -> HttpResponse:
    """Give or refuse the unit's word to apply jointly."""
    partner = get_or_404(queries.asked_to_join(request.actor), pk=partner_id)
    agreed = "agree" in request.POST
    actions.answer_partner(partner=partner, agreed=agreed, actor=request.actor, now=request.now)
    messages.success(request, _("Your answer is given."))
    if agreed:
        return redirect("applications:workspace", partner.proceeding_id)
    return redirect("applications:list")


@require_POST
def drop(request: ActorRequest, proceeding_id: UUID, partner_id: int) -> HttpResponse:
    """Go on without a unit that was named."""
    proceeding = get_or_404(queries.applications_for(request.actor), pk=proceeding_id)
    partner = get_or_404(Party.objects.filter(proceeding=proceeding), pk=partner_id)
    actions.drop_partner(partner=partner, actor=request.actor, now=request.now)
    messages.success(request, _("The unit is no longer part of it."))
    return redirect("applications:partners", proceeding_id)


def _uuid(sent: str) -> UUID | None:
    try:
        return UUID(sent)
    except ValueError:
        return None
