"""The pages on which facts are stated: a clause, a source's sheet, and what is being typed."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shifan.accounts import policy
from shifan.accounts.models import User
from shifan.applications import queries
from shifan.applications.forms import FactForm, fact_form, sheet_values, shown, typed_values
from shifan.applications.presentation import scores, statements
from shifan.applications.views import file
from shifan.errors import Conflict, DomainError, NotAllowed
from shifan.proceedings.models import Proceeding
from shifan.requests import ActorRequest, get_or_404
from shifan.rulebook.indicators import Provision
from shifan.statements import actions
from shifan.statements.assessment import Assessment, Statement, read_values


@require_safe
def clause(request: ActorRequest, proceeding_id: UUID, provision_id: str) -> HttpResponse:
    """One clause: text, rule, fact, reason, evidence, history."""
    proceeding, provision = _opened(request, proceeding_id, provision_id)
    return _clause_page(request, file.as_shown(request, proceeding, provision_id), provision)


@require_POST
def state_fact(request: ActorRequest, proceeding_id: UUID, provision_id: str) -> HttpResponse:
    """State or withdraw a fact; answers with the clause page, or its live part for htmx.

    What is refused, or comes after somebody else's statement, is kept as the sender's draft.
    """
    proceeding, provision = _opened(request, proceeding_id, provision_id)
    source, seen = request.POST.get("source", ""), request.POST.get("seen", "")
    typed, note = typed_values(provision, request.POST), _note(request)
    try:
        after = actions.state_fact(
            proceeding=proceeding, provision_id=provision_id, source=source,
            raw={} if "withdraw" in request.POST else typed, actor=request.actor, now=request.now,
            note=note, seen=shown(seen),
        )  # fmt: skip
    except (actions.BadFact, Conflict) as error:
        assessment = file.assessment_for(request, proceeding_id, provision_id)
        actions.keep_draft(
            assessment=assessment, provision_id=provision_id, source=source, raw=typed, note=note,
            actor=request.actor, now=request.now,
        )  # fmt: skip
        form = fact_form(
            provision, _source(assessment, source), assessment.statements[provision_id],
            typed, getattr(error, "by_column", {}), note,
        )  # fmt: skip
        status = 409 if isinstance(error, Conflict) else 422
        return _clause_page(request, assessment, provision, form, error, status=status)
    if request.headers.get("HX-Request"):
        if policy.unreleased(request.actor, after.proceeding):
            after = file.as_shown(request, after.proceeding, provision_id)
        for each in after.statements[provision_id]:
            if each.fact is not None and each.fact.stated_by_id == request.actor.user_id:
                each.fact.stated_by = cast(User, request.user)  # who is known already
        return _clause_page(request, after, provision, saved=True)
    messages.success(request, _("Saved."))
    return redirect("applications:clause", proceeding_id, provision_id)


@require_POST
def draft(
    request: ActorRequest, proceeding_id: UUID, provision_id: str, source_id: str
) -> HttpResponse:
    """Keep what is being typed, and answer with what it would earn; or drop it."""
    proceeding, provision = _opened(request, proceeding_id, provision_id)
    assessment = file.as_shown(request, proceeding)
    _source(assessment, source_id)
    if "drop" in request.POST:
        actions.drop_drafts(proceeding, source_id, [provision_id], request.actor)
        return redirect("applications:clause", proceeding_id, provision_id)
    typed = typed_values(provision, request.POST)
    note = _note(request) if "note" in request.POST else None
    kept = actions.keep_draft(
        assessment=assessment, provision_id=provision_id, source=source_id, raw=typed, note=note,
        actor=request.actor, now=request.now,
    )  # fmt: skip
    context = {
        "draft": kept,
        "preview": scores.preview(assessment, provision, source_id, typed) if kept else None,
        "whole": policy.sees_whole(request.actor, proceeding),
        "total": assessment.situation.score.total,
        "provision": provision,
    }
    return render(request, "applications/draft.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: ActorRequest, proceeding_id: UUID, source_id: str) -> HttpResponse:
    """Every fact one source may state now, on one page; ``?all=1`` shows the stated ones too."""
    assessment = file.assessment_for(request, proceeding_id)
    source = _source(assessment, source_id)
    if source_id not in policy.sources(request.actor, assessment.proceeding):
        raise NotAllowed
    every = request.GET.get("all") == "1"
    given = policy.provisions(request.actor, assessment.proceeding)
    asked = [
        provision
        for provision in assessment.situation.indicators.provisions
        if source_id in provision.input.from_
        and assessment.states_directly(source_id, provision.id)
        and (every or not assessment.statements[provision.id])
        and (given is None or provision.id in given)
    ]
    typed, errors, status, changed_since = None, {}, 200, set()
    if request.method == "POST":
        sent = [p for p in assessment.situation.indicators.by_id.values()
                if f"seen:{p.id}" in request.POST and source_id in p.input.from_]  # fmt: skip
        typed = sheet_values(sent, request.POST)
        try:
            changed = actions.state_sheet(
                proceeding=assessment.proceeding, source=source_id, actor=request.actor,
                now=request.now, sheet={
                    p.id: (typed[p.id], shown(request.POST[f"seen:{p.id}"])) for p in sent
                },
            )  # fmt: skip
        except actions.BadFact as bad:
            errors, status, asked = bad.by_column, 422, sent
        except Conflict:
            assessment, status, asked = file.assessment_for(request, proceeding_id), 409, sent
            changed_since = {
                p.id
                for p in sent
                if request.POST[f"seen:{p.id}"]
                != str(fact_form(p, source, assessment.statements[p.id]).seen)
            }
        else:
            messages.success(
                request,
                ngettext("%(n)s fact saved.", "%(n)s facts saved.", changed) % {"n": changed},
            )
            return redirect("applications:workspace", proceeding_id)
        for provision in sent:
            if typed[provision.id]:
                actions.keep_draft(
                    assessment=assessment, provision_id=provision.id, source=source_id,
                    raw=typed[provision.id], actor=request.actor, now=request.now,
                )  # fmt: skip
    drafts = queries.drafts_of(request.actor, assessment.proceeding)
    context = {
        **file.page_context(request, assessment),
        "source": source,
        "every": every,
        "errors": errors,
        "changed_since": changed_since,
        "lines": [
            (
                provision,
                fact_form(
                    provision, source, assessment.statements[provision.id],
                    typed.get(provision.id) if typed else None, errors,
                    draft=drafts.get((provision.id, source_id)),
                ),
                [
                    statements.said(assessment, provision, each)
                    for each in assessment.statements[provision.id]
                    if each.source != source_id
                ],
            )
            for provision in asked
        ],
    }  # fmt: skip
    return render(request, "applications/sheet.html", context, status=status)


def _opened(
    request: ActorRequest, proceeding_id: UUID, provision_id: str
) -> tuple[Proceeding, Provision]:
    """The application and one of its provisions, if both are the actor's to see."""
    proceeding = get_or_404(queries.applications_for(request.actor), pk=proceeding_id)
    provision = proceeding.indicators.by_id.get(provision_id)
    if provision is None:
        raise Http404
    given = policy.provisions(request.actor, proceeding)
    if given is not None and provision_id not in given:
        raise NotAllowed
    return proceeding, provision


