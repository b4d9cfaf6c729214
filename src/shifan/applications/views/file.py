"""The pages of an application: list, workspace, clause, steps, receipt."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shifan.accounts import policy
from shifan.applications import actions, queries
from shifan.applications.assessment import Assessment, Statement, assess, read_values
from shifan.applications.forms import FactForm, fact_form, sheet_values, typed_values
from shifan.applications.models import Application
from shifan.applications.presentation import passage, scores, statements
from shifan.applications.presentation.words import VERDICTS
from shifan.cycles import queries as cycles
from shifan.errors import BadInput, Conflict, DomainError, NotAllowed
from shifan.requests import ActorRequest, get_or_404, page_of
from shifan.rulebook.base import Text, millipoints
from shifan.rulebook.model import FactSource, Provision

SHOWN: dict[str, Callable[[scores.Row], bool]] = {
    "open": lambda row: row.standing == "open",
    "lost": lambda row: row.standing in ("part", "none", "deducted"),
    "evidence": lambda row: row.lacks_evidence,
}
"""The workspace's filters by the word in its address."""


@require_safe
def list_applications(request: ActorRequest) -> HttpResponse:
    """The actor's applications, filtered; and for a unit's people what they could start."""
    actor = request.actor
    policy.require(actor, "applications.list")
    asked = {key: request.GET.get(key, "").strip() for key in ("stage", "verdict", "q")}
    if not actor.offices:
        asked["verdict"] = ""  # a unit's own verdict may not be released yet
    rows = queries.filtered(
        queries.applications_for(actor),
        stage=asked["stage"], verdict=asked["verdict"], search=asked["q"],
    )  # fmt: skip
    page = page_of(request, rows)
    cycle = cycles.cycles().first()
    startable = [
        (unit, cycle)
        for unit in queries.own_units(actor)
        if policy.allows(actor, "applications.start", unit)
        for cycle in cycles.open_to(unit, request.now)
    ]
    context = {
        "page_obj": page,
        "lines": [
            passage.line(
                row,
                policy.standing(actor, row),
                policy.sources(actor, row),
                released=not policy.unreleased(actor, row),
            )
            for row in page
        ],
        "stages": cycle.measures.stages if cycle else (),
        "verdicts": VERDICTS,
        "startable": startable,
        "asked": asked,
    }
    return render(request, "applications/list.html", context)


@require_POST
def start(request: ActorRequest, unit_id: UUID, cycle_id: int) -> HttpResponse:
    """Begin an application; leads to its workspace."""
    unit = get_or_404(queries.own_units(request.actor), pk=unit_id)
    cycle = get_or_404(cycles.cycles(), pk=cycle_id)
    application = actions.start(unit=unit, cycle=cycle, actor=request.actor, now=request.now)
    messages.success(request, _("The application is started."))
    return redirect("applications:workspace", application.pk)


@require_safe
def workspace(request: ActorRequest, application_id: UUID) -> HttpResponse:
    """All clauses with what they earn, the total against the threshold, the cheapest moves."""
    assessment = assessment_for(request, application_id)
    by_id = scores.rows(assessment, evidence_counts(assessment.application))
    indicators = assessment.situation.indicators
    common = page_context(request, assessment)
    todo = _to_do(request, assessment, common["sources"])
    kept = {key: {each for each, row in by_id.items() if SHOWN[key](row)} for key in SHOWN}
    kept["mine"] = set(todo)
    shown = request.GET.get("show", "")
    given = policy.provisions(request.actor, assessment.application)
    if given is not None:
        kept = {key: ids & given for key, ids in kept.items()}
    wanted = kept.get(shown, set(by_id) if given is None else set(given))
    context = {
        **common,
        "categories": scores.categories(assessment, by_id, wanted),
        "adjustments": [by_id[e.id] for e in indicators.adjustments.entries if e.id in wanted],
        "vetoes": [by_id[veto.id] for veto in indicators.vetoes if veto.id in wanted],
        "shown": shown if shown in kept else "",
        "shown_ids": wanted,
        "counts": {"all": len(by_id if given is None else given)}
        | {key: len(ids) for key, ids in kept.items()},
        "todo": todo,
    }
    return render(request, "applications/workspace.html", context)


@require_safe
def clause(request: ActorRequest, application_id: UUID, provision_id: str) -> HttpResponse:
    """One clause: text, rule, fact, reason, evidence, history."""
    assessment = assessment_for(request, application_id)
    _require_own(request, assessment.application, provision_id)
    provision = _provision(assessment, provision_id)
    return _clause_page(request, assessment, provision)


