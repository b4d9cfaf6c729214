"""What a process apart finds out about a file of the vault (:mod:`shifan.apart`)."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import IO

from shifan.vault import likeness, pictures


def pages(file: IO[bytes], media_type: str) -> bytes:
    """How many pages it has, as JSON."""
    return json.dumps(pictures.pages(file, media_type)).encode()


def preview(file: IO[bytes], media_type: str, page: str, width: str) -> bytes:
    """A picture of the page."""
    return pictures.preview(file, media_type, int(page), int(width))


def shot(file: IO[bytes]) -> bytes:
    """What the camera wrote into it, as JSON."""
    return json.dumps(asdict(pictures.shot(file))).encode()


def fingerprint(file: IO[bytes], media_type: str) -> bytes:
    """What it is known by among files like it; nothing where there is no such thing."""
    found = likeness.fingerprint(file, media_type)
    return likeness.to_bytes(found) if found else b""
