"""What changes the vault."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from datetime import datetime
from pathlib import PurePosixPath, PureWindowsPath

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F

from shifan import apart
from shifan.accounts.actor import SYSTEM
from shifan.errors import BadInput, DomainError
from shifan.ledger import actions as ledger
from shifan.rulebook.base import Text
from shifan.vault import likeness, scanner
from shifan.vault.content import ENDINGS, media_type
from shifan.vault.models import LikenessKey, Scan, StoredFile


class NoRoom(DomainError):
    """The storage took no more; nothing of the file is kept."""

    status = 507

    def __init__(self) -> None:
        super().__init__(
            Text(
                zh="存储空间不足，文件没有保存。请稍后再传，或告知本站管理员。",
                en="The storage has no room: the file is not kept. Try again later, or tell the "
                "operator of this site.",
            )
        )


def store(upload: File[bytes], now: datetime) -> StoredFile:
    """Keep the file's content, once however often it comes; inside the caller's transaction.

    Raises BadInput for an empty, oversized or unaccepted file, and NoRoom.
    """
    if not upload.size:
        raise BadInput(Text(zh="文件为空。", en="The file is empty."))
    kind = media_type(upload)
    most = settings.VIDEO_MAX_BYTES if kind.startswith("video/") else settings.EVIDENCE_MAX_BYTES
    if upload.size > most:
        raise too_large(most)
    sha256 = hashlib.sha256()
    for chunk in upload.chunks():
        sha256.update(chunk)
    stored, _ = StoredFile.objects.get_or_create(
        sha256=sha256.hexdigest(),
        defaults={
            "size": upload.size, "media_type": kind, "stored_at": now,
            "scan": Scan.WAITING if settings.SCANNER else Scan.NONE,
        },
    )  # fmt: skip
    whole = default_storage.exists(stored.path) and default_storage.size(stored.path) == upload.size
    if not whole:
        _write(stored, upload)
    return stored


def too_large(most: int) -> BadInput:
    """The refusal of a file of more than ``most`` bytes."""
    megabytes = most // 1_000_000
    return BadInput(
        Text(zh=f"文件超过 {megabytes} MB。", en=f"The file is larger than {megabytes} MB.")
    )


def _write(stored: StoredFile, upload: File[bytes]) -> None:
    """Put the content where it belongs, over what a write that was cut off may have left."""
    upload.seek(0)
    try:
        default_storage.save(stored.path, upload)
    except OSError as error:
        default_storage.delete(stored.path)
        raise NoRoom from error


def scan_waiting(*, now: datetime, most: int = 50) -> int:
    """Have the scanner look at the files that wait for it; how many it passed or refused.

    One that it gives no answer about stays hidden, and is asked about again after the others.
    """
    never_first = F("asked_at").asc(nulls_first=True)
    waiting = StoredFile.objects.filter(scan=Scan.WAITING).order_by(never_first, "stored_at")
    if not waiting.exists() or not scanner.answers(settings.SCANNER):
        return 0
    done = 0
    for stored in waiting[:most]:
        try:
            with default_storage.open(stored.path) as file:
                found = scanner.scan(file, settings.SCANNER)
        except scanner.NoAnswer:
            stored.asked_at = now
            stored.save(update_fields=["asked_at"])
            continue
        with transaction.atomic():
            stored.scan, stored.finding = Scan.REFUSED if found else Scan.CLEAN, found[:200]
            stored.save(update_fields=["scan", "finding"])
            if found:
                ledger.record(actor=SYSTEM.name, verb="file.refused", subject=stored, at=now,
                              finding=found[:200])  # fmt: skip
        done += 1
    return done


def look_at_new(*, now: datetime, most: int = 50) -> int:
    """Count the pages of the files that came in since, and find out what they are like; how many
    were looked at."""
    new = StoredFile.objects.filter(looked_at=None, scan__in=(Scan.NONE, Scan.CLEAN))
    done = 0
    for stored in new.order_by("stored_at")[:most]:
        look_at(stored, now)
        done += 1
    return done


def look_at(stored: StoredFile, now: datetime) -> None:
    """Find out what a file can tell; what can't be opened is left as unknown for good."""
    taken = None
    if stored.kind != "video":
        with default_storage.open(stored.path) as file:
            said = apart.run("shifan.vault.looks:pages", file, stored.media_type)
            taken = apart.run("shifan.vault.looks:fingerprint", file, stored.media_type) or None
        stored.pages = json.loads(said) if said else None
    stored.looked_at, stored.sketch = now, taken
    with transaction.atomic():
        stored.save(update_fields=["pages", "looked_at", "sketch"])
        stored.keys.all().delete()
        if taken:
            keys = likeness.keys(likeness.from_bytes(taken))
            LikenessKey.objects.bulk_create(LikenessKey(file=stored, key=key) for key in keys)


def plain_name(name: str) -> str:
    """The last part of a file name, without paths, control or direction characters."""
    last = PurePosixPath(PureWindowsPath(name).name).name
    kept = "".join(c for c in last if unicodedata.category(c)[0] != "C")
    return kept.strip()[-200:] or "file"


def suffixed(name: str, media_type: str) -> str:
    """The name with an ending that fits the content, so that nothing else opens it."""
    endings = ENDINGS[media_type]
    return name if name.lower().endswith(endings) else f"{name[:190]}{endings[0]}"