@require_POST
def state_fact(request: ActorRequest, application_id: UUID, provision_id: str) -> HttpResponse:
    """State or withdraw a fact; answers with the clause page, or its live part for htmx."""
    application = get_or_404(queries.applications_for(request.actor), pk=application_id)
    provision = application.indicators.by_id.get(provision_id)
    if provision is None:
        raise Http404
    _require_own(request, application, provision_id)
    source, seen = request.POST.get("source", ""), request.POST.get("seen", "")
    typed, note = typed_values(provision, request.POST), request.POST.get("note", "").strip()[:500]
    try:
        actions.state_fact(
            application=application, provision_id=provision_id, source=source,
            raw={} if "withdraw" in request.POST else typed, actor=request.actor, now=request.now,
            note=note, seen=_seen(seen),
        )  # fmt: skip
    except (actions.BadFact, Conflict) as error:
        assessment = assessment_for(request, application_id)
        form = fact_form(
            provision, _source(assessment, source), assessment.statements[provision_id],
            typed, getattr(error, "by_column", {}), note,
        )  # fmt: skip
        status = 409 if isinstance(error, Conflict) else 422
        return _clause_page(request, assessment, provision, form, error, status=status)
    if request.headers.get("HX-Request"):
        return _clause_page(request, assessment_for(request, application_id), provision, saved=True)
    messages.success(request, _("Saved."))
    return redirect("applications:clause", application_id, provision_id)


