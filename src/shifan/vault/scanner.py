"""The virus scanner in front of the vault, where one is configured: ClamAV's daemon."""

from __future__ import annotations

from typing import IO, BinaryIO, cast
from urllib.parse import urlsplit

from clamav_client.clamd import ClamdError, ClamdNetworkSocket, ClamdUnixSocket

SECONDS = 300
"""Time the scanner may take for one file."""


class NoAnswer(Exception):
    """The scanner said nothing about the file, which may be larger than it takes."""


def answers(address: str) -> bool:
    """Whether the scanner is there."""
    try:
        return "PONG" in _daemon(address).ping()
    except (ClamdError, OSError):
        return False


def scan(file: IO[bytes], address: str) -> str:
    """What the scanner found in the file; empty if nothing.

    ``address`` is ``tcp://host:port`` or ``unix:/path``. Raises NoAnswer.
    """
    try:
        file.seek(0)
        said = _daemon(address).instream(cast(BinaryIO, file))
    except (ClamdError, OSError) as error:
        raise NoAnswer(str(error)) from error
    for state, found in said.values():
        if state == "FOUND":
            return found or "?"
        if state == "OK":
            return ""
    raise NoAnswer("the scanner gave no answer")


def _daemon(address: str) -> ClamdNetworkSocket:
    where = urlsplit(address)
    if where.scheme == "unix":
        return ClamdUnixSocket(path=where.path, timeout=SECONDS)
    return ClamdNetworkSocket(where.hostname or "", where.port or 3310, SECONDS)
