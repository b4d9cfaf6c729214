"""What a step left: its receipt, the decision's document, the sealed snapshot."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shifan.accounts import policy
from shifan.applications import queries
from shifan.errors import Conflict, NotAllowed
from shifan.proceedings import presentation as proceedings
from shifan.proceedings.models import Proceeding, Step
from shifan.proof.digest import sealed_as
from shifan.requests import ActorRequest, get_or_404, in_zone_of
from shifan.rulebook.base import Text
from shifan.vault import queries as vault


@require_safe
def receipt(request: ActorRequest, proceeding_id: UUID, step_id: int) -> HttpResponse:
    """What was handed on, when, by whom, and the digest of the facts it was handed on with."""
    proceeding, step = _step(request, proceeding_id, step_id)
    measures = proceeding.measures
    to_stage = measures.application.stage(step.to_stage)
    context = {
        "application": proceeding,
        "step": step,
        "past": proceedings.past(proceeding, step),
        "to_stage": to_stage,
        "from_stage": measures.application.stage(step.from_stage) if step.from_stage else None,
        "waits_for": proceedings.in_charge(proceeding, to_stage),
        "measures": measures,
    }
    return render(request, "applications/receipt.html", context)


@require_safe
def snapshot(request: ActorRequest, proceeding_id: UUID, step_id: int) -> HttpResponse:
    """The file as it was sealed, byte for byte: its SHA-256 is the digest on the receipt."""
    _, step = _step(request, proceeding_id, step_id)
    if step.snapshot is None:
        raise Http404
    content = sealed_as(step.snapshot, step.sealed)
    if content is None:
        raise Conflict(
            Text(
                zh="存储的内容与封存时的摘要不符。",
                en="What is stored does not have the digest it was sealed with.",
            )
        )
    response = HttpResponse(content, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="snapshot-{step.pk}.json"'
    return response


@require_safe
def document(request: ActorRequest, proceeding_id: UUID, step_id: int) -> FileResponse:
    """The document of the decision, as it was filed."""
    _, step = _step(request, proceeding_id, step_id)
    if step.document_file is None:
        raise Http404
    response = FileResponse(
        vault.content(step.document_file), content_type=step.document_file.media_type
    )
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(step.document_name)}"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _step(request: ActorRequest, proceeding_id: UUID, step_id: int) -> tuple[Proceeding, Step]:
    proceeding = get_or_404(queries.applications_for(request.actor), pk=proceeding_id)
    if not policy.sees_whole(request.actor, proceeding):
        raise NotAllowed
    in_zone_of(proceeding.measures)
    steps = proceeding.steps.select_related("by", "document_file")
    return proceeding, get_or_404(steps, pk=step_id)
