"""The sheets of an XLSForm as rows, and the sentences about what stands in them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from shifan.rulebook.base import Text
from shifan.scoring.table.package import Package
from shifan.scoring.table.rows import Refused as BadTable
from shifan.scoring.table.sniff import sniff
from shifan.scoring.table.workbook import Workbook

MAX_BYTES = 2_000_000
MAX_ROWS = 3000
READ = ("survey", "choices", "settings")
"""The sheets that are read."""
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
        return self.placed().en

    def placed(self, file: str = "") -> Text:
        """The sentence after its place, and after the name of the file if one is given."""
        parts = [self.sheet, str(self.row) if self.row else "", self.column]
        place = " ".join(filter(None, parts))
        zh = "：".join(filter(None, [file, place, self.text.zh]))
        return Text(zh=zh, en=": ".join(filter(None, [file, place, self.text.en])))


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
    """Collects what is wrong, and in ``notes`` what is left out of the form as it is asked here.

    Of a row with a cell that cannot be read nothing else is said.
    """

    findings: list[Finding] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)
    unread: set[tuple[str, int]] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    """Names of questions that are not taken: what looks at them has no fault of its own."""

    def add(self, sheet: str, row: int, column: str, zh: str, en: str) -> None:
        if (sheet, row) not in self.unread:
            self.findings.append(Finding(sheet, row, column, Text(zh=zh, en=en)))

    def cannot_read(self, sheet: str, row: int, column: str, text: Text) -> None:
        """A cell nobody can read."""
        self.findings.append(Finding(sheet, row, column, text))
        self.unread.add((sheet, row))

    def note(self, sheet: str, row: int, column: str, zh: str, en: str) -> None:
        """Something that is left out; of a column it is said once."""
        made = Finding(sheet, row, column, Text(zh=zh, en=en))
        if all((each.sheet, each.column, each.text) != (sheet, column, made.text)
               for each in self.notes):  # fmt: skip
            self.notes.append(made)


def sheets(path: Path, report: Report) -> dict[str, list[Row]]:
    """The sheets of the file by their lower-case names; cells nobody can read are reported.

    Raises Refused for what is no workbook.
    """
    if path.stat().st_size > MAX_BYTES:
        raise _whole("文件超过 2 MB。", "the file is larger than 2 MB")
    try:
        kind = sniff(path)
        if kind != "xlsx":
            zh = f"表单须为 XLSX 工作簿，而此文件是 {kind.upper()}，请另存为 .xlsx。"
            raise _whole(zh, f"a form is an XLSX workbook, this is {kind.upper()}: save it as one")
        package = Package(path)
        unpacked, names = package.unpacked, [sheet.name for sheet in package.sheets]
        package.close()
        if unpacked > MAX_UNPACKED:
            raise _whole("文件解压后过大。", "the file would unpack to more than 30 MB")
        return {name.strip().lower(): _rows(path, name, report) for name in names}
    except BadTable as error:
        raise _whole(error.text.zh, error.text.en) from error


def _whole(zh: str, en: str) -> Refused:
    return Refused([Finding("", 0, "", Text(zh=zh, en=en))])


def _rows(path: Path, name: str, report: Report) -> list[Row]:
    heads: list[str] | None = None
    rows: list[Row] = []
    sheet = name.strip().lower()
    unread: list[tuple[int, int, Text]] = []
    for batch in Workbook(path, name, as_text=True).batches():
        for number, held in enumerate(batch.rows, batch.first):
            line = [*[""] * batch.left, *held]
            words = [word(cell) for cell in line]
            if heads is None:
                if any(words):
                    heads = [heading(each) for each in words]
                    _once(heads, sheet)
                continue
            cells = {
                (heads[index] if index < len(heads) else "") or f"column {index + 1}": text
                for index, text in enumerate(words)
                if text
            }
            if cells:
                rows.append(Row(number, cells))
            if sheet != "settings":  # its version is often a date, and nobody reads it
                unread += [(number, at, _date(line[at])) for at in range(len(line))
                           if not isinstance(line[at], str)]  # fmt: skip
        unread += [
            (fault.row or 0, fault.column or 0, fault.text)
            for fault in batch.faults
            if fault.last is None or fault.last != fault.row
        ]
        if len(rows) > MAX_ROWS:
            raise _whole(f"工作表“{name}”行数过多。", f"sheet {name} has more than {MAX_ROWS} rows")
    if sheet in READ:
        for number, at, text in unread:
            head = heads[at] if heads and at < len(heads) and heads[at] else f"column {at + 1}"
            report.cannot_read(sheet, number, head, text)
    return rows


def _once(heads: list[str], sheet: str) -> None:
    doubled = sorted({head for head in heads if head and heads.count(head) > 1})
    if doubled:
        twice = doubled[0]
        zh, en = f"列“{twice}”出现两次。", f"the column {twice} is there twice"
        raise Refused([Finding(sheet, 1, twice, Text(zh=zh, en=en))])


def _date(cell: object) -> Text:
    return Text(
        zh=f"单元格被存成了日期或时间（{cell}），请设为文本格式后重填。",
        en=f"the cell was kept as a date or a time ({cell}): format it as text and fill it in "
        "again",
    )


def word(cell: object) -> str:
    """A cell as text, its outer and no-break spaces taken off."""
    return str(cell).replace("\u00a0", " ").replace("\u3000", " ").strip()


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
