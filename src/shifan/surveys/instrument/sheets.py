"""The sheets of an XLSForm as rows, and the sentences about what stands in them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from shifan.rulebook.base import Text
from shifan.scoring.table.package import Package
from shifan.scoring.table.rows import Refused as BadPackage

MAX_BYTES = 2_000_000
MAX_ROWS = 3000
OLD = b"\xd0\xcf\x11\xe0"
"""How files of the format before XLSX begin."""
MAX_UNPACKED = 30_000_000


@dataclass(frozen=True, order=True)
class Finding:
    """What is wrong in a form, and where: sheet, row as the spreadsheet counts, column's heading.

    ``row`` 0 speaks of the whole sheet, an empty ``sheet`` of the whole file.
    """

    sheet: str
    row: int
    column: str
    text: Text = field(compare=False)

    def __str__(self) -> str:
        place = " ".join(filter(None, [self.sheet, str(self.row) if self.row else "", self.column]))
        return f"{place}: {self.text.en}" if place else self.text.en


class Refused(ValueError):
    """A form that cannot be asked; ``findings`` says why, row by row."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("\n".join(str(finding) for finding in findings))
        self.findings = tuple(findings)


@dataclass
class Row:
    """A row by its columns' canonical headings; empty cells are left out."""

    number: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass
class Report:
    """Collects what is wrong."""

    findings: list[Finding] = field(default_factory=list)

    def add(self, sheet: str, row: int, column: str, zh: str, en: str) -> None:
        self.findings.append(Finding(sheet, row, column, Text(zh=zh, en=en)))


def sheets(path: Path) -> dict[str, list[Row]]:
    """The sheets of the file by their lower-case names. Raises Refused for what is no workbook."""
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise _whole("文件超过 2 MB。", "the file is larger than 2 MB")
    with path.open("rb") as file:
        if file.read(4) == OLD:
            raise _whole("这是旧格式（.xls），请另存为 .xlsx。", "is an old .xls: save it as .xlsx")
    try:
        package = Package(path)
        unpacked = package.unpacked
        package.close()
        if unpacked > MAX_UNPACKED:
            raise _whole("文件解压后过大。", "the file would unpack to more than 30 MB")
        book = CalamineWorkbook.from_path(str(path))
        return {name.strip().lower(): _rows(book, name) for name in book.sheet_names}
    except BadPackage as error:
        raise _whole(error.text.zh, error.text.en) from error
    except (CalamineError, OSError, ValueError) as error:
        if isinstance(error, Refused):
            raise
        raise _whole("不是可读取的 XLSX 文件。", "is not an XLSX file that can be read") from error


def _whole(zh: str, en: str) -> Refused:
    return Refused([Finding("", 0, "", Text(zh=zh, en=en))])


def _rows(book: CalamineWorkbook, name: str) -> list[Row]:
    sheet = book.get_sheet_by_name(name)
    if sheet.height > MAX_ROWS:
        raise _whole(f"工作表“{name}”行数过多。", f"sheet {name} has more than {MAX_ROWS} rows")
    lines = sheet.to_python(skip_empty_area=False)
    if not lines:
        return []
    heads = [heading(word(cell)) for cell in lines[0]]
    doubled = {head for head in heads if head and heads.count(head) > 1}
    if doubled:
        twice = sorted(doubled)[0]
        zh, en = f"列“{twice}”出现两次。", f"the column {twice} is there twice"
        raise Refused([Finding(name.lower(), 1, twice, Text(zh=zh, en=en))])
    rows: list[Row] = []
    for number, line in enumerate(lines[1:], start=2):
        words = [word(cell) for cell in line]
        cells = {
            head or f"column {index + 1}": text
            for index, (head, text) in enumerate(zip(heads, words, strict=False))
            if text
        }
        if cells:
            rows.append(Row(number, cells))
    return rows


def word(cell: object) -> str:
    """A cell as text; a whole number without its decimal point, a truth value as in XLSForm."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


TRANSLATED = ("label", "hint", "constraint_message")
ALIASES = {
    "relevance": "relevant", "constraint message": "constraint_message", "list name": "list_name",
    "value": "name", "form_title": "form_title", "title": "form_title", "id_string": "form_id",
}  # fmt: skip


def heading(text: str) -> str:
    """A column's heading as XLSForm means it: lower case, old names by their new ones.

    >>> heading("Label :: English (en)"), heading("relevance"), heading("hint:中文 (zh)")
    ('label::English (en)', 'relevant', 'hint::中文 (zh)')
    """
    base, colons, language = re.sub(r"\s*::?\s*", "::", text.strip(), count=1).partition("::")
    base = base.strip().lower()
    base = ALIASES.get(base, base)
    return f"{base}::{language.strip()}" if colons and language.strip() else base
