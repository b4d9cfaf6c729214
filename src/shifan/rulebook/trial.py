"""Read a rule book that was sent as a .zip, for a process apart (:mod:`shifan.apart`)."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from shifan.rulebook.archive import BadArchive, unpack
from shifan.rulebook.check import check


def read_archive(file: IO[bytes]) -> bytes:
    """Unpack and check it; what is wrong with it is said by whoever reads it."""
    with TemporaryDirectory() as folder, suppress(BadArchive):
        check(unpack(file.read(), Path(folder)))
    return b""
