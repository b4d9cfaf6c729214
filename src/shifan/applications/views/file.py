"""The pages of an application: workspace, clause, steps, receipt."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shifan.accounts import policy
from shifan.applications import actions, queries
from shifan.applications.presentation import passage, scores
from shifan.applications.presentation.words import VERDICTS
from shifan.cycles import queries as cycles
from shifan.errors import NotAllowed
from shifan.proceedings import presentation as proceedings
from shifan.proceedings.models import Proceeding
from shifan.proceedings.views import moved
from shifan.requests import ActorRequest, get_or_404, in_zone_of
from shifan.rulebook.base import millipoints
from shifan.rulebook.model import FactSource
from shifan.statements.actions import earlier_application
from shifan.statements.assessment import Assessment, assess

SHOWN: dict[str, Callable[[scores.Row], bool]] = {
    "required": lambda row: getattr(row.provision, "duty", "") == "required",
    "optional": lambda row: getattr(row.provision, "duty", "") == "optional",
    "open": lambda row: row.standing == "open",
    "lost": lambda row: row.standing in ("part", "none", "deducted"),
    "evidence": lambda row: row.lacks_evidence,
}
"""The workspace's filters by the word in its address."""


@require_POST
def start(request: ActorRequest, unit_id: UUID, cycle_id: int) -> HttpResponse:
    """Begin an application; leads to its workspace."""
    unit = get_or_404(queries.own_units(request.actor), pk=unit_id)
    cycle = get_or_404(cycles.cycles(), pk=cycle_id)
    proceeding = actions.start(
        unit=unit, cycle=cycle, channel=request.POST.get("channel", ""), actor=request.actor,
        now=request.now,
    )  # fmt: skip
    messages.success(request, _("The application is started."))
    return redirect("applications:workspace", proceeding.pk)


@require_safe
def workspace(request: ActorRequest, proceeding_id: UUID) -> HttpResponse:
    """All clauses with what they earn, the total against the threshold, the cheapest moves."""
    assessment = assessment_for(request, proceeding_id)
    proceeding, indicators = assessment.proceeding, assessment.situation.indicators
    by_id = scores.rows(assessment, evidence_counts(proceeding))
    common = page_context(request, assessment)
    todo = to_do(request, assessment, common["sources"])
    kept = {key: {each for each, row in by_id.items() if SHOWN[key](row)} for key in SHOWN}
    kept["mine"] = set(todo)
    kept["drafts"] = {provision for provision, _ in queries.drafts_of(request.actor, proceeding)}
    shown = request.GET.get("show", "")
    given = policy.provisions(request.actor, proceeding)
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
        "duties": scores.duties(row for key, row in by_id.items() if given is None or key in given),
    }
    return render(request, "applications/workspace.html", context)


@require_safe
def steps(request: ActorRequest, proceeding_id: UUID) -> HttpResponse:
    """Check and hand on: what is complete, what stands against each move, the history."""
    assessment = assessment_for(request, proceeding_id)
    if not policy.sees_whole(request.actor, assessment.proceeding):
        raise NotAllowed
    by_id = scores.rows(assessment, evidence_counts(assessment.proceeding))
    proceeding = assessment.proceeding
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
        "evidence_count": queries.attached(proceeding).count(),
        "digest": assessment.sealed,
        "seats": proceedings.seats(assessment, request.actor),
        "votes": proceedings.votes(assessment),
        "ways": proceedings.ways(assessment, common["options"]),
        "history": proceedings.history(proceeding, proceeding.steps.select_related("by")),
    }
    return render(request, "applications/steps.html", context)


@require_POST
def move(request: ActorRequest, proceeding_id: UUID, move_id: str) -> HttpResponse:
    """Make a move; leads to its receipt, or to the new row of the register."""
    proceeding = get_or_404(queries.applications_for(request.actor), pk=proceeding_id)
    step = moved(request, proceeding, move_id)
    if step is None:
        return redirect("applications:steps", proceeding_id)
    title = queries.title_from(step)
    if title is not None:
        messages.success(request, _("The unit is named and stands in the public register."))
        return redirect("register:title", title.pk)
    return redirect("applications:receipt", proceeding_id, step.pk)


