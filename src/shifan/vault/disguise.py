"""Files that are two things at once, and office files that are more than they look."""

from __future__ import annotations

import zipfile
from typing import IO

from shifan.errors import BadInput
from shifan.rulebook.base import Text

HEAD = 1024
"""Bytes in which browsers look for HTML, and readers of PDF for its header."""
MARKUP = (b"<!doctype html", b"<html", b"<script")
MAX_ENTRIES = 10_000
"""An office file of more parts than this is refused."""
MAX_RATIO = 200
"""A part above BIG bytes that unpacks to more than so many times its size is refused."""
BIG = 10_000_000
MAX_TYPES = 1_000_000
"""Bytes of an office file's list of content types that are read."""


def refuse_second_nature(file: IO[bytes]) -> None:
    """Refuse a PDF or picture that is also an archive or a web page.

    Other bytes after a picture's end pass: telephones put depth maps and short films there.
    Raises BadInput.
    """
    file.seek(0)
    head = file.read(HEAD).lower()
    if any(mark in head for mark in MARKUP) or _opens_as_archive(file):
        raise BadInput(
            Text(
                zh="文件中夹带了网页或压缩包，不予接收；请重新导出后上传。",
                en="The file carries a web page or an archive inside; export it anew and upload "
                "that.",
            )
        )
    file.seek(0)


def refuse_hidden_parts(archive: zipfile.ZipFile, head: bytes) -> None:
    """Refuse an office file with macros, parts outside itself, a PDF's head or a bomb's shape.

    ``head`` is the file's first HEAD bytes. Raises BadInput.
    """
    entries = archive.infolist()
    if b"%PDF-" in head:
        raise BadInput(
            Text(zh="文件同时也是 PDF，不予接收。", en="The file is at the same time a PDF.")
        )
    if _has_macros(archive):
        raise BadInput(Text(zh="文件含有宏，不予接收。", en="The file carries macros."))
    if any(".." in e.filename.split("/") or e.filename.startswith("/") for e in entries):
        raise BadInput(
            Text(zh="文件内部的路径越界，不予接收。", en="Parts of the file point outside it.")
        )
    if len(entries) > MAX_ENTRIES or any(_swells(entry) for entry in entries):
        raise BadInput(Text(zh="文件解压后过大。", en="The file unpacks to too much."))


def _opens_as_archive(file: IO[bytes]) -> bool:
    try:
        with zipfile.ZipFile(file) as archive:
            return bool(archive.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False


def _swells(entry: zipfile.ZipInfo) -> bool:
    return entry.file_size > BIG and entry.file_size > MAX_RATIO * max(entry.compress_size, 1)


def _has_macros(archive: zipfile.ZipFile) -> bool:
    names = [entry.filename.lower() for entry in archive.infolist()]
    if any("vbaproject" in name or name.startswith("xl/macrosheets/") for name in names):
        return True
    if "[Content_Types].xml" not in archive.namelist():
        return False
    with archive.open("[Content_Types].xml") as types:
        said = types.read(MAX_TYPES).lower()
    return b"macroenabled" in said or b"vbaproject" in said
