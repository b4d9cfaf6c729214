"""The pages of batches, and the public ones of notices and objections."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shifan.accounts import policy
from shifan.cycles.queries import cycles
from shifan.decisions import actions, queries
from shifan.errors import BadInput
from shifan.proceedings import presentation
from shifan.proceedings.models import Proceeding
from shifan.requests import ActorRequest, get_or_404, in_zone_of, page_of
from shifan.rulebook.base import Text
from shifan.rulebook.procedures import Stage


@require_safe
def batches(request: ActorRequest) -> HttpResponse:
    """The batches the reader's offices have, and those they could begin."""
    actor = request.actor
    policy.require(actor, "proceedings.list")
    page = page_of(request, queries.batches_for(actor))
    context = {
        "page_obj": page,
        "lines": [presentation.line(each, policy.takes_turn(actor, each)) for each in page],
        "startable": [
            each for each in queries.startable(actor) if not queries.running(*each).exists()
        ],
    }
    return render(request, "decisions/batches.html", context)


@require_POST
def begin(request: ActorRequest, cycle_id: int, procedure_id: str) -> HttpResponse:
    """Begin a batch; leads to it."""
    batch = actions.open_batch(
        cycle=get_or_404(cycles(), pk=cycle_id), procedure_id=procedure_id,
        area=request.POST.get("area", ""), actor=request.actor, now=request.now,
    )  # fmt: skip
    messages.success(request, _("The batch is begun. Put the files in."))
    return redirect("decisions:batch", batch.pk)


@require_safe
def batch(request: ActorRequest, batch_id: UUID) -> HttpResponse:
    """What is in the batch, and what could be put in."""
    found = _seen(request, batch_id)
    stage = found.procedure.stage(found.stage)
    may = policy.allows(request.actor, "batches.gather", found) and not stage.final
    rows = queries.candidates(found) if may else queries.candidates(found).none()
    page = page_of(request, queries.lines(found))
    context = {
        "batch": found, "stage": stage, "procedure": found.procedure, "page_obj": page,
        "lines": _staged(page), "candidates": _staged(rows[: queries.MOST]),
        "count": rows.count(), "may": may,
    }  # fmt: skip
    return render(request, "decisions/batch.html", context)


@require_POST
def gather(request: ActorRequest, batch_id: UUID) -> HttpResponse:
    """Put the files in that were marked."""
    found = _seen(request, batch_id)
    try:
        files = {UUID(each) for each in request.POST.getlist("file")}
    except ValueError as error:
        raise BadInput(Text(zh="表单不完整。", en="The form is incomplete.")) from error
    n = actions.gather(batch=found, files=files, actor=request.actor, now=request.now)
    messages.success(request, ngettext("%(n)s file put in.", "%(n)s files put in.", n) % {"n": n})
    return redirect("decisions:batch", batch_id)


@require_POST
def take_out(request: ActorRequest, batch_id: UUID, line_id: UUID) -> HttpResponse:
    """Take a file out again."""
    found = _seen(request, batch_id)
    line = get_or_404(Proceeding.objects.filter(part_of=found), pk=line_id)
    actions.take_out(
        line=line, reason=request.POST.get("reason", "")[:1000], actor=request.actor,
        now=request.now,
    )  # fmt: skip
    messages.success(request, _("The file is no longer in the batch."))
    return redirect("decisions:batch", batch_id)


@require_safe
def notices(request: ActorRequest) -> HttpResponse:
    """The batches that are public now."""
    page = page_of(request, queries.on_notice())
    rows = [(each, each.procedure.stage(each.stage), queries.notice_end(each)) for each in page]
    return render(request, "decisions/notices.html", {"page_obj": page, "rows": rows})


@require_safe
def notice(request: ActorRequest, batch_id: UUID) -> HttpResponse:
    """The list of a batch on notice, as anyone may read it."""
    found = _public(batch_id)
    stage = found.procedure.stage(found.stage)
    page = page_of(request, queries.lines(found))
    context = {
        "batch": found, "stage": stage, "procedure": found.procedure, "page_obj": page,
        "lines": _staged(page),
        "until": queries.notice_end(found),
        "objects_by": queries.objectable(found, request.now),
        "announced": found.steps.filter(to_stage=found.stage).order_by("-at", "-pk").first(),
    }  # fmt: skip
    return render(request, "decisions/notice.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def object_to(request: ActorRequest, batch_id: UUID, line_id: UUID) -> HttpResponse:
    """Object to a line; leads to the receipt."""
    found = _public(batch_id)
    line = get_or_404(queries.lines(found).filter(closed_at=None), pk=line_id)
    text, wrong = request.POST.get("text", ""), None
    if request.method == "POST":
        try:
            made = actions.object_to(batch=found, line=line.pk, text=text, now=request.now)
            return redirect("decisions:objection", made.pk)
        except BadInput as bad:
            wrong = bad.sentences()
    context = {
        "batch": found, "line": line, "procedure": queries.objectable(found, request.now),
        "text": text, "wrong": wrong, "most": actions.LONGEST,
    }  # fmt: skip
    return render(request, "decisions/object.html", context, status=422 if wrong else 200)


@require_safe
def objection(request: ActorRequest, objection_id: UUID) -> HttpResponse:
    """How an objection stands; who has its address may read it."""
    found = get_or_404(queries.objections(), pk=objection_id)
    in_zone_of(found.measures)
    steps = list(found.steps.order_by("at", "pk"))
    stage = found.procedure.stage(found.stage)
    context = {
        "objection": found, "procedure": found.procedure, "stage": stage, "first": steps[0],
        "answer": steps[-1] if stage.final else None,
    }  # fmt: skip
    response = render(request, "decisions/objection.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


def _staged(rows: Iterable[Proceeding]) -> list[tuple[Proceeding, Stage]]:
    return [(row, row.procedure.stage(row.stage)) for row in rows]


def _seen(request: ActorRequest, batch_id: UUID) -> Proceeding:
    """A batch the reader may see; else 404."""
    found = get_or_404(queries.batches_for(request.actor), pk=batch_id)
    in_zone_of(found.measures)
    return found


def _public(batch_id: UUID) -> Proceeding:
    """A batch that anyone may read about now; else 404."""
    found = get_or_404(queries.on_notice(), pk=batch_id)
    in_zone_of(found.measures)
    return found
