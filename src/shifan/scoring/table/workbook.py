"""Read an XLSX sheet in pieces, so that memory stays small whatever the sheet's size.

python-calamine reads a sheet whole (about 700 MB for 100,000 × 100 cells) and shows a cell that
holds an error as an empty one. So the sheet's XML is cut at row ends, each piece is given to
calamine as a small workbook of its own, and what calamine cannot tell is taken from the XML:
error cells, formulas without a stored result, how a number is shown, merged cells.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import cast
from zipfile import ZIP_STORED, ZipFile

from python_calamine import CalamineError, CalamineWorkbook

from shifan.rulebook.base import Text
from shifan.scoring.facts import plain
from shifan.scoring.table import cuts
from shifan.scoring.table.package import Package, SheetPart, sentences
from shifan.scoring.table.rows import Batch, Fault, Refused, position
from shifan.scoring.table.shown import is_padded, is_percent, shown

BLOCK = 8_000_000
"""Bytes of sheet XML read at a time (more where the shared strings are large)."""
LONGEST_ROW = 8_000_000
TAIL = 50_000_000
"""Bytes allowed after the last row (merges, validations, drawings)."""
MOST_WORK = 12_000_000_000
"""Bytes given to calamine in all; each piece brings the workbook's shared strings with it."""

_CELL = re.compile(rb"<(?:\w+:)?c\s([^<>]*)>")
_REF = re.compile(rb"(?:^|\s)r=[\"']([A-Z]{1,3})(\d{1,7})[\"']")
_STYLE = re.compile(rb"(?:^|\s)s=[\"'](\d+)[\"']")
_ERROR = re.compile(
    rb"<(?:\w+:)?c\s([^<>]*\bt=[\"']e[\"'][^<>]*)>(?:<(?:\w+:)?f[^<>]*>(?:[^<]*</(?:\w+:)?f>)?)?"
    rb"(?:<(?:\w+:)?v>([^<]*)<)?"
)
_UNSTORED = re.compile(
    rb"<(?:\w+:)?c\b([^<>]*)><(?:\w+:)?f(?:[^<>]*/>|[^<>]*>[^<]*</(?:\w+:)?f>)"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?</(?:\w+:)?c>"
)
_MERGE = re.compile(
    rb"<(?:\w+:)?mergeCell\s[^<>]*ref=[\"']([A-Z]+)(\d+):([A-Z]+)(\d+)[\"']",
)


class Workbook:
    """One sheet of an XLSX file as a source of rows.

    Without ``sheet`` it is the first visible one that has cells. Numbers come as floats, except
    where a cell shows a percentage or a code filled up with zeros; ``as_text`` gives every number
    and truth value as the cell shows it, and leaves dates and times as they are. Raises Refused
    when there is no sheet, or none of that name.
    """

    lettered = True

    def __init__(self, path: Path, sheet: str | None = None, *, as_text: bool = False) -> None:
        self._package = Package(path)
        self._as_text = as_text
        self._work = 0
        try:
            self._part = self._choose(sheet)
        except BaseException:
            self._package.close()
            raise
        self.sheet = self._part.name

    def _choose(self, wanted: str | None) -> SheetPart:
        sheets = self._package.sheets
        if wanted is not None:
            named = [sheet for sheet in sheets if sheet.name == wanted]
            if not named:
                names = "、".join(sheet.name for sheet in sheets)
                raise Refused(
                    f"没有名为“{wanted}”的工作表，只有：{names}",
                    f"there is no sheet {wanted!r}; there are: {names}",
                )
            return named[0]
        for sheet in sheets:
            if sheet.visible and self._filled(sheet):
                return sheet
        raise Refused("工作簿没有数据", "the workbook has no cells in any visible sheet")

    def _filled(self, sheet: SheetPart) -> bool:
        with sentences(), self._package.open(sheet) as stream:
            head = stream.read(BLOCK)
        return re.search(rb"<(?:\w+:)?c[\s>]", head) is not None

    def batches(self) -> Iterator[Batch]:
        """All rows, then the merged cells as faults of a last batch without rows."""
        formats = {
            style: code
            for style, code in self._package.number_formats().items()
            if self._as_text or is_percent(code) or is_padded(code)
        }
        block = min(max(BLOCK, 3 * len(self._package.strings)), 8 * BLOCK)
        expected = 1
        try:
            with sentences(), self._package.open(self._part) as stream:
                for piece in cuts.pieces(stream, block, LONGEST_ROW, TAIL):
                    if piece.tail:
                        yield Batch(expected, 0, [], list(_merges(piece.xml)))
                        continue
                    batch = self._batch(piece, formats)
                    if batch is None:
                        continue
                    if batch.first < expected:
                        raise Refused("工作表的行号顺序错乱", "the sheet's rows are out of order")
                    expected = batch.first + len(batch.rows)
                    yield batch
        finally:
            self._package.close()

    def _batch(self, piece: cuts.Piece, formats: dict[int, str]) -> Batch | None:
        faults = list(_faults(piece))
        try:
            with CalamineWorkbook.from_filelike(self._small(piece)) as workbook:
                sheet = workbook.get_sheet_by_index(0)
                start, end = sheet.start, sheet.end
                if end is not None and end[1] >= cuts.COLUMNS:
                    raise Refused("工作表的列数过多", "a row has more cells than there are columns")
                rows = cast(list[list[object]], sheet.to_python())
        except (CalamineError, OSError, ValueError) as error:
            raise Refused(
                f"工作表无法读取（{error}）", f"the sheet cannot be read: {error}"
            ) from error
        if start is None:
            return Batch(faults[0].row or 1, 0, [], faults) if faults else None
        batch = Batch(start[0] + 1, start[1], rows, faults)
        _as_shown(batch, rows, piece.xml, formats, self._as_text)
        if self._as_text:
            for row in rows:
                row[:] = map(_plain, row)
        return batch

    def _small(self, piece: cuts.Piece) -> io.BytesIO:
        """A workbook with nothing but the piece."""
        self._work += len(piece.xml) + len(self._package.strings)
        if self._work > MOST_WORK:
            raise Refused(
                "工作表的单元格过于分散，请另存为 CSV",
                "the cells of the sheet are scattered too widely; save it as CSV",
            )
        content = io.BytesIO()
        with ZipFile(content, "w", ZIP_STORED) as small:
            for name, text in _PARTS.items():
                small.writestr(name, text)
            if self._package.strings:
                small.writestr("xl/sharedStrings.xml", self._package.strings)
            if self._package.styles:
                small.writestr("xl/styles.xml", self._package.styles)
            small.writestr("xl/worksheets/sheet1.xml", piece.sheet())
        content.seek(0)
        return content


