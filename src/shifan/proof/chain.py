"""The ledger's hash chain: each entry's hash covers its content and the hash before it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from shifan.proof.digest import FORM, digest

GENESIS = "0" * 64
"""The hash that stands before the first entry."""


@dataclass(frozen=True)
class Link:
    """One entry: its number (from 1), what it says, the hash before it, its own hash, and the
    canonical form it was hashed in."""

    number: int
    body: Mapping[str, Any]
    previous: str
    hash: str
    form: int = FORM


@dataclass(frozen=True)
class Break:
    """The first place where the chain does not hold, and why."""

    number: int
    reason: str


def link_hash(number: int, body: Mapping[str, Any], previous: str, form: int = FORM) -> str:
    """The hash of an entry; from form 2 on it covers the form as well."""
    said: dict[str, Any] = {"number": number, "body": dict(body), "previous": previous}
    return digest(said if form == 1 else {**said, "form": form}, form)


def link(number: int, body: bytes, previous: str) -> str:
    """The same hash in the present form, of a body that is in canonical form already.

    The keys of a link stand in order, so its canonical form is the body's with the rest around it:
    what takes long is done before anybody waits for the chain.
    """
    said = b'{"body":%s,"form":%d,"number":%d,"previous":"%s"}'
    return hashlib.sha256(said % (body, FORM, number, previous.encode())).hexdigest()


def verify(links: Iterable[Link]) -> tuple[int, str, Break | None]:
    """Walk the chain: how many entries hold, the hash of the last, and the first break if any."""
    count, previous = 0, GENESIS
    for link in links:
        expected = count + 1
        if link.number != expected:
            return count, previous, Break(expected, f"entry {expected} is missing")
        if link.previous != previous:
            return count, previous, Break(expected, "does not follow the entry before it")
        if link.hash != link_hash(link.number, link.body, link.previous, link.form):
            return count, previous, Break(expected, "its content was changed")
        count, previous = expected, link.hash
    return count, previous, None
