"""Campaigns: planned, opened, watched, closed, their flags weighed, their results stated."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shifan import apart
from shifan.accounts import policy
from shifan.accounts.subjects import OnCampaign
from shifan.cycles.queries import cycles
from shifan.errors import BadInput
from shifan.requests import ActorRequest, get_or_404, page_of
from shifan.rulebook.base import Text
from shifan.surveys import actions, groups, presentation, queries, sealing
from shifan.surveys import poster as posters
from shifan.surveys.bring_in import bring_in
from shifan.surveys.forms import PlanForm, shipped, uploaded, whole
from shifan.surveys.instrument.write import write
from shifan.surveys.models import Campaign
from shifan.units.models import Unit

NOTES = 10
"""Sentences about what was left out of a form, at most."""


@require_safe
def campaigns(request: ActorRequest) -> HttpResponse:
    """The campaigns the actor may see."""
    policy.require(request.actor, "surveys.list")
    page = page_of(request, queries.campaigns_for(request.actor))
    lines = [(each, each.state(request.now)) for each in page]
    context = {
        "page_obj": page,
        "lines": lines,
        "may_plan": policy.allows(request.actor, "surveys.plan"),
    }
    return render(request, "surveys/list.html", context)


def _cycles() -> list[Any]:
    return [cycle for cycle in cycles() if cycle.measures.surveys]


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ActorRequest) -> HttpResponse:
    """Plan a campaign."""
    policy.require(request.actor, "surveys.plan")
    plan = PlanForm(request.POST or None, request.FILES or None, cycles=_cycles())
    units = queries.units_for(request.actor)
    if request.method == "POST" and plan.is_valid():
        given = plan.cleaned_data
        try:
            unit = _named(units, given["unit"])
            cycle, survey = plan.chosen()
            rule = cycle.measures.survey(survey)
            sent = uploaded(given["form"]) if given["form"] else None
            made = actions.plan(
                unit=unit, cycle=cycle, survey=survey, assurance=given["assurance"],
                instrument=sent.instrument if sent else shipped(cycle, rule),
                opens_on=given["opens_on"], closes_on=given["closes_on"],
                by_division=given["by_division"],
                actor=request.actor, now=request.now,
            )  # fmt: skip
            for note in sent.notes[:NOTES] if sent else ():
                messages.info(request, note.placed().in_(request.LANGUAGE_CODE))
            return redirect("surveys:campaign", made.code)
        except BadInput as bad:
            for text in bad.sentences():
                plan.add_error(None, text.in_(request.LANGUAGE_CODE))
    rows = units.values_list("name", "division__name").order_by("name")[:500]
    names = [name if name == place else f"{name} · {place}" for name, place in rows]
    context = {"form": plan, "names": names}
    return render(request, "surveys/new.html", context, status=200 if not plan.errors else 400)


def _named(units: QuerySet[Unit], text: str) -> Unit:
    """The one unit of that name, or of that name in that division (``name · division``).

    Raises BadInput.
    """
    name, _dot, place = (part.strip() for part in text.partition(" · "))
    found = list(units.filter(name=name, **{"division__name": place} if place else {})[:2])
    if not found:
        raise BadInput(Text(zh="辖区内没有这个单位。", en="There is no such unit in your area."))
    if len(found) > 1:
        raise BadInput(
            Text(
                zh="辖区内有同名单位，请写作“名称 · 所在区划”。",
                en="Several units have this name: please write “name · division”.",
            )
        )
    return found[0]


@require_safe
def campaign(request: ActorRequest, code: str) -> HttpResponse:
    """One campaign: how it goes, or what it found."""
    return render(request, "surveys/campaign.html", _context(request, _found(request, code)))


def _found(request: ActorRequest, code: str, permission: OnCampaign = "surveys.view") -> Campaign:
    found = get_or_404(queries.campaigns_for(request.actor), code=code)
    policy.require(request.actor, permission, found)
    return found


def _context(request: ActorRequest, found: Campaign, **more: Any) -> dict[str, Any]:
    proceeding = queries.proceeding_of(found)
    opened = found.closed_at is not None and not found.pouches.exists()
    progress = queries.progress(found)
    return {
        "campaign": found,
        "state": found.state(request.now),
        "address": posters.address(found),
        "progress": progress,
        "strata": [(presentation.stratum_label(found, r.key), r) for r in progress.strata],
        "flags": presentation.flags(found) if opened else [],
        "results": presentation.found(found) if opened else [],
        "opened": opened,
        "lost": found.closed_at is not None and not opened and sealing.key_missing(found),
        "application": proceeding,
        "teams": found.field_keys.order_by("pk"),
        "may_run": policy.allows(request.actor, "surveys.run", found),
        "may_state": proceeding is not None
        and found.rule.source in policy.sources(request.actor, proceeding),
        **more,
    }


@require_POST
def strata(request: ActorRequest, code: str) -> HttpResponse:
    """Set populations and targets, from the page or from a filled-in table."""
    found = _found(request, code, "surveys.run")
    try:
        given = _strata(request, found)
    except BadInput as bad:
        return _again(request, found, bad)
    actions.set_strata(campaign=found, given=given, actor=request.actor, now=request.now)
    messages.success(request, _("Saved."))
    return redirect("surveys:campaign", code)


def _strata(request: ActorRequest, found: Campaign) -> groups.Given:
    file = request.FILES.get("file")
    if file is not None:
        apart.require(apart.TABLE, file)
        return groups.read(found, file)
    return {
        row.key: (_number(request, found, "population", row.key),
                  _number(request, found, "target", row.key))
        for row in found.populations.all() if f"population:{row.key}" in request.POST
    }  # fmt: skip


def _again(request: ActorRequest, found: Campaign, bad: BadInput) -> HttpResponse:
    """The campaign's page with what could not be used."""
    context = _context(request, found, wrong=bad.sentences())
    return render(request, "surveys/campaign.html", context, status=bad.status)


