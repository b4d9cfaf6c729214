"""The tus protocol over HTTP (tus.io, version 1.0.0: core, creation, termination)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from functools import wraps
from typing import IO, Any, cast
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from shifan.applications.queries import applications_for
from shifan.errors import BadInput, DomainError
from shifan.evidence import queries, uploads
from shifan.evidence.models import Upload
from shifan.requests import ActorRequest, get_or_404
from shifan.rulebook.base import Text

VERSION = "1.0.0"
CONTENT = "application/offset+octet-stream"
DIGITS = 15
"""Of a length or an offset, at most."""

View = Callable[..., HttpResponse]


def spoken(view: View) -> View:
    """Speak the protocol's version, and say what is refused in one plain sentence."""

    @wraps(view)
    def wrapped(request: ActorRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "OPTIONS" and request.headers.get("Tus-Resumable") != VERSION:
            response = HttpResponse(status=412)
            response["Tus-Version"] = VERSION
        else:
            try:
                response = view(request, *args, **kwargs)
            except DomainError as error:
                language = get_language() or "zh-hans"
                said = " ".join(text.in_(language) for text in error.sentences())
                response = HttpResponse(
                    said, status=error.status, content_type="text/plain; charset=utf-8"
                )
        response["Tus-Resumable"] = VERSION
        return response

    return wrapped


@require_http_methods(["OPTIONS", "POST"])
@spoken
def begin(request: ActorRequest, proceeding_id: UUID, provision_id: str) -> HttpResponse:
    """Make room for a large file; the answer says where its pieces go."""
    proceeding = get_or_404(applications_for(request.actor), pk=proceeding_id)
    if request.method == "OPTIONS":
        response = HttpResponse(status=204)
        response["Tus-Version"] = VERSION
        response["Tus-Extension"] = "creation,termination"
        response["Tus-Max-Size"] = str(settings.VIDEO_MAX_BYTES)
        return response
    upload = uploads.begin(
        proceeding=proceeding, provision_id=provision_id,
        length=_number(request, "Upload-Length"),
        name=_name(request.headers.get("Upload-Metadata", "")), actor=request.actor,
        now=request.now,
    )  # fmt: skip
    response = HttpResponse(status=201)
    response["Location"] = reverse("evidence:upload", args=[upload.pk])
    return response


@require_http_methods(["HEAD", "PATCH", "DELETE"])
@spoken
def upload(request: ActorRequest, upload_id: UUID) -> HttpResponse:
    """How far the file has come; more of it; or give it up."""
    found = get_or_404(
        queries.uploads_of(request.actor).filter(expires_at__gt=request.now), pk=upload_id
    )
    if request.method == "DELETE":
        uploads.drop(found)
        return HttpResponse(status=204)
    if request.method == "PATCH":
        if request.content_type != CONTENT:
            return HttpResponse(status=415)
        if not connection.in_atomic_block:
            connection.close()  # a slow line does not keep others waiting for the database
        uploads.receive(
            upload=found, at=_number(request, "Upload-Offset"), body=cast(IO[bytes], request),
            actor=request.actor, now=request.now,
        )  # fmt: skip
    return _stands(found)


def _stands(found: Upload) -> HttpResponse:
    response = HttpResponse(status=204)
    response["Upload-Offset"] = str(uploads.offset(found))
    response["Upload-Length"] = str(found.length)
    response["Cache-Control"] = "no-store"
    return response


def _number(request: ActorRequest, header: str) -> int:
    sent = request.headers.get(header, "")
    if not (sent.isascii() and sent.isdigit() and len(sent) <= DIGITS):
        raise BadInput(Text(zh=f"缺少 {header}。", en=f"{header} is missing."))
    return int(sent)


def _name(metadata: str) -> str:
    """The file's name out of the protocol's list of pairs; empty if there is none to read."""
    pairs = dict(part.strip().partition(" ")[::2] for part in metadata.split(","))
    try:
        return base64.b64decode(pairs.get("filename", ""), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
