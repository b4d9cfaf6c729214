"""Cut the XML of a sheet into pieces that end with a row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from shifan.scoring.table.rows import Refused, position

MOST_CELLS = 4_000_000
"""Cells of the rectangle around a piece: calamine holds every one of them, filled or not, so a
single cell far away would use up all memory."""
LAST_ROW, COLUMNS = 1_048_576, 16_384
HEAD = 4_000_000
"""Bytes allowed before the first row (views, widths of columns)."""

_START = re.compile(rb"<((?:\w+:)?)sheetData\s*(/?)>")
_NUMBER = re.compile(rb"\sr=[\"'](\d{1,7})[\"']")
_ROWS = re.compile(rb"r\s*=\s*[\"'][A-Za-z]*(\d+)")
_COLUMNS = re.compile(rb"r\s*=\s*[\"']([A-Za-z]+)")
_WIDE = re.compile(rb"r\s*=\s*[\"'][A-Za-z]{3}")


@dataclass(frozen=True)
class Piece:
    """Rows as XML, or what follows the last row (``tail``). ``prefix`` is the namespace's."""

    xml: bytes
    prefix: bytes = b""
    tail: bool = False

    def sheet(self) -> bytes:
        """The piece as a whole sheet."""
        name = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
        if self.prefix:
            name = name.replace(b"=", b":" + self.prefix[:-1] + b"=", 1)
        sheet, rows = self.prefix + b"worksheet", self.prefix + b"sheetData"
        return b"<%s %s><%s>%s</%s></%s>" % (sheet, name, rows, self.xml, rows, sheet)


def pieces(stream: IO[bytes], block: int, longest: int, around: int) -> Iterator[Piece]:
    """The sheet in ``stream`` as pieces of about ``block`` bytes, then its tail.

    ``longest`` bytes are allowed for one row, ``around`` for what follows the rows.
    """
    prefix, buffer, empty = _head(stream)
    if not empty:
        end, close = b"</" + prefix + b"sheetData>", b"</" + prefix + b"row>"
        numbered = _Numbered(_row(prefix))
        while end not in buffer:
            more = stream.read(block)
            if not more:
                raise Refused("工作表不完整", "the sheet breaks off")
            buffer += more
            cut = buffer.rfind(close) + len(close) if close in buffer else 0
            if len(buffer) - cut > longest + block:
                raise Refused("工作表有一行过长", f"a row has more than {longest} bytes")
            if cut and end not in buffer:
                yield from _sized(numbered(buffer[:cut]), prefix)
                buffer = buffer[cut:]
        rows, _, buffer = buffer.partition(end)
        if rows.strip():
            yield from _sized(numbered(rows), prefix)
    yield Piece(_rest(stream, buffer, around), prefix, tail=True)


def _head(stream: IO[bytes]) -> tuple[bytes, bytes, bool]:
    """The namespace prefix, what follows the start of the rows, and whether there are none."""
    buffer = b""
    while len(buffer) <= HEAD:
        more = stream.read(65_536)
        buffer += more
        start = _START.search(buffer)
        if start is not None:
            declared = buffer[:200].lower()
            if b"encoding=" in declared and b"utf-8" not in declared:
                raise Refused("工作表不是 UTF-8 编码", "the sheet is not written in UTF-8")
            return start[1], buffer[start.end() :], bool(start[2])
        if not more:
            break
    raise Refused("工作表没有数据区", "the sheet has no rows part")


def _rest(stream: IO[bytes], buffer: bytes, around: int) -> bytes:
    parts, size = [buffer], len(buffer)
    while more := stream.read(1 << 20):
        parts.append(more)
        size += len(more)
        if size > around:
            raise Refused("工作表数据区之后的内容过多", f"more than {around} bytes follow the rows")
    return b"".join(parts)


class _Numbered:
    """Gives rows the number they leave out, which the format allows."""

    def __init__(self, row: re.Pattern[bytes]) -> None:
        self._row = row
        self._silent: bool | None = None
        self._last = 0

    def __call__(self, xml: bytes) -> bytes:
        if self._silent is None:
            first = self._row.search(xml)
            self._silent = first is not None and _NUMBER.search(first[0]) is None
        return self._row.sub(self._number, xml) if self._silent else xml

    def _number(self, row: re.Match[bytes]) -> bytes:
        self._last += 1
        head, name, rest = row[0].partition(b"row")
        return b'%s%s r="%d"%s' % (head, name, self._last, rest)


def _sized(xml: bytes, prefix: bytes) -> Iterator[Piece]:
    """``xml`` whole, or halved at a row until no piece spans too many cells."""
    starts = [row.start() for row in _row(prefix).finditer(xml)]
    stated = _ROWS.findall(xml)
    rows = {int(row[:8]) for row in set(stated)}
    if rows and max(rows) > LAST_ROW:
        raise Refused("工作表的行号超出范围", "the sheet numbers its rows beyond the last")
    span = max(rows) - min(rows) + 1 if rows else len(starts)
    if span * _width(xml, prefix, span, len(stated)) <= MOST_CELLS:
        yield Piece(xml, prefix)
        return
    if len(starts) < 2:
        raise Refused("有单元格不在所属的行内", "a cell says that it stands in another row")
    middle = starts[len(starts) // 2]
    yield from _sized(xml[:middle], prefix)
    yield from _sized(xml[middle:], prefix)


def _row(prefix: bytes) -> re.Pattern[bytes]:
    return re.compile(b"<" + prefix + rb"row(?=[\s/>])[^<>]*>")


def _width(xml: bytes, prefix: bytes, span: int, stated: int) -> int:
    """At least the number of columns the piece spans.

    ``stated`` is how many rows and cells say where they stand.
    """
    widest = 702  # column ZZ, the last of two letters
    if span * widest > MOST_CELLS or _WIDE.search(xml):
        widest = max((_number(name) for name in set(_COLUMNS.findall(xml))), default=0)
    if widest > COLUMNS:
        raise Refused("工作表的列号超出范围", "the sheet names columns beyond the last")
    cells = xml.count(b"<" + prefix + b"c")
    silent = stated < cells + xml.count(b"<" + prefix + b"row")
    return COLUMNS if silent else widest


def _number(name: bytes) -> int:
    return position(name[:4].decode().upper()) + 1