def _number(request: ActorRequest, found: Campaign, what: str, key: str) -> int | None:
    words = presentation.stratum_label(found, key)
    return whole(request.POST.get(f"{what}:{key}", ""), Text(zh=words, en=words))


@require_safe
def table(request: ActorRequest, code: str) -> FileResponse:
    """Populations and targets as a table to fill in."""
    found = _found(request, code, "surveys.run")
    return _file(groups.write(found), f"groups-{code}.csv", "text/csv")


@require_POST
def open_(request: ActorRequest, code: str) -> HttpResponse:
    """Open the campaign."""
    found = _found(request, code, "surveys.run")
    actions.open_(campaign=found, actor=request.actor, now=request.now)
    messages.success(request, _("The campaign is open."))
    return redirect("surveys:campaign", code)


@require_POST
def close(request: ActorRequest, code: str) -> HttpResponse:
    """End the campaign."""
    found = _found(request, code, "surveys.run")
    actions.close(campaign=found, actor=request.actor, now=request.now)
    messages.success(request, _("The campaign has ended; its answers are opened."))
    return redirect("surveys:campaign", code)


@require_POST
def give_up(request: ActorRequest, code: str) -> HttpResponse:
    """Do without the answers whose key is lost."""
    found = _found(request, code, "surveys.run")
    actions.give_up(campaign=found, reason=request.POST.get("reason", ""), actor=request.actor,
                    now=request.now)  # fmt: skip
    messages.success(request, _("Recorded."))
    return redirect("surveys:campaign", code)


@require_POST
def codes(request: ActorRequest, code: str) -> FileResponse:
    """New codes as a file, this once."""
    found = _found(request, code, "surveys.run")
    count = whole(request.POST.get("count", "")) or 0
    made = actions.make_tokens(campaign=found, count=count, actor=request.actor, now=request.now)
    buffer = io.StringIO()
    rows = csv.writer(buffer)
    rows.writerow(["code", "address"])
    rows.writerows([word, f"{posters.address(found)}?t={word}"] for word in made)
    return _file(buffer.getvalue().encode("utf-8-sig"), f"codes-{code}.csv", "text/csv")


