"""Write the workbook: what to fill in, with lists and limits, and nothing a program would run."""

from __future__ import annotations

from datetime import datetime
from typing import IO, Any

import xlsxwriter

from shifan.rulebook.base import Text
from shifan.rulebook.model import FactSource
from shifan.scoring.facts import plain
from shifan.statements.assessment import Assessment
from shifan.workbook.layout import (
    CLEAR,
    COLUMNS,
    ENTRIES,
    GUIDE,
    NAME,
    STAMP,
    VALUE,
    Line,
    lines,
    stamp,
)

WIDTHS = (9, 44, 30, 24, 16, 40)


def write(
    assessment: Assessment,
    source: FactSource,
    out: IO[bytes] | str,
    *,
    language: str,
    now: datetime,
    only: frozenset[str] | None = None,
) -> None:
    """The workbook in which ``source`` states its facts, as an XLSX file.

    Text is written as text, so no cell can become a formula. ``only`` limits the provisions.
    """
    book = xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False})
    try:
        _guide(book, assessment, source, language, now)
        _entries(book, lines(assessment, source, only), language)
        hidden = book.add_worksheet(STAMP)
        for row, pair in enumerate(stamp(assessment, source).items()):
            hidden.write_row(row, 0, [str(part) for part in pair])
        hidden.very_hidden()
    finally:
        book.close()


def _guide(
    book: Any, assessment: Assessment, source: FactSource, language: str, now: datetime
) -> None:
    sheet, proceeding = book.add_worksheet(GUIDE), assessment.proceeding
    wrap, bold = book.add_format({"text_wrap": True}), book.add_format({"bold": True})
    measures = assessment.situation.measures
    rows = [
        (Text(zh="单位", en="Unit"), proceeding.called),
        (Text(zh="项目", en="Programme"), measures.name.in_(language)),
        (Text(zh="年度", en="Year"), str(proceeding.year)),
        (Text(zh="规则", en="Rule book"),
         f"{measures.programme}/{measures.version} {proceeding.rulebook.digest[:16]}"),
        (Text(zh="填报身份", en="Stated as"), source.name.in_(language)),
        (Text(zh="下载时间", en="Downloaded"), f"{now:%Y-%m-%d %H:%M}"),
    ]  # fmt: skip
    for row, (label, value) in enumerate(rows):
        sheet.write_string(row, 0, label.in_(language), bold)
        sheet.write_string(row, 1, value, wrap)
    text = Text(
        zh="只填“填报值”一列。留空表示未填报；要撤销已填报的内容，请填“清除”。上传后先列出全部改动、冲突和错误，确认后才写入。"
        "请勿改动灰色各列；本工作簿只能用于上述单位、年度和规则。",
        en="Fill in the column “Value” only; empty means not stated, and “clear” takes back what "
        "was. After the upload every change, conflict and error is listed first, and nothing is "
        "written before you confirm. "
        "Leave the grey columns as they are. The workbook fits the unit, year and rule book "
        "above only.",
    )
    sheet.merge_range(len(rows) + 1, 0, len(rows) + 6, 1, text.in_(language), wrap)
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 1, 70)


def _entries(book: Any, found: list[Line], language: str) -> None:
    sheet = book.add_worksheet(ENTRIES)
    sheet.activate()
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
    text = book.add_format({"text_wrap": True, "valign": "top", "font_color": "#444444"})
    open_ = book.add_format({"locked": False, "border": 1, "valign": "top", "num_format": "@"})
    for column, title in enumerate(COLUMNS):
        sheet.write_string(0, column, title.in_(language), head)
    for row, line in enumerate(found, start=1):
        provision, field = line.provision, line.field
        label = field.label.in_(language) if field.label else ""
        evidence = "；".join(each.text.in_(language) for each in provision.evidence)
        shown = line.shown(language)
        cells = (provision.id, provision.text.in_(language), label, _hint(line, language))
        for column, cell in enumerate(cells):
            sheet.write_string(row, column, cell, text)
        sheet.write_string(row, VALUE, shown, open_)
        sheet.write_string(row, VALUE + 1, evidence, text)
        for column, cell in enumerate((field.column.name, str(line.seen), shown), start=NAME):
            sheet.write_string(row, column, cell, text)
        if line.choices:
            words = [word.in_(language) for _, word in line.choices]
            words += [CLEAR.in_(language)] if shown else []
            sheet.data_validation(row, VALUE, row, VALUE, {
                "validate": "list", "source": words, "error_type": "warning",
            })  # fmt: skip
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.set_column(NAME, NAME + 2, 12, None, {"hidden": True})
    sheet.freeze_panes(1, 2)
    sheet.protect("", {"format_columns": True, "format_rows": True, "sort": True})
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _hint(line: Line, language: str) -> str:
    column = line.field.column
    if line.choices:
        return " / ".join(word.in_(language) for _, word in line.choices)
    unit = line.field.unit.in_(language) if line.field.unit else ""
    if column.maximum >= 1_000_000_000:
        return unit
    return f"{plain(column.minimum)}–{plain(column.maximum)} {unit}".strip()
