"""What changes the vault."""

from __future__ import annotations

import hashlib
import unicodedata
from datetime import datetime
from pathlib import PurePosixPath, PureWindowsPath

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction

from shifan.accounts import policy
from shifan.accounts.actor import Actor
from shifan.applications.actions import TakenOver, locked, require_open, take_over
from shifan.applications.assessment import assess
from shifan.applications.models import Application
from shifan.errors import BadInput, Conflict
from shifan.evidence.content import ENDINGS, media_type, pages
from shifan.evidence.models import Attachment, StoredFile
from shifan.ledger import actions as ledger
from shifan.rulebook.base import Text


@transaction.atomic
def attach(
    *,
    application: Application,
    provision_id: str,
    upload: File[bytes],
    name: str,
    actor: Actor,
    now: datetime,
) -> Attachment:
    """Store the file (once, by content) and attach it to the provision.

    Raises NotAllowed, and BadInput for an empty, oversized or unaccepted file.
    """
    application = locked(application)
    policy.require(actor, "evidence.attach", application)
    if provision_id not in application.indicators.by_id:
        raise BadInput(Text(zh="没有这一条。", en="There is no such clause."))
    require_open(assess(application, now), provision_id, actor, now)
    if not upload.size or upload.size > settings.EVIDENCE_MAX_BYTES:
        limit = settings.EVIDENCE_MAX_BYTES // 1_000_000
        raise BadInput(
            Text(
                zh=f"文件为空，或超过 {limit} MB。",
                en=f"The file is empty or larger than {limit} MB.",
            )
        )
    stored = _store(upload, now)
    attachment, created = Attachment.objects.get_or_create(
        application=application, provision=provision_id, file=stored, removed_at=None,
        defaults={
            "name": suffixed(plain_name(name), stored.media_type),
            "attached_by_id": actor.user_id, "attached_at": now,
        },
    )  # fmt: skip
    if created:
        ledger.record(actor=actor.name, verb="evidence.attached", subject=application, at=now,
                      provision=provision_id, sha256=stored.sha256)  # fmt: skip
    return attachment


@transaction.atomic
def remove(*, attachment: Attachment, actor: Actor, now: datetime) -> None:
    """Take a file off the clause; the row and the content stay.

    Raises NotAllowed, DeadlinePassed, and Conflict if somebody has removed it already.
    """
    application = locked(attachment.application)
    policy.require(actor, "evidence.attach", application)
    require_open(assess(application, now), attachment.provision, actor, now)
    attachment.refresh_from_db(fields=["removed_at"])
    if attachment.removed_at is not None:
        raise Conflict(Text(zh="该文件已被移除。", en="The file was removed already."))
    attachment.removed_at = now
    attachment.save(update_fields=["removed_at"])
    ledger.record(actor=actor.name, verb="evidence.removed", subject=application,
                  at=now, provision=attachment.provision,
                  sha256=attachment.file_id)  # fmt: skip


@transaction.atomic
def reuse(*, application: Application, actor: Actor, now: datetime) -> tuple[TakenOver, int]:
    """Take over the unit's last application: its statements, and the files attached to them.

    What was taken over, and how many files. A second time takes over nothing.
    """
    taken = take_over(application=application, actor=actor, now=now)
    files = 0
    if taken.earlier is not None:
        back = {there: here for here, there in taken.provisions.items()}
        rows = taken.earlier.evidence.filter(provision__in=back, removed_at=None)
        for row in rows:
            _, created = Attachment.objects.get_or_create(
                application=application, provision=back[row.provision], file_id=row.file_id,
                removed_at=None,
                defaults={
                    "name": row.name, "attached_by_id": actor.user_id, "attached_at": now,
                    "reused": True,
                },
            )  # fmt: skip
            files += created
    if files:
        ledger.record(actor=actor.name, verb="evidence.taken_over", subject=application, at=now,
                      files=files)  # fmt: skip
    return taken, files


def plain_name(name: str) -> str:
    """The last part of a file name, without paths, control or direction characters."""
    last = PurePosixPath(PureWindowsPath(name).name).name
    kept = "".join(c for c in last if unicodedata.category(c)[0] != "C")
    return kept.strip()[-200:] or "file"


def suffixed(name: str, media_type: str) -> str:
    """The name with an ending that fits the content, so that nothing else opens it."""
    endings = ENDINGS[media_type]
    return name if name.lower().endswith(endings) else f"{name[:190]}{endings[0]}"


def _store(upload: File[bytes], now: datetime) -> StoredFile:
    kind = media_type(upload)
    sha256 = hashlib.sha256()
    for chunk in upload.chunks():
        sha256.update(chunk)
    stored, _ = StoredFile.objects.get_or_create(
        sha256=sha256.hexdigest(),
        defaults={
            "size": upload.size,
            "media_type": kind,
            "stored_at": now,
            "pages": pages(upload, kind),
        },
    )
    there = default_storage.exists(stored.path)
    if there and default_storage.size(stored.path) != upload.size:
        default_storage.delete(stored.path)  # a write that was cut off
        there = False
    if not there:
        upload.seek(0)
        default_storage.save(stored.path, upload)
    return stored