@require_POST
def teams(request: ActorRequest, code: str) -> HttpResponse:
    """A new key for a team of enumerators, shown this once; or the end of one."""
    found = _found(request, code, "surveys.run")
    if "end" in request.POST:
        team = whole(request.POST["end"]) or 0
        actions.end_team(campaign=found, team=team, actor=request.actor, now=request.now)
        return redirect("surveys:campaign", code)
    key = actions.add_team(
        campaign=found, label=request.POST.get("label", ""), actor=request.actor, now=request.now
    )
    field = f"{posters.address(found)}field/#k={key}"
    context = _context(request, found, key=key, field=field, qr=posters.qr(field))
    return render(request, "surveys/campaign.html", context)


@require_safe
def poster(request: ActorRequest, code: str) -> FileResponse:
    """The poster as PDF."""
    found = _found(request, code)
    return _file(
        posters.poster(found, request.GET.get("site", "")), f"poster-{code}.pdf", "application/pdf"
    )


@require_safe
def form(request: ActorRequest, code: str) -> FileResponse:
    """The form as XLSForm."""
    found = _found(request, code)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return _file(write(found.form), f"{found.form.id}.xlsx", kind)


@require_POST
def collected(request: ActorRequest, code: str) -> HttpResponse:
    """Bring in answers that were collected with KoboToolbox or ODK."""
    found = _found(request, code, "surveys.run")
    file = request.FILES.get("file")
    try:
        if file is None:
            raise BadInput(Text(zh="请选择文件。", en="Please choose a file."))
        single = (file.name or "").lower().endswith(".xml")
        apart.require(apart.SUBMISSION if single else apart.TABLE, file)
        brought = bring_in(campaign=found, file=file, name=file.name or "", actor=request.actor,
                           now=request.now)  # fmt: skip
    except BadInput as bad:
        return _again(request, found, bad)
    said = ngettext("%(count)d answer was new.", "%(count)d answers were new.", brought.taken)
    tell = messages.warning if brought.refused else messages.success
    tell(request, said % {"count": brought.taken})
    return render(request, "surveys/campaign.html", _context(request, found, brought=brought))


@require_POST
def weigh(request: ActorRequest, code: str) -> HttpResponse:
    """Decide what flagged answers count for."""
    found = _found(request, code, "surveys.run")
    percent = whole(request.POST.get("weight", ""))
    actions.weigh(
        campaign=found, rule=request.POST.get("rule", ""),
        weight=-1 if percent is None else percent * 10,
        reason=request.POST.get("reason", ""), actor=request.actor, now=request.now,
    )  # fmt: skip
    messages.success(request, _("Recorded."))
    return redirect("surveys:campaign", code)


@require_POST
def state(request: ActorRequest, code: str) -> HttpResponse:
    """State the results as facts of the unit's application."""
    found = _found(request, code, "surveys.run")
    proceeding = queries.proceeding_of(found)
    if proceeding is None:
        raise Http404
    stated = actions.state(
        campaign=found, proceeding=proceeding, actor=request.actor, now=request.now
    )
    messages.success(request, _("Stated for %(clauses)s.") % {"clauses": ", ".join(stated)})
    return redirect("surveys:campaign", code)


@csrf_exempt
def public(request: HttpRequest, code: str, rest: str = "") -> HttpResponse:
    """Lead to where answers are taken. A proxy in front leads there by itself."""
    if settings.SURVEY_ADDRESS == settings.SITE_ADDRESS:
        raise Http404
    response = redirect(f"{settings.SURVEY_ADDRESS}{request.get_full_path()}")
    response.status_code = 307
    return response


def _file(content: bytes, name: str, kind: str) -> FileResponse:
    response = FileResponse(io.BytesIO(content), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
