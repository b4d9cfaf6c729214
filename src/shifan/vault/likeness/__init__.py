"""Signs that two files of the vault may be copies of one another, altered or not.

A fingerprint is taken once per file. Files that share a key are candidates; ``likeness`` of their
fingerprints says how much they have in common. It is a reason for a person to look, no proof.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import closing
from typing import IO

from pypdfium2 import PdfDocument

from shifan.vault.content import OFFICE
from shifan.vault.likeness import pictures, reading, wording
from shifan.vault.likeness.pictures import Look
from shifan.vault.likeness.wording import Wording

Fingerprint = Look | Wording

VERSION = 1
"""Of the method: fingerprints and keys of another version are not comparable."""
ALIKE = 0.33
"""The likeness from which two files are shown to a person as possible copies; what is found and
missed at it, ``make bench NAME=duplicates`` measures."""
COMMON = 50
"""A key that more files have belongs to a letterhead, a form or a stock phrase: files are not
looked up by it, or candidates would grow in number with the vault."""
KINDS: dict[bytes, type[Look] | type[Wording]] = {b"L": Look, b"W": Wording}


def fingerprint(file: IO[bytes], media_type: str) -> Fingerprint | None:
    """What a file of an accepted media type looks like or says.

    A PDF with hardly any text that is a scan is taken by the look of its first page. None for
    what can't be read, is too large, too plain (a blank page) or too short. Never raises, whatever
    the file; of a PDF only the time between two pages is bounded, as PDFium can't be stopped.
    """
    file.seek(0)
    try:
        return _READERS[media_type](file)
    except Exception:
        return None  # the readers meet hostile files, and each has its own ways to fail
    finally:
        file.seek(0)


def likeness(a: Fingerprint, b: Fingerprint) -> float:
    """How much of two files is the same, 0..1; 0 for a picture and a text.

    Texts: the share of their runs of five words (in Chinese: characters) that are in both,
    estimated to ± 0.06 at worst in nineteen cases of twenty.
    Pictures: the lesser of the share of the places that stand out in the plainer one which the
    other shows in the same layout, and the share of the common area's parts where it does so.
    """
    if isinstance(a, Look) and isinstance(b, Look):
        return pictures.shared(a, b)
    if isinstance(a, Wording) and isinstance(b, Wording):
        return wording.shared(a, b)
    return 0.0


def keys(fingerprint: Fingerprint) -> tuple[int, ...]:
    """Signed numbers of 64 bits to look candidates up by: at most 64, without repeats.

    Files of ALIKE likeness nearly always have one in common that is not COMMON, others seldom.
    """
    kind = wording if isinstance(fingerprint, Wording) else pictures
    named = kind.names(fingerprint)
    return tuple(dict.fromkeys(_number(fingerprint, name) for name in named))


def to_bytes(fingerprint: Fingerprint) -> bytes:
    """A byte for the version, one for the kind, and at most 1,024 more."""
    (kind,) = (letter for letter, type_ in KINDS.items() if isinstance(fingerprint, type_))
    return bytes([VERSION]) + kind + fingerprint.pack()


def from_bytes(data: bytes) -> Fingerprint:
    """The fingerprint written by ``to_bytes``. Raises ValueError for another version's."""
    if data[:1] != bytes([VERSION]) or data[1:2] not in KINDS:
        raise ValueError("This fingerprint was taken by another version.")
    return KINDS[data[1:2]].unpack(data[2:])


def _number(fingerprint: Fingerprint, name: object) -> int:
    """A signed number of 64 bits for what a kind of fingerprint calls a key."""
    told = f"{VERSION} {type(fingerprint).__name__} {name}".encode()
    return int.from_bytes(hashlib.blake2b(told, digest_size=8).digest(), "big", signed=True)


def _of_pdf(file: IO[bytes]) -> Fingerprint | None:
    with closing(PdfDocument(file.read())) as document:
        said = wording.wording(reading.pdf_text(document))
        page = None if said else reading.scan(document)
    return pictures.look_of(page) if page else said


_READERS: dict[str, Callable[[IO[bytes]], Fingerprint | None]] = {
    "application/pdf": _of_pdf,
    "image/png": pictures.look,
    "image/jpeg": pictures.look,
    OFFICE["word/document.xml"]: lambda file: wording.wording(reading.docx_text(file)),
    OFFICE["xl/workbook.xml"]: lambda file: wording.wording(reading.xlsx_text(file)),
}
