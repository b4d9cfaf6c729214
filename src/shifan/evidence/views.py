"""Attach, read and remove evidence."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shifan.applications.queries import applications_for
from shifan.errors import BadInput
from shifan.evidence import actions, queries
from shifan.requests import ActorRequest, get_or_404


@require_POST
def attach(request: ActorRequest, application_id: UUID, provision_id: str) -> HttpResponse:
    """Attach the uploaded files to a clause; a file that is not taken does not stop the others."""
    application = get_or_404(applications_for(request.actor), pk=application_id)
    uploads = request.FILES.getlist("files")
    if not uploads:
        messages.warning(request, _("Choose a file first."))
    for upload in uploads:
        try:
            attachment = actions.attach(
                application=application, provision_id=provision_id, upload=upload,
                name=upload.name or "", actor=request.actor, now=request.now,
            )  # fmt: skip
        except BadInput as bad:
            why = " ".join(text.in_(get_language() or "zh-hans") for text in bad.sentences())
            refused = _("Not attached: %(name)s. %(why)s")
            messages.error(request, refused % {"name": upload.name, "why": why})
        else:
            messages.success(request, _("Attached: %(name)s.") % {"name": attachment.name})
    return redirect("applications:clause", application_id, provision_id)


@require_POST
def reuse(request: ActorRequest, application_id: UUID) -> HttpResponse:
    """Take over what the unit stated and attached in its last application."""
    application = get_or_404(applications_for(request.actor), pk=application_id)
    taken, files = actions.reuse(application=application, actor=request.actor, now=request.now)
    said = _(
        "Taken over: %(facts)s entries, %(files)s files. To renew, as they are too old: %(old)s."
    )
    messages.success(request, said % {
        "facts": len(taken.provisions), "files": files, "old": "、".join(taken.to_renew) or "—",
    })  # fmt: skip
    return redirect("applications:workspace", application_id)


@require_safe
def download(request: ActorRequest, attachment_id: UUID) -> FileResponse:
    """The file itself, never run by the browser as part of the site."""
    attachment = get_or_404(queries.attachments_for(request.actor), pk=attachment_id)
    response = FileResponse(
        default_storage.open(attachment.file.path), content_type=attachment.file.media_type
    )
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(attachment.name)}"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_POST
def remove(request: ActorRequest, attachment_id: UUID) -> HttpResponse:
    """Take a file off its clause."""
    attachment = get_or_404(queries.attachments_for(request.actor), pk=attachment_id)
    actions.remove(attachment=attachment, actor=request.actor, now=request.now)
    messages.success(request, _("The evidence is removed from this clause."))
    return redirect("applications:clause", attachment.application_id, attachment.provision)
