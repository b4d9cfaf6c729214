"""The files of a clause, one file, and what the vault has."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shifan.accounts import policy
from shifan.applications.queries import applications_for
from shifan.errors import BadInput
from shifan.evidence import actions, queries
from shifan.evidence.forms import PeriodForm
from shifan.requests import ActorRequest, get_or_404, page_of
from shifan.vault import queries as vault
from shifan.vault.pictures import WIDTHS

MOST = 20
"""Other places and like files shown at most."""


@require_POST
def attach(request: ActorRequest, proceeding_id: UUID, provision_id: str) -> HttpResponse:
    """Attach the uploaded files to a clause; a file that is not taken does not stop the others."""
    proceeding = get_or_404(applications_for(request.actor), pk=proceeding_id)
    uploads = request.FILES.getlist("files")
    if not uploads:
        messages.warning(request, _("Choose a file first."))
    for upload in uploads:
        try:
            attachment = actions.attach(
                proceeding=proceeding, provision_id=provision_id, upload=upload,
                name=upload.name or "", actor=request.actor, now=request.now,
            )  # fmt: skip
        except BadInput as bad:
            why = " ".join(text.in_(get_language() or "zh-hans") for text in bad.sentences())
            refused = _("Not attached: %(name)s. %(why)s")
            messages.error(request, refused % {"name": upload.name, "why": why})
        else:
            messages.success(request, _("Attached: %(name)s.") % {"name": attachment.name})
    return redirect("applications:clause", proceeding_id, provision_id)


@require_POST
def reuse(request: ActorRequest, proceeding_id: UUID) -> HttpResponse:
    """Take over what the unit stated and attached in its last application."""
    proceeding = get_or_404(applications_for(request.actor), pk=proceeding_id)
    taken, files = actions.reuse(proceeding=proceeding, actor=request.actor, now=request.now)
    said = _(
        "Taken over: %(facts)s entries, %(files)s files. To renew, as they are too old: %(old)s."
    )
    messages.success(request, said % {
        "facts": len(taken.provisions), "files": files, "old": "、".join(taken.to_renew) or "—",
    })  # fmt: skip
    return redirect("applications:workspace", proceeding_id)


@require_safe
def download(request: ActorRequest, attachment_id: UUID) -> FileResponse:
    """The file itself, never run by the browser as part of the site."""
    attachment = get_or_404(queries.history_for(request.actor), pk=attachment_id)
    response = FileResponse(vault.content(attachment.file), content_type=attachment.file.media_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(attachment.name)}"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
def preview(request: ActorRequest, attachment_id: UUID, page: int, width: str) -> FileResponse:
    """A picture of one page of the file, with nothing in it but what is seen."""
    attachment = get_or_404(queries.history_for(request.actor), pk=attachment_id)
    if width not in WIDTHS or not attachment.file.has_preview:
        raise Http404
    drawn = vault.preview(attachment.file, page, width)
    if drawn is None:
        raise Http404
    response = FileResponse(drawn, content_type="image/webp")
    response["Cache-Control"] = "private, max-age=3600"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def file(request: ActorRequest, attachment_id: UUID) -> HttpResponse:
    """One file: its pages, versions, the time it holds for, where else it is, what it is like."""
    shown = get_or_404(queries.history_for(request.actor), pk=attachment_id)
    form = PeriodForm(
        request.POST if request.method == "POST" else None,
        initial={"effective_from": shown.effective_from, "effective_until": shown.effective_until},
    )
    if request.method == "POST" and form.is_valid():
        actions.set_period(
            attachment=shown, actor=request.actor, now=request.now, **form.cleaned_data
        )
        messages.success(request, _("The time for which the document holds is kept."))
        return redirect("evidence:file", attachment_id)
    page = max(1, int(request.GET.get("page", "1"))) if _is_page(request) else 1
    context = {
        "attachment": shown,
        "application": shown.proceeding,
        "form": form,
        "page": page,
        "versions": queries.versions(request.actor, shown),
        "replaced_by": getattr(shown, "replaced_by", None),
        "elsewhere": queries.elsewhere(request.actor, shown)[:MOST],
        "shot": vault.shot(shown.file),
        "alike": queries.alike(request.actor, shown)[:MOST]
        if policy.allows(request.actor, "evidence.read_signs", shown.proceeding)
        else (),
        "may_attach": shown.removed_at is None
        and policy.allows(request.actor, "evidence.attach", shown.proceeding),
    }
    return render(request, "evidence/file.html", context, status=422 if form.errors else 200)


@require_safe
def signs(request: ActorRequest, attachment_id: UUID) -> HttpResponse:
    """In a few words, for a tray: how many files elsewhere are like this one or the same."""
    attachment = get_or_404(queries.attachments_for(request.actor), pk=attachment_id)
    policy.require(request.actor, "evidence.read_signs", attachment.proceeding)
    elsewhere = queries.elsewhere(request.actor, attachment)
    context = {
        "attachment": attachment,
        "alike": len(queries.alike(request.actor, attachment)),
        "same": elsewhere.exclude(proceeding=attachment.proceeding_id).count(),
    }
    return render(request, "evidence/signs.html", context)


@require_POST
def revise(request: ActorRequest, attachment_id: UUID) -> HttpResponse:
    """Put a new version in the place of a file."""
    old = get_or_404(queries.attachments_for(request.actor), pk=attachment_id)
    upload = request.FILES.get("file")
    if upload is None:
        messages.warning(request, _("Choose a file first."))
        return redirect("evidence:file", attachment_id)
    new = actions.revise(
        attachment=old, upload=upload, name=upload.name or "", actor=request.actor, now=request.now
    )
    messages.success(
        request, _("The new version is in its place; the earlier one stays on record.")
    )
    return redirect("evidence:file", new.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def take(request: ActorRequest, proceeding_id: UUID, provision_id: str) -> HttpResponse:
    """Attach to a clause what the unit has in the vault already."""
    proceeding = get_or_404(applications_for(request.actor), pk=proceeding_id)
    policy.require(request.actor, "evidence.attach", proceeding)
    provision = proceeding.indicators.by_id.get(provision_id)
    if provision is None:
        raise Http404
    if request.method == "POST":
        count = actions.attach_known(
            proceeding=proceeding, provision_id=provision_id, actor=request.actor,
            files=request.POST.getlist("file"), now=request.now,
        )  # fmt: skip
        said = ngettext("%(n)s file attached.", "%(n)s files attached.", count)
        messages.success(request, said % {"n": count})
        return redirect("applications:clause", proceeding_id, provision_id)
    search = request.GET.get("q", "").strip()
    here = proceeding.evidence.filter(provision=provision_id, removed_at=None).values("file")
    rows = queries.of_unit(request.actor, proceeding.unit_id, search).exclude(file__in=here)
    context = {
        "application": proceeding,
        "provision": provision,
        "search": search,
        "page": page_of(request, rows),
    }
    return render(request, "evidence/take.html", context)


def _is_page(request: ActorRequest) -> bool:
    sent = request.GET.get("page", "1")
    return sent.isascii() and sent.isdigit() and len(sent) <= 6


@require_POST
def remove(request: ActorRequest, attachment_id: UUID) -> HttpResponse:
    """Take a file off its clause."""
    attachment = get_or_404(queries.attachments_for(request.actor), pk=attachment_id)
    actions.remove(attachment=attachment, actor=request.actor, now=request.now)
    messages.success(request, _("The evidence is removed from this clause."))
    return redirect("applications:clause", attachment.proceeding_id, attachment.provision)
