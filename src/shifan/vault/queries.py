"""Read the vault's contents. Who may read which file is for whoever calls this to say."""

from __future__ import annotations

import json
from typing import Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db.models import Count

from shifan import apart
from shifan.errors import DomainError
from shifan.rulebook.base import Text
from shifan.vault import likeness
from shifan.vault.models import LikenessKey, Scan, StoredFile
from shifan.vault.pictures import WIDTHS, Shot

CANDIDATES = 200
"""Files compared at most, those with most keys in common first."""


class NotReadable(DomainError):
    """The file waits for the virus scanner, or was refused by it."""

    status = 423

    def __init__(self, stored: StoredFile) -> None:
        super().__init__(
            Text(
                zh="病毒扫描未通过，文件不提供。",
                en="The virus scanner refused this file; nobody gets it.",
            )
            if stored.scan == Scan.REFUSED
            else Text(
                zh="文件正在接受病毒扫描，请一分钟后再试。",
                en="The virus scanner is looking at this file; try again in a minute.",
            )
        )


def content(stored: StoredFile) -> File[bytes]:
    """The file as it came. Raises NotReadable while the scanner has not passed it."""
    if not stored.readable:
        raise NotReadable(stored)
    return default_storage.open(stored.path)


PREVIEW = "shifan.vault.looks:preview"


def preview(stored: StoredFile, page: int, width: str) -> File[bytes] | None:
    """A picture of a page (from 1) in a width of ``WIDTHS``, made once and kept.

    It holds nothing but pixels. None where there is none to be had, which is kept too: nobody
    makes the same file fail again. Raises NotReadable, and apart.Busy where too many are drawn.
    """
    name = f"previews/{stored.sha256[:2]}/{stored.sha256}-{page}-{width}.webp"
    if not stored.readable:
        raise NotReadable(stored)
    if page > (stored.pages if stored.pages is not None else 1):
        return None
    if not default_storage.exists(name):
        with default_storage.open(stored.path) as file:
            drawn = apart.run(PREVIEW, file, stored.media_type, str(page), str(WIDTHS[width]))
        default_storage.save(name, ContentFile(drawn or b""))
    return default_storage.open(name) if default_storage.size(name) else None


def shot(stored: StoredFile) -> Shot | None:
    """What the camera wrote into a photograph. It is read anew each time and kept nowhere."""
    if stored.kind != "image" or not stored.readable:
        return None
    with default_storage.open(stored.path) as file:
        said = apart.run("shifan.vault.looks:shot", file)
    found: dict[str, Any] = json.loads(said) if said else {}
    return Shot(**found) if any(value not in ("", None) for value in found.values()) else None


def alike(stored: StoredFile) -> dict[str, float]:
    """The files that are like this one by their hashes, with the likeness (0..1), likest first.

    Found by keys that not too many files share; a file that the worker has not looked at yet is
    like none. The same content is no other file.
    """
    taken = stored.sketch
    if taken is None:
        return {}
    own = LikenessKey.objects.filter(file=stored).values("key")
    rare = (
        LikenessKey.objects.filter(key__in=own)
        .values("key")
        .annotate(files=Count("file"))
        .filter(files__lte=likeness.COMMON)
    )
    candidates = (
        LikenessKey.objects.filter(key__in=[row["key"] for row in rare])
        .exclude(file=stored)
        .values("file", "file__sketch")
        .annotate(shared=Count("key"))
        .order_by("-shared", "file")[:CANDIDATES]
    )
    here = likeness.from_bytes(bytes(taken))
    found = {
        row["file"]: likeness.likeness(here, likeness.from_bytes(bytes(other)))
        for row in candidates
        if (other := row["file__sketch"]) is not None
    }
    ordered = sorted(found.items(), key=lambda each: -each[1])
    return {sha256: share for sha256, share in ordered if share >= likeness.ALIKE}
