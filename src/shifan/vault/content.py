"""What a file is, judged by its content and never by its name."""

from __future__ import annotations

import zipfile
import zlib
from typing import IO

from shifan.errors import BadInput
from shifan.rulebook.base import Text
from shifan.vault.disguise import HEAD, refuse_hidden_parts, refuse_second_nature

SIGNATURES = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)
OFFICE = {
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
VIDEO = {b"ftypqt": "video/quicktime", b"ftyp": "video/mp4"}
"""What stands at the fifth byte of a film, the longer mark first."""
ENDINGS: dict[str, tuple[str, ...]] = {
    "application/pdf": (".pdf",),
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "video/mp4": (".mp4", ".m4v"),
    "video/quicktime": (".mov",),
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

    Accepted are PDF, PNG, JPEG, films in MP4 and QuickTime containers, and Word and Excel files
    without macros.
    """
    file.seek(0)
    head = file.read(16)
    file.seek(0)
    for signature, name in SIGNATURES:
        if head.startswith(signature):
            refuse_second_nature(file)
            return name
    for mark, name in VIDEO.items():
        if head.startswith(mark, 4):
            refuse_second_nature(file)
            return name
    if head.startswith(b"PK\x03\x04"):
        return _office(file)
    raise BadInput(
        Text(
            zh="只接受 PDF、PNG、JPEG、MP4、MOV、Word（docx）和 Excel（xlsx）文件；"
            "此文件内容不是其中之一。",
            en="Only PDF, PNG, JPEG, MP4, MOV, Word (docx) and Excel (xlsx) files are taken; the "
            "content of this one is none of them.",
        )
    )


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
