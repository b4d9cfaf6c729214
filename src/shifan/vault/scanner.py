"""The virus scanner in front of the vault, where one is configured: ClamAV's daemon."""

from __future__ import annotations

from typing import IO, BinaryIO, cast
from urllib.parse import urlsplit

from clamav_client.clamd import ClamdError, ClamdNetworkSocket, ClamdUnixSocket

SECONDS = 300
"""Time the scanner may take for one file."""


class ScannerAway(Exception):
    """The scanner could not be reached or gave no answer about the file; it is asked again."""


def scan(file: IO[bytes], address: str) -> str:
    """What the scanner found in the file; empty if nothing.

    ``address`` is ``tcp://host:port`` or ``unix:/path``. Raises ScannerAway.
    """
    where = urlsplit(address)
    daemon = (
        ClamdUnixSocket(path=where.path, timeout=SECONDS)
        if where.scheme == "unix"
        else ClamdNetworkSocket(where.hostname or "", where.port or 3310, SECONDS)
    )
    try:
        file.seek(0)
        answers = daemon.instream(cast(BinaryIO, file))
    except (ClamdError, OSError) as error:
        raise ScannerAway(str(error)) from error
    for state, found in answers.values():
        if state == "FOUND":
            return found or "?"
        if state == "OK":
            return ""
    raise ScannerAway("the scanner gave no answer")
