"""Sealing what was answered until it is mixed, with keys of that day.

Whoever seals holds only a public key. The private one lies in a folder of its own, beside no
database, and is destroyed once all of its day is mixed; from then on no copy of the database,
however old, can be opened. HPKE (RFC 9180) with X25519, HKDF-SHA-256 and AES-256-GCM.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from django.conf import settings
from django.db.models import BinaryField
from django.db.models.functions import Substr

from shifan.surveys.models import Campaign, Pouch

SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
BLOCK = 2048
"""Sealed contents are filled up to a multiple of this, so that their size tells no answer."""
KEY = 32
"""Bytes of the public key that stands before what it sealed."""

Content = dict[str, Any]


class KeyLost(Exception):
    """The private key of a pouch is not in the key folder; what it holds cannot be read here."""


def seal(contents: Sequence[Content], campaign: UUID, day: date) -> bytes:
    """What was answered in one campaign on one day, sealed with a key of that day."""
    public = _public_key(day, folder())
    plain = json.dumps(contents, ensure_ascii=False, separators=(",", ":")).encode()
    plain += b" " * (-len(plain) % BLOCK)
    sealed = SUITE.encrypt(plain, public, _bound_to(campaign, day))
    return public.public_bytes_raw() + sealed


def open_(pouch: Pouch) -> list[Content]:
    """What a pouch holds. Raises KeyLost."""
    sealed = bytes(pouch.sealed)
    path = _path(folder(), pouch.day, sealed[:KEY])
    try:
        key = X25519PrivateKey.from_private_bytes(path.read_bytes())
        plain = SUITE.decrypt(sealed[KEY:], key, _bound_to(pouch.campaign_id, pouch.day))
    except (FileNotFoundError, ValueError, InvalidTag) as error:
        raise KeyLost(path.name) from error
    contents: list[Content] = json.loads(plain)
    return contents


def key_missing(campaign: Campaign) -> bool:
    """Whether the key folder lacks a key with which answers of the campaign are sealed."""
    rows = campaign.pouches.annotate(key=Substr("sealed", 1, KEY, output_field=BinaryField()))
    keys = set(rows.values_list("day", "key").order_by().distinct())
    return not all(_path(folder(), day, bytes(key)).exists() for day, key in keys)


def lost(campaign: Campaign) -> list[UUID]:
    """The pouches that cannot be read any more."""
    return [pouch.pk for pouch in campaign.pouches.iterator() if _shut(pouch)]


def _shut(pouch: Pouch) -> bool:
    try:
        open_(pouch)
    except KeyLost:
        return True
    return False


def forget(today: date) -> None:
    """Destroy the keys of days of which nothing is left to be mixed.

    Those of ``today`` and the day before stay: what came in around midnight may still be on its way
    to the disk.
    """
    waiting = set(Pouch.objects.values_list("day", flat=True).distinct())
    for path in folder().glob("????-??-??-*.key"):
        day = date.fromisoformat(path.name[:10])
        if day < today - timedelta(days=1) and day not in waiting:
            with path.open("r+b") as file:
                file.write(bytes(path.stat().st_size))
                file.flush()
                os.fsync(file.fileno())
            path.unlink()


def folder() -> Path:
    """Where the private keys lie."""
    path: Path = settings.SURVEY_KEYS
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def _bound_to(campaign: UUID, day: date) -> bytes:
    return f"shifan survey {campaign} {day}".encode()


@lru_cache(maxsize=8)
def _public_key(day: date, where: Path) -> X25519PublicKey:
    """This process's public key of the day. The private half is on disk before anything is sealed,
    and forgotten here at once."""
    private = X25519PrivateKey.generate()
    path = _path(where, day, private.public_key().public_bytes_raw())
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(private.private_bytes_raw())
        file.flush()
        os.fsync(file.fileno())
    return private.public_key()


def _path(where: Path, day: date, public: bytes) -> Path:
    return where / f"{day.isoformat()}-{public.hex()[:16]}.key"
