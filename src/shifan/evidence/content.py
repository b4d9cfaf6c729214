"""What a file is, judged by its content and never by its name."""

from __future__ import annotations

import zipfile
import zlib
from contextlib import closing
from typing import IO

from pypdfium2 import PdfDocument, PdfiumError

from shifan.errors import BadInput
from shifan.evidence.disguise import HEAD, refuse_hidden_parts, refuse_second_nature
from shifan.rulebook.base import Text

SIGNATURES = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)
OFFICE = {
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
ENDINGS: dict[str, tuple[str, ...]] = {
    "application/pdf": (".pdf",),
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    OFFICE["word/document.xml"]: (".docx",),
    OFFICE["xl/workbook.xml"]: (".xlsx",),
}
"""The file-name endings of each media type, the usual one first."""
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError)
"""What reading a broken, encrypted or strange archive raises."""
MAX_UNPACKED = 400_000_000
"""An office file that unpacks to more bytes than this is refused unopened."""


def media_type(file: IO[bytes]) -> str:
    """The media type of an accepted file. Raises BadInput for anything else.

    Accepted are PDF, PNG, JPEG, and Word and Excel files without macros.
    """
    file.seek(0)
    head = file.read(16)
    file.seek(0)
    for signature, name in SIGNATURES:
        if head.startswith(signature):
            refuse_second_nature(file)
            return name
    if head.startswith(b"PK\x03\x04"):
        return _office(file)
    raise BadInput(
        Text(
            zh="只接受 PDF、PNG、JPEG、Word（docx）和 Excel（xlsx）文件；此文件内容不是其中之一。",
            en="Only PDF, PNG, JPEG, Word (docx) and Excel (xlsx) files are taken; the content of "
            "this one is none of them.",
        )
    )


def pages(file: IO[bytes], kind: str) -> int | None:
    """How many pages a PDF has; a picture has one; None for what has no pages or won't open."""
    if kind.startswith("image/"):
        return 1
    if kind != "application/pdf":
        return None
    file.seek(0)
    try:
        with closing(PdfDocument(file.read())) as document:
            return len(document)
    except PdfiumError:
        return None
    finally:
        file.seek(0)


def _office(file: IO[bytes]) -> str:
    head = file.read(HEAD)
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            refuse_hidden_parts(archive, head)
    except DAMAGED as error:
        raise BadInput(
            Text(zh="文件已损坏，无法打开。", en="The file is damaged and cannot be opened.")
        ) from error
    finally:
        file.seek(0)
    names = {entry.filename for entry in entries}
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise BadInput(Text(zh="文件解压后过大。", en="The file unpacks to too much."))
    for name, kind in OFFICE.items():
        if name in names:
            return kind
    raise BadInput(
        Text(
            zh="压缩包不作为佐证材料接收；请上传 PDF、图片、Word 或 Excel 文件。",
            en="Archives are not taken as evidence; upload PDF, pictures, Word or Excel files.",
        )
    )
