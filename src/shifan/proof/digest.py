"""One way to turn a value into bytes, and bytes into a digest.

The canonical form is RFC 8785. Before it was JSON with keys sorted by code point (form 1), which
differs only in the order of keys beyond the Basic Multilingual Plane; what was sealed in it stays
checkable.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import rfc8785

FORM = 2
"""The present canonical form: RFC 8785."""

_SAFE = 2**53 - 1


def canonical(value: Any, form: int = FORM) -> bytes:
    """The canonical JSON of a value, in UTF-8. Decimals, dates and ids are written as text, and so
    are whole numbers beyond 2⁵³ - 1, which JSON readers may not keep exactly.

    Floats are refused: two machines may print them differently. Raises TypeError.
    """
    if form == 1:
        plain = _plain(value)
        return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return rfc8785.dumps(_plain(value, _SAFE))


def digest(value: Any, form: int = FORM) -> str:
    """SHA-256 of the canonical form, in hexadecimal."""
    return hashlib.sha256(canonical(value, form)).hexdigest()


def sealed_as(value: Any, sealed: str) -> bytes | None:
    """The canonical bytes of the value whose digest is ``sealed``, in whichever form it was sealed;
    None if it is not what was sealed."""
    for form in (FORM, 1):
        content = canonical(value, form)
        if hashlib.sha256(content).hexdigest() == sealed:
            return content
    return None


def _plain(value: Any, most: int | None = None) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(each, most) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each, most) for each in value]
    if isinstance(value, float):
        raise TypeError(f"{value!r} is a float, which has no exact form")
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    if most is not None and isinstance(value, int) and abs(value) > most:
        return str(value)
    return value