def to_do(request: ActorRequest, assessment: Assessment, sources: list[FactSource]) -> list[str]:
    given = policy.provisions(request.actor, assessment.proceeding)
    todo = scores.to_do(assessment, sources)
    return todo if given is None else [each for each in todo if each in given]


def _reusable(request: ActorRequest, assessment: Assessment) -> Proceeding | None:
    """The earlier application whose entries the reader may still take over."""
    proceeding, stage = assessment.proceeding, assessment.situation.stage
    if stage.id != assessment.situation.measures.application.stages[0].id:
        return None
    if not policy.allows(request.actor, "applications.give_tasks", proceeding):
        return None
    return earlier_application(proceeding)


def assessment_for(request: ActorRequest, proceeding_id: UUID, past: str = "") -> Assessment:
    """The application as it stands, if the actor may see it; else 404."""
    proceeding = get_or_404(queries.applications_for(request.actor), pk=proceeding_id)
    return as_shown(request, proceeding, past)


def as_shown(request: ActorRequest, proceeding: Proceeding, past: str = "") -> Assessment:
    """An application the actor may see, as it stands now for that reader; with who said what, of
    the provision ``past`` also what was said before."""
    in_zone_of(proceeding.measures)
    unseen = policy.unreleased(request.actor, proceeding)
    assessment = assess(proceeding, request.now, unseen, past)
    opinions = [*assessment.opinions.values(), *assessment.below.values()]
    prefetch_related_objects(opinions, "by", "reply")
    return assessment


def evidence_counts(proceeding: Proceeding) -> dict[str, int]:
    """How many files are attached, per provision."""
    counts: dict[str, int] = {}
    for provision_id in queries.attached(proceeding).values_list("provision", flat=True):
        counts[provision_id] = counts.get(provision_id, 0) + 1
    return counts


def page_context(request: ActorRequest, assessment: Assessment) -> dict[str, Any]:
    """What every page of an application shows: unit, stage, score, ring, moves."""
    proceeding, situation = assessment.proceeding, assessment.situation
    deadline = proceedings.next_deadline(assessment)
    stated = policy.sources(request.actor, proceeding) & situation.indicators.sources
    return {
        "application": proceeding,
        "stage": situation.stage,
        "indicators": situation.indicators,
        "measures": situation.measures,
        "score": situation.score,
        "explanation": assessment.explanation,
        "whole": policy.sees_whole(request.actor, proceeding),
        "may_reuse": cache(lambda: _reusable(request, assessment)),
        "returned": cache(lambda: proceedings.returned(proceeding)),
        "returned_clauses": passage.returned_clauses(assessment)
        if policy.allows(request.actor, "applications.read_review", proceeding)
        else (),
        "may_review": policy.allows(request.actor, "applications.review", proceeding),
        "reads_review": bool(assessment.opinions)
        and policy.allows(request.actor, "applications.read_review", proceeding),
        "hears": policy.allows(request.actor, "applications.reply", proceeding),
        "reads_signs": policy.allows(request.actor, "evidence.read_signs", proceeding),
        "views_tasks": policy.allows(request.actor, "applications.view_tasks", proceeding),
        "ring": scores.ring(assessment),
        "grade": scores.grade(assessment),
        "verdict": VERDICTS[situation.score.verdict],
        "threshold": millipoints(situation.indicators.apply_from),
        "deadline": deadline,
        "days_left": (deadline.at - request.now).days if deadline else None,
        "waits_for": proceedings.in_charge(proceeding, situation.stage),
        "options": queries.moves_for(request.actor, assessment, request.now),
        "sources": [s for s in situation.measures.fact_sources if s.id in stated],
    }