def _place(attributes: bytes) -> tuple[int | None, int | None]:
    """Row as shown and column from 0 of a cell, if it says where it stands."""
    found = _REF.search(attributes)
    return (int(found[2]), position(found[1].decode())) if found else (None, None)


def _faults(piece: cuts.Piece) -> Iterator[Fault]:
    xml = piece.xml
    if b't="e"' in xml or b"t='e'" in xml:
        for cell in _ERROR.finditer(xml):
            shown = (cell[2] or b"").decode("utf-8", "replace")
            text = Text(
                zh=f"单元格是错误值 {shown}", en=f"the cell holds the error {shown}".rstrip()
            )
            yield Fault(*_place(cell[1]), text)
    if b"<" + piece.prefix + b"f" in xml:
        for cell in _UNSTORED.finditer(xml):
            if b't="str"' in cell[1]:
                continue
            text = Text(
                zh="公式没有保存结果；请用电子表格软件打开并保存，或改填数值",
                en="the formula's result is not stored; open and save the file in a spreadsheet "
                "program, or fill in the value",
            )
            yield Fault(*_place(cell[1]), text)


def _as_shown(
    batch: Batch, rows: list[list[object]], xml: bytes, formats: dict[int, str], as_text: bool
) -> None:
    """Replace 0.85 shown as 85% by the text "85%": what the person saw is what counts."""
    used = {
        style: code
        for style, code in formats.items()
        if b's="%d"' % style in xml or b"s='%d'" % style in xml
    }
    if not used:
        return
    for cell in _CELL.finditer(xml):
        style = _STYLE.search(cell[1])
        code = used.get(int(style[1])) if style else None
        if code is None:
            continue
        row, column = _place(cell[1])
        if row is None or column is None:
            raise Refused("单元格没有位置", "a formatted cell does not say where it is")
        at, place = row - batch.first, column - batch.left
        if not (0 <= at < len(rows) and 0 <= place < len(rows[at])):
            continue  # formatted, but empty like all that follows
        here = rows[at]
        value = here[place]
        if not isinstance(value, float):
            continue
        if is_percent(code) and not as_text:  # a fact keeps every digit that is stored
            here[place] = f"{plain(Decimal(f'{value:.15g}') * 100)}%"
            continue
        text = shown(value, code)
        if text is None:
            said = Text(
                zh="无法得知该单元格显示的内容，请设为文本格式后重填",
                en="what the cell shows cannot be told; format it as text and fill it in again",
            )
            batch.faults.append(Fault(row, column, said))
        here[place] = text or ""


def _plain(cell: object) -> object:
    """A number or truth value without a format of its own, as its cell shows it."""
    if isinstance(cell, float):
        return shown(cell, "General")
    return str(cell).upper() if isinstance(cell, bool) else cell


def _merges(xml: bytes) -> Iterator[Fault]:
    for left, top, right, bottom in _MERGE.findall(xml):
        name = f"{left.decode()}{top.decode()}:{right.decode()}{bottom.decode()}"
        text = Text(
            zh=f"{name} 是合并单元格，请取消合并并逐格填写",
            en=f"cells {name} are merged; unmerge them and fill in each",
        )
        yield Fault(int(top), position(left.decode()), text, int(bottom))


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"


def _links(**targets: str) -> str:
    links = "".join(
        f'<Relationship Id="r{n}" Type="{_LINKS}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets.items(), 1)
    )
    return f'<Relationships xmlns="{_RELS}">{links}</Relationships>'


_PARTS = {
    "[Content_Types].xml": "<Types/>",
    "_rels/.rels": _links(officeDocument="xl/workbook.xml"),
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}"><sheets>'
    '<sheet name="s" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": _links(
        worksheet="worksheets/sheet1.xml", styles="styles.xml", sharedStrings="sharedStrings.xml"
    ),
}
