"""The pages of a review: the file clause by clause, one clause, the applicant's reply."""

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
from shifan.applications import queries
from shifan.applications.forms import fact_form, shown, typed_values
from shifan.applications.presentation import reviews, statements
from shifan.applications.views import file
from shifan.errors import BadInput, Conflict, DomainError, NotAllowed
from shifan.requests import ActorRequest, get_or_404
from shifan.statements import actions

SHOWN: dict[str, Callable[[reviews.Reviewed], bool]] = {
    "left": lambda line: line.opinion is None,
    "changed": lambda line: line.changed,
    "adjust": lambda line: line.opinion is not None and line.opinion.verdict == "adjust",
    "return": lambda line: line.opinion is not None and line.opinion.verdict == "return",
}
"""The filters of a review by the word in their address."""


@require_safe
def review(request: ActorRequest, proceeding_id: UUID) -> HttpResponse:
    """What the applicant stated and what the office thinks of it, clause by clause."""
    assessment = file.assessment_for(request, proceeding_id)
    if not policy.allows(request.actor, "applications.read_review", assessment.proceeding):
        raise NotAllowed
    lines = reviews.reviewed(assessment, file.evidence_counts(assessment.proceeding))
    shown = request.GET.get("show", "")
    context = {
        **file.page_context(request, assessment),
        "lines": [line for line in lines if shown not in SHOWN or SHOWN[shown](line)],
        "counts": {"all": len(lines)} | {key: sum(map(fits, lines)) for key, fits in SHOWN.items()},
        "left": [line for line in lines if line.opinion is None],
        "shown": shown if shown in SHOWN else "",
        "may_review": policy.allows(request.actor, "applications.review", assessment.proceeding),
        "may_reply": policy.allows(request.actor, "applications.reply", assessment.proceeding),
    }
    return render(request, "applications/review.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def opinion(request: ActorRequest, proceeding_id: UUID, provision_id: str) -> HttpResponse:
    """One clause: the applicant's statement and evidence beside the reviewer's opinion."""
    assessment = file.assessment_for(request, proceeding_id)
    proceeding = assessment.proceeding
    policy.require(request.actor, "applications.review", proceeding)
    lines = reviews.reviewed(assessment, file.evidence_counts(proceeding))
    line = next((each for each in lines if each.provision.id == provision_id), None)
    if line is None:
        raise Http404
    failure: DomainError | None = None
    typed: dict[str, str] | None = None
    if request.method == "POST":
        typed = typed_values(line.provision, request.POST)
        try:
            actions.give_opinion(
                proceeding=proceeding, provision_id=provision_id, actor=request.actor,
                verdict=request.POST.get("verdict", ""), kind=request.POST.get("kind", ""),
                reason=request.POST.get("reason", ""), basis=request.POST.get("basis", ""),
                over=shown(request.POST.get("over", "")), raw=typed, now=request.now,
            )  # fmt: skip
        except (BadInput, Conflict) as error:
            failure = error
        else:
            return _next(request, lines, proceeding_id, provision_id)
    sources = policy.sources(request.actor, proceeding)
    source = next((s for s in proceeding.measures.fact_sources
                   if s.id in sources and s.id in line.provision.input.from_), None)  # fmt: skip
    ids = [each.provision.id for each in lines]
    at = ids.index(provision_id)
    context: dict[str, Any] = {
        **file.page_context(request, assessment),
        "line": line,
        "provision": line.provision,
        "heading": statements.heading(assessment, line.provision),
        "form": source and fact_form(
            line.provision, source, assessment.statements[provision_id], typed,
            getattr(failure, "by_column", {}),
        ),
        "attached": list(queries.attached(proceeding, provision_id)),
        "failure": failure,
        "chosen": request.POST.get("verdict") or (line.opinion.verdict if line.opinion else ""),
        "kind": request.POST.get("kind") or (line.opinion.kind if line.opinion else ""),
        "reason": request.POST.get("reason") or (line.opinion.reason if line.opinion else ""),
        "before": ids[at - 1] if at else "",
        "after": ids[at + 1] if at + 1 < len(ids) else "",
        "position": at + 1,
        "count": len(ids),
        "left": sum(each.opinion is None for each in lines),
    }  # fmt: skip
    return render(
        request, "applications/opinion.html", context, status=failure.status if failure else 200
    )


@require_POST
def agree_with_rest(request: ActorRequest, proceeding_id: UUID) -> HttpResponse:
    """Agree with every clause on the page that has no opinion yet."""
    proceeding = get_or_404(queries.applications_for(request.actor), pk=proceeding_id)
    seen = {
        key.removeprefix("basis:"): str(value)
        for key, value in request.POST.items()
        if key.startswith("basis:")
    }
    count = actions.agree_with_rest(
        proceeding=proceeding, seen=seen, actor=request.actor, now=request.now
    )
    said = ngettext("Agreed with %(n)s clause.", "Agreed with %(n)s clauses.", count)
    messages.success(request, said % {"n": count})
    return redirect("applications:review", proceeding_id)


@require_POST
def reply(request: ActorRequest, proceeding_id: UUID, opinion_id: int) -> HttpResponse:
    """The applicant's reply to an adjustment."""
    proceeding = get_or_404(queries.applications_for(request.actor), pk=proceeding_id)
    answered = get_or_404(proceeding.opinions.all(), pk=opinion_id)
    actions.reply(
        opinion=answered, text=request.POST.get("text", ""), actor=request.actor, now=request.now
    )
    messages.success(request, _("Your reply is kept with the opinion."))
    return redirect("applications:review", proceeding_id)


def _next(
    request: ActorRequest, lines: list[reviews.Reviewed], proceeding_id: UUID, provision_id: str
) -> HttpResponse:
    """The next clause without an opinion, after this one and round; the list when none is left."""
    ids = [each.provision.id for each in lines]
    at = ids.index(provision_id)
    left = {each.provision.id for each in lines if each.opinion is None} - {provision_id}
    following = next((each for each in ids[at + 1 :] + ids[:at] if each in left), None)
    messages.success(request, _("Your opinion on %(id)s is kept.") % {"id": provision_id})
    if following is None:
        return redirect("applications:review", proceeding_id)
    return redirect("applications:opinion", proceeding_id, following)
