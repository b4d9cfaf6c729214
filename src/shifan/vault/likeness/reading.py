"""The text of a document, read within bounds and without running anything in it."""

from __future__ import annotations

import re
import time
import zipfile
from collections.abc import Iterable
from contextlib import closing
from itertools import islice
from typing import IO, cast

from defusedxml.ElementTree import XMLParser
from PIL import Image
from pypdfium2 import PdfDocument, PdfPage
from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

MAX_CHARACTERS = 200_000
"""Of a longer text only the beginning is read."""
MAX_PAGES = 100
"""Of a longer PDF only the first pages are read."""
MAX_SECONDS = 20.0
"""A PDF whose pages take longer than this is given up."""
MAX_UNPACKED = 10_000_000
"""Of the parts of an office file that hold text only so many bytes are read."""
MAX_OBJECTS = 200
"""A page of more objects than this is no scan."""
MAX_SCAN_PIXELS = 60_000_000
"""A scan of more pixels than this is not drawn."""
SCAN_SIDE = 512
"""The longer side of a scanned page as drawn, in pixels."""

CHUNK = 65_536

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_SHEET_NAME = re.compile(r"xl/worksheets/sheet(\d{1,4})\.xml")


class TooSlow(Exception):
    """A PDF took more than MAX_SECONDS."""


def pdf_text(document: PdfDocument) -> str:
    """The text of the first MAX_PAGES pages, a line end between pages. Raises TooSlow."""
    texts: list[str] = []
    room, end = MAX_CHARACTERS, time.monotonic() + MAX_SECONDS
    for number in range(min(len(document), MAX_PAGES)):
        if room <= 0:
            break
        if time.monotonic() > end:
            raise TooSlow
        with closing(document[number]) as page, closing(page.get_textpage()) as text:
            texts.append(text.get_text_range(0, min(room, text.count_chars())))
        room -= len(texts[-1])
    return "\n".join(texts)


def scan(document: PdfDocument) -> Image.Image | None:
    """The first page as drawn, if it is a scan: one image, of MAX_SCAN_PIXELS at most."""
    if not len(document):
        return None
    with closing(document[0]) as page:
        if not _is_scan(page):
            return None
        with closing(page.render(scale=SCAN_SIDE / max(page.get_size()), grayscale=True)) as drawn:
            return cast(Image.Image, drawn.to_pil()).copy()


def docx_text(file: IO[bytes]) -> str:
    """The text of the body of a Word file, without heads, feet, notes and deleted passages.

    Raises what zipfile and defusedxml raise for broken and for hostile files.
    """
    words = _Words()
    with zipfile.ZipFile(file) as archive:
        _read(archive, ["word/document.xml"], words)
    return words.text


def xlsx_text(file: IO[bytes]) -> str:
    """The cells of an Excel file as stored, a line each, sheet by sheet and row by row.

    Raises what zipfile and defusedxml raise for broken and for hostile files.
    """
    strings = _Strings()
    with zipfile.ZipFile(file) as archive:
        names = archive.namelist()
        _read(archive, [name for name in names if name == "xl/sharedStrings.xml"], strings)
        numbers = sorted(int(m[1]) for name in names if (m := _SHEET_NAME.fullmatch(name)))
        cells = _Cells(strings.found)
        _read(archive, [f"xl/worksheets/sheet{number}.xml" for number in numbers], cells)
    return cells.text


def _is_scan(page: PdfPage) -> bool:
    objects = list(islice(page.get_objects(max_depth=3), MAX_OBJECTS + 1))
    images = [one for one in objects if one.type == FPDF_PAGEOBJ_IMAGE]
    if len(objects) > MAX_OBJECTS or len(images) != 1:
        return False
    width, height = images[0].get_px_size()
    return bool(width * height <= MAX_SCAN_PIXELS and min(page.get_size()) >= 1)


def _read(archive: zipfile.ZipFile, parts: Iterable[str], into: _Text) -> None:
    """Parse the parts until the text or MAX_UNPACKED is full."""
    left = MAX_UNPACKED
    for part in parts:
        parser = XMLParser(target=into, forbid_dtd=True)
        with archive.open(part) as packed:
            while data := packed.read(CHUNK):
                parser.feed(data)
                left -= len(data)
                if left <= 0 or into.full:
                    return
        parser.close()


class _Text:
    """What a parser tells of, gathered as text up to MAX_CHARACTERS."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.room = MAX_CHARACTERS

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    @property
    def full(self) -> bool:
        return self.room <= 0

    def add(self, piece: str) -> None:
        self.pieces.append(piece[: max(self.room, 0)])
        self.room -= len(piece)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def data(self, data: str) -> None:
        """Characters of the element that began last and of those around it."""

    def end(self, tag: str) -> None:
        """An element ends."""

    def close(self) -> None:
        """The part ends."""


class _Words(_Text):
    """Runs of text of a Word file, a line a paragraph."""

    inside = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.inside = tag == f"{_WORD}t"

    def data(self, data: str) -> None:
        if self.inside:
            self.add(data)

    def end(self, tag: str) -> None:
        self.inside = False
        if tag == f"{_WORD}p":
            self.add("\n")


class _Said(_Text):
    """What the last string or cell says, put together from the elements named in ``telling``."""

    telling: tuple[str, ...] = (f"{_SHEET}t",)

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.inside = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.inside = tag in self.telling

    def data(self, data: str) -> None:
        if self.inside:
            self.parts.append(data)

    def taken(self) -> str:
        """What was said since the last time."""
        said, self.parts = "".join(self.parts), []
        return said


class _Strings(_Said):
    """The strings that cells of an Excel file point to, in ``found``."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def end(self, tag: str) -> None:
        self.inside = False
        if tag == f"{_SHEET}si":
            self.found.append(self.taken())


class _Cells(_Said):
    """What the cells of a sheet show, a line each."""

    telling = (f"{_SHEET}v", f"{_SHEET}t")

    def __init__(self, strings: list[str]) -> None:
        super().__init__()
        self.strings = strings
        self.type = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        super().start(tag, attributes)
        if tag == f"{_SHEET}c":
            self.type = attributes.get("t", "")

    def end(self, tag: str) -> None:
        self.inside = False
        if tag == f"{_SHEET}c":
            said = self.taken()
            self.add((self.strings[int(said)] if self.type == "s" else said) + "\n")
