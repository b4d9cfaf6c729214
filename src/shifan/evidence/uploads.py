"""Large files, piece by piece over a bad line.

What the tus protocol asks of a server (tus.io, version 1.0.0: core, creation, termination), on our
own rules of who may attach what. How far a file has come is the size of what lies on the disk, so
that a line, a process or a machine that dies leaves an offset to go on from.
"""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from io import FileIO
from pathlib import Path
from typing import IO, cast

from django.conf import settings
from django.core.files.base import File
from django.db import transaction

from shifan.accounts.actor import Actor
from shifan.errors import BadInput, Conflict, DomainError, NotAllowed
from shifan.evidence.actions import attach, opened
from shifan.evidence.models import Attachment, Upload
from shifan.proceedings.models import Proceeding
from shifan.rulebook.base import Text
from shifan.vault.actions import NoRoom, plain_name, too_large

LASTS = timedelta(days=7)
"""How long a file that is not complete is kept."""
AT_ONCE = 20
"""Files that one person may be sending."""
SPARE = 500_000_000
"""Bytes of the disk that are left free."""
CHUNK = 1_000_000


class TooLarge(DomainError):
    """The file is larger than is taken."""

    status = 413


@transaction.atomic
def begin(
    *,
    proceeding: Proceeding,
    provision_id: str,
    length: int,
    name: str,
    actor: Actor,
    now: datetime,
) -> Upload:
    """Make room for a file of ``length`` bytes.

    Raises as :func:`shifan.evidence.actions.attach`, TooLarge, NoRoom, and BadInput while too many
    of the actor's files are on their way.
    """
    proceeding = opened(proceeding, provision_id, actor, now)
    if actor.user_id is None:
        raise NotAllowed
    if length > settings.VIDEO_MAX_BYTES:
        raise TooLarge(*too_large(settings.VIDEO_MAX_BYTES).sentences())
    if length < 1:
        raise BadInput(Text(zh="文件为空。", en="The file is empty."))
    open_ones = Upload.objects.filter(user_id=actor.user_id, attachment=None, expires_at__gt=now)
    if open_ones.count() >= AT_ONCE:
        raise BadInput(
            Text(zh="同时上传的文件过多。", en="Too many of your files are on their way already.")
        )
    settings.UPLOADS.mkdir(mode=0o700, exist_ok=True)
    if shutil.disk_usage(settings.UPLOADS).free < length + SPARE:
        raise NoRoom
    upload = Upload.objects.create(
        proceeding=proceeding, provision=provision_id, user_id=actor.user_id,
        name=plain_name(name), length=length, expires_at=now + LASTS,
    )  # fmt: skip
    _part(upload).touch(mode=0o600)
    return upload


def offset(upload: Upload) -> int:
    """How many bytes have come."""
    if upload.attachment_id is not None:
        return upload.length
    part = _part(upload)
    return part.stat().st_size if part.exists() else 0


def receive(
    *, upload: Upload, at: int, body: IO[bytes], actor: Actor, now: datetime
) -> Attachment | None:
    """Append what comes of ``body`` from byte ``at`` on; the attachment once the file is whole.

    What came before the line broke stays. Raises Conflict if ``at`` is not how far the file has
    come, or if another request went on with it meanwhile (so a line that hangs keeps nobody
    waiting), NoRoom, and what :func:`shifan.evidence.actions.attach` raises of the whole file,
    which is then thrown away.
    """
    if upload.attachment_id is not None:
        return upload.attachment
    if at != offset(upload):
        raise Conflict(Text(zh="上传位置不符。", en="The file has not come that far."))
    while at < upload.length:
        try:
            chunk = body.read(min(CHUNK, upload.length - at))
        except OSError:
            return None  # the line broke
        if not chunk:
            return None
        with _held(upload, at) as part:
            _write(part, chunk)
        at += len(chunk)
    with _held(upload, at) as part:
        return _finish(upload, part, actor, now)


def drop(upload: Upload) -> None:
    """Throw away what has come of a file that is not complete."""
    if upload.attachment_id is None:
        _part(upload).unlink(missing_ok=True)
        upload.delete()


def drop_expired(*, now: datetime) -> int:
    """Throw away the files that did not become complete in time; how many."""
    expired = list(Upload.objects.filter(expires_at__lte=now, attachment=None))
    for upload in expired:
        drop(upload)
    return len(expired)


def _part(upload: Upload) -> Path:
    return Path(settings.UPLOADS) / upload.pk.hex


@contextmanager
def _held(upload: Upload, at: int) -> Iterator[FileIO]:
    """What has come so far, for this request alone, at its end, which is byte ``at``."""
    try:
        part = _part(upload).open("r+b", buffering=0)
    except FileNotFoundError as error:
        raise Conflict(Text(zh="上传已失效。", en="The upload is gone; begin again.")) from error
    with part:
        fcntl.flock(part, fcntl.LOCK_EX)
        if part.seek(0, 2) != at or not _part(upload).exists():
            raise Conflict(Text(zh="上传位置不符。", en="The file has not come that far."))
        yield part


def _write(part: FileIO, chunk: bytes) -> None:
    left = memoryview(chunk)
    try:
        while left:
            left = left[part.write(left) :]
    except OSError as error:
        raise NoRoom from error


def _finish(upload: Upload, part: FileIO, actor: Actor, now: datetime) -> Attachment:
    part.seek(0)
    try:
        with transaction.atomic():
            made = attach(
                proceeding=upload.proceeding, provision_id=upload.provision, actor=actor,
                upload=File(cast(IO[bytes], part), name=upload.name), name=upload.name, now=now,
            )  # fmt: skip
            upload.attachment = made
            upload.save(update_fields=["attachment"])
    except NoRoom:
        raise
    except DomainError:
        drop(upload)
        raise
    _part(upload).unlink(missing_ok=True)
    return made