@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: ActorRequest, application_id: UUID, source_id: str) -> HttpResponse:
    """Every fact one source may state now, on one page; ``?all=1`` shows the stated ones too."""
    assessment = assessment_for(request, application_id)
    source = _source(assessment, source_id)
    if source_id not in policy.sources(request.actor, assessment.application):
        raise NotAllowed
    every = request.GET.get("all") == "1"
    given = policy.provisions(request.actor, assessment.application)
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
                application=assessment.application, source=source_id, actor=request.actor,
                now=request.now, sheet={
                    p.id: (typed[p.id], _seen(request.POST[f"seen:{p.id}"])) for p in sent
                },
            )  # fmt: skip
        except actions.BadFact as bad:
            errors, status, asked = bad.by_column, 422, sent
        except Conflict:
            assessment, status, asked = assessment_for(request, application_id), 409, sent
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
            return redirect("applications:workspace", application_id)
    context = {
        **page_context(request, assessment),
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


@require_safe
def steps(request: ActorRequest, application_id: UUID) -> HttpResponse:
    """Check and hand on: what is complete, what stands against each move, the history."""
    assessment = assessment_for(request, application_id)
    if policy.provisions(request.actor, assessment.application) is not None:
        raise NotAllowed
    by_id = scores.rows(assessment, evidence_counts(assessment.application))
    application, measures = assessment.application, assessment.situation.measures
    common = page_context(request, assessment)
    todo = scores.to_do(assessment, common["sources"])
    context = {
        **common,
        "todo": todo,
        "open_rows": [by_id[each] for each in todo],
        "others_rows": [
            row for key, row in by_id.items() if SHOWN["open"](row) and key not in todo
        ],
        "bare_rows": [row for row in by_id.values() if SHOWN["evidence"](row)],
        "stated_count": sum(map(bool, assessment.statements.values())),
        "provision_count": len(by_id),
        "evidence_count": queries.attached(application).count(),
        "digest": assessment.sealed,
        "ways": passage.ways(assessment, common["options"]),
        "history": passage.history(measures, application.steps.select_related("by")),
    }
    return render(request, "applications/steps.html", context)


@require_POST
def move(request: ActorRequest, application_id: UUID, move_id: str) -> HttpResponse:
    """Make a move; leads to its receipt."""
    application = get_or_404(queries.applications_for(request.actor), pk=application_id)
    actions.make_move(
        application=application, move_id=move_id, actor=request.actor, now=request.now,
        reason=request.POST.get("reason", "")[:1000], document=request.POST.get("document", ""),
    )  # fmt: skip
    step = application.steps.order_by("-at", "-id")[0]
    return redirect("applications:receipt", application_id, step.pk)


@require_safe
def receipt(request: ActorRequest, application_id: UUID, step_id: int) -> HttpResponse:
    """What was handed on, when, by whom, and the digest of the facts it was handed on with."""
    application = get_or_404(queries.applications_for(request.actor), pk=application_id)
    if policy.provisions(request.actor, application) is not None:
        raise NotAllowed
    step = get_or_404(application.steps.select_related("by"), pk=step_id)
    measures = application.measures
    to_stage = measures.stage(step.to_stage)
    context = {
        "application": application,
        "step": step,
        "past": passage.past(measures, step),
        "to_stage": to_stage,
        "from_stage": measures.stage(step.from_stage) if step.from_stage else None,
        "waits_for": passage.in_charge(measures, to_stage, application.unit.unit_type),
        "measures": measures,
    }
    return render(request, "applications/receipt.html", context)


def _require_own(request: ActorRequest, application: Application, provision_id: str) -> None:
    """A contributor's clauses are those of its department."""
    given = policy.provisions(request.actor, application)
    if given is not None and provision_id not in given:
        raise NotAllowed


def _to_do(request: ActorRequest, assessment: Assessment, sources: list[FactSource]) -> list[str]:
    given = policy.provisions(request.actor, assessment.application)
    todo = scores.to_do(assessment, sources)
    return todo if given is None else [each for each in todo if each in given]


def _reusable(request: ActorRequest, assessment: Assessment) -> Application | None:
    """The earlier application whose entries the reader may still take over."""
    application, stage = assessment.application, assessment.situation.stage
    if stage.id != assessment.situation.measures.stages[0].id:
        return None
    if not policy.allows(request.actor, "applications.give_tasks", application):
        return None
    return actions.earlier_application(application)


def _seen(sent: str) -> int:
    """The statement a form was made from. A form that does not say is not taken."""
    if not (sent.isascii() and sent.isdigit() and len(sent) <= 18):
        raise BadInput(
            Text(
                zh="表单不完整，请重新打开页面后再填。",
                en="The form is incomplete; open the page again.",
            )
        )
    return int(sent)


def assessment_for(request: ActorRequest, application_id: UUID) -> Assessment:
    """The application as it stands, if the actor may see it; else 404."""
    application = get_or_404(queries.applications_for(request.actor), pk=application_id)
    return assess(application, request.now, policy.unreleased(request.actor, application))


def _provision(assessment: Assessment, provision_id: str) -> Provision:
    provision = assessment.situation.indicators.by_id.get(provision_id)
    if provision is None:
        raise Http404
    return provision


def _source(assessment: Assessment, source_id: str) -> Any:
    sources = assessment.situation.measures.fact_sources
    found = next((source for source in sources if source.id == source_id), None)
    if found is None:
        raise Http404
    return found


def evidence_counts(application: Application) -> dict[str, int]:
    """How many files are attached, per provision."""
    counts: dict[str, int] = {}
    for provision_id in queries.attached(application).values_list("provision", flat=True):
        counts[provision_id] = counts.get(provision_id, 0) + 1
    return counts


def page_context(request: ActorRequest, assessment: Assessment) -> dict[str, Any]:
    """What every page of an application shows: unit, stage, score, ring, moves."""
    application, situation = assessment.application, assessment.situation
    deadline = passage.next_deadline(assessment)
    return {
        "application": application,
        "stage": situation.stage,
        "indicators": situation.indicators,
        "measures": situation.measures,
        "score": situation.score,
        "explanation": assessment.explanation,
        "whole": policy.provisions(request.actor, application) is None,
        "may_reuse": _reusable(request, assessment),
        "returned": passage.returned(application),
        "returned_clauses": passage.returned_clauses(assessment)
        if policy.allows(request.actor, "applications.read_review", application)
        else (),
        "may_review": policy.allows(request.actor, "applications.review", application),
        "reads_review": bool(assessment.opinions)
        and policy.allows(request.actor, "applications.read_review", application),
        "hears": policy.allows(request.actor, "applications.reply", application),
        "views_tasks": policy.allows(request.actor, "applications.view_tasks", application),
        "ring": scores.ring(assessment),
        "verdict": VERDICTS[situation.score.verdict],
        "threshold": millipoints(situation.indicators.apply_from),
        "deadline": deadline,
        "days_left": (deadline.at - request.now).days if deadline else None,
        "waits_for": passage.in_charge(
            situation.measures, situation.stage, situation.indicators.unit_type
        ),
        "options": queries.moves_for(request.actor, assessment, request.now),
        "sources": [
            source
            for source in situation.measures.fact_sources
            if source.id in policy.sources(request.actor, application)
        ],
    }


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
    application = assessment.application
    stated = assessment.statements[provision.id]
    allowed = {
        each
        for each in policy.sources(request.actor, application) & set(provision.input.from_)
        if assessment.states_directly(each, provision.id)
    }
    forms = [
        failed if failed and failed.source.id == source.id else fact_form(provision, source, stated)
        for source in assessment.situation.measures.fact_sources
        if source.id in allowed
    ]
    attached = list(queries.attached(application, provision.id))
    before, after = statements.neighbours(assessment, provision.id)
    live = bool(request.headers.get("HX-Request"))
    common = page_context(request, assessment)
    context = {
        **common,
        "provision": provision,
        "heading": statements.heading(assessment, provision),
        "row": scores.rows(assessment, {provision.id: len(attached)})[provision.id],
        "forms": forms,
        "answers": provision.id in assessment.reviewable
        and policy.allows(request.actor, "applications.review", application),
        "failed": failed,
        "failure": failure,
        "statements": [statements.said(assessment, provision, each) for each in stated],
        "earlier": [
            statements.said(
                assessment,
                provision,
                Statement(fact.source, read_values(provision, fact.values), fact),
            )
            for fact in application.facts.filter(provision=provision.id)
            .exclude(superseded_at=None)
            .select_related("stated_by")
            .order_by("-superseded_at")
        ],
        "attached": attached,
        "may_attach": policy.allows(request.actor, "evidence.attach", application),
        "before": before,
        "after": after,
        "next_open": statements.next_open(
            assessment, provision.id, _to_do(request, assessment, common["sources"])
        ),
        "saved": saved,
        "live": live,
    }
    template = "applications/clause_live.html" if live else "applications/clause.html"
    return render(request, template, context, status=status)
