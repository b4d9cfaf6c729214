"""Read a form, or one submission, for a process apart (:mod:`shifan.apart`)."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, parse

from shifan.surveys.instrument.read import form
from shifan.surveys.instrument.sheets import Refused


def read_form(file: IO[bytes]) -> bytes:
    """Read the XLSForm; what is wrong with it is said by whoever reads it."""
    with TemporaryDirectory() as folder, suppress(Refused):
        path = Path(folder) / "form.xlsx"
        with path.open("wb") as copy:
            shutil.copyfileobj(file, copy)
        form(path)
    return b""


def read_submission(file: IO[bytes]) -> bytes:
    """Read a submission's XML; what is wrong with it is said by whoever reads it."""
    with suppress(ParseError, DefusedXmlException, ValueError, LookupError):
        parse(file, forbid_dtd=True)
    return b""
