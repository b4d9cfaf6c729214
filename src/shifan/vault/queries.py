"""Read the vault's contents. Who may read which file is for whoever calls this to say."""

from __future__ import annotations

import json
from typing import Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage

from shifan.errors import DomainError
from shifan.rulebook.base import Text
from shifan.vault import apart
from shifan.vault.models import Scan, StoredFile
from shifan.vault.pictures import WIDTHS, Shot


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


def preview(stored: StoredFile, page: int, width: str) -> File[bytes] | None:
    """A picture of a page (from 1) in a width of ``WIDTHS``, made once and kept.

    It holds nothing but pixels. None where there is none to be had. Raises NotReadable.
    """
    name = f"previews/{stored.sha256[:2]}/{stored.sha256}-{page}-{width}.webp"
    if not stored.readable:
        raise NotReadable(stored)
    if not default_storage.exists(name):
        with default_storage.open(stored.path) as file:
            drawn = apart.run("preview", file, stored.media_type, str(page), str(WIDTHS[width]))
        if not drawn:
            return None
        default_storage.save(name, ContentFile(drawn))
    return default_storage.open(name)


def shot(stored: StoredFile) -> Shot | None:
    """What the camera wrote into a photograph. It is read anew each time and kept nowhere."""
    if stored.kind != "image" or not stored.readable:
        return None
    with default_storage.open(stored.path) as file:
        said = apart.run("shot", file)
    found: dict[str, Any] = json.loads(said) if said else {}
    return Shot(**found) if any(value not in ("", None) for value in found.values()) else None