def _note(request: ActorRequest) -> str:
    return request.POST.get("note", "").strip()[:500]


def _source(assessment: Assessment, source_id: str) -> Any:
    sources = assessment.situation.measures.fact_sources
    found = next((source for source in sources if source.id == source_id), None)
    if found is None:
        raise Http404
    return found


def _clause_page(
    request: ActorRequest,
    assessment: Assessment,
    provision: Provision,
    failed: FactForm | None = None,
    failure: DomainError | None = None,
    *,
    saved: bool = False,
    status: int = 200,
) -> HttpResponse:
    proceeding = assessment.proceeding
    stated = assessment.statements[provision.id]
    allowed = {
        each
        for each in policy.sources(request.actor, proceeding) & set(provision.input.from_)
        if assessment.states_directly(each, provision.id)
    }
    dropped = saved and len(allowed) == 1  # the only draft there could be was of what is stated now
    drafts = queries.drafts_of(request.actor, proceeding) if allowed and not dropped else {}
    forms = [
        failed
        if failed and failed.source.id == source.id
        else fact_form(provision, source, stated, draft=drafts.get((provision.id, source.id)))
        for source in assessment.situation.measures.fact_sources
        if source.id in allowed
    ]
    live = bool(request.headers.get("HX-Request"))
    attached = [] if live else list(queries.attached(proceeding, provision.id))
    before, after = statements.neighbours(assessment, provision.id)
    common = file.page_context(request, assessment)
    context = {
        **common,
        "provision": provision,
        "heading": statements.heading(assessment, provision),
        "row": scores.rows(assessment, {provision.id: len(attached)})[provision.id],
        "forms": forms,
        "leader": assessment.leader(provision.id),
        "answers": provision.id in assessment.reviewable
        and policy.allows(request.actor, "applications.review", proceeding),
        "failed": failed,
        "failure": failure,
        "statements": [statements.said(assessment, provision, each) for each in stated],
        "earlier": [
            statements.said(
                assessment,
                provision,
                Statement(fact.source, read_values(provision, fact.values), fact),
            )
            for fact in assessment.earlier(provision.id)
        ],
        "attached": attached,
        "may_attach": policy.allows(request.actor, "evidence.attach", proceeding),
        "before": before,
        "after": after,
        "next_open": statements.next_open(
            assessment, provision.id, file.to_do(request, assessment, common["sources"])
        ),
        "saved": saved,
        "live": live,
    }
    template = "applications/clause_live.html" if live else "applications/clause.html"
    return render(request, template, context, status=status)
