"""Download the workbook, upload it, look at what it changes, confirm."""

from __future__ import annotations

import io
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from shifan import apart
from shifan.accounts import policy
from shifan.applications import queries
from shifan.errors import BadInput, Conflict, NotAllowed
from shifan.requests import ActorRequest, get_or_404
from shifan.rulebook.base import Text
from shifan.rulebook.model import FactSource
from shifan.statements.assessment import Assessment, assess
from shifan.workbook import actions
from shifan.workbook.read import MAX_BYTES, Comparison, NotThisWorkbook, compare
from shifan.workbook.write import write

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SALT = "shifan.workbook"


@require_safe
def download(request: ActorRequest, proceeding_id: UUID, source_id: str) -> HttpResponse:
    """The workbook as it stands."""
    assessment, source = _place(request, proceeding_id, source_id)
    made = io.BytesIO()
    write(
        assessment, source, made, language=get_language() or "zh-hans", now=request.now,
        only=policy.provisions(request.actor, assessment.proceeding),
    )  # fmt: skip
    response = HttpResponse(made.getvalue(), content_type=XLSX)
    proceeding = assessment.proceeding
    name = f"{proceeding.called}-{proceeding.year}-{source.name.zh}.xlsx"
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def workbook(request: ActorRequest, proceeding_id: UUID, source_id: str) -> HttpResponse:
    """Upload a workbook and see what it changes; then confirm."""
    assessment, source = _place(request, proceeding_id, source_id)
    context = {
        "application": assessment.proceeding,
        "source": source,
        "measures": assessment.situation.measures,
        "stage": assessment.situation.stage,
    }
    if request.method != "POST":
        return render(request, "workbook/workbook.html", context)
    if "plan" in request.POST:
        return _confirm(request, assessment, source)
    try:
        found = _compared(request, assessment, source)
    except BadInput as refused:
        return render(
            request, "workbook/workbook.html", {**context, "failure": refused}, status=400
        )
    plan = [(c.provision.id, c.raw, c.seen) for c in found.changes]
    context |= {
        "found": found,
        "plan": signing.dumps([str(proceeding_id), source_id, plan], salt=SALT, compress=True),
    }
    return render(request, "workbook/workbook.html", context)


def _compared(request: ActorRequest, assessment: Assessment, source: FactSource) -> Comparison:
    upload = request.FILES.get("workbook")
    if upload is None or not upload.size or upload.size > MAX_BYTES:
        raise NotThisWorkbook(
            Text(zh="请选择本系统下载的工作簿。", en="Choose a workbook downloaded here.")
        )
    apart.require(apart.TABLE, upload)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "workbook.xlsx"
        with path.open("wb") as file:
            file.writelines(upload.chunks())
        only = policy.provisions(request.actor, assessment.proceeding)
        return compare(path, assessment, source, only)


def _confirm(request: ActorRequest, assessment: Assessment, source: FactSource) -> HttpResponse:
    proceeding = assessment.proceeding
    try:
        of, under, plan = signing.loads(request.POST["plan"], salt=SALT, max_age=86_400)
    except signing.BadSignature as error:
        raise BadInput(
            Text(zh="预览已失效，请重新上传。", en="The preview has lapsed; upload again.")
        ) from error
    if (of, under) != (str(proceeding.pk), source.id):
        raise Conflict(Text(zh="预览属于另一份申报。", en="The preview is of another file."))
    taken = set(request.POST.getlist("take"))
    changed = actions.apply(
        proceeding=proceeding, source=source.id, actor=request.actor, now=request.now,
        plan={each: (raw, seen) for each, raw, seen in plan if each in taken},
    )  # fmt: skip
    said = ngettext("%(n)s fact saved.", "%(n)s facts saved.", changed)
    messages.success(request, said % {"n": changed})
    return redirect("applications:workspace", proceeding.pk)


def _place(
    request: ActorRequest, proceeding_id: UUID, source_id: str
) -> tuple[Assessment, FactSource]:
    proceeding = get_or_404(queries.applications_for(request.actor), pk=proceeding_id)
    source = next((s for s in proceeding.measures.fact_sources if s.id == source_id), None)
    if source is None:
        raise Http404
    if source_id not in policy.sources(request.actor, proceeding):
        raise NotAllowed
    return assess(proceeding, request.now), source
