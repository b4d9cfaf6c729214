"""A form as XLSForm, to open in KoboToolbox, ODK or a spreadsheet."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from shifan.surveys.instrument.languages import PLAIN
from shifan.surveys.instrument.model import Choice, Instrument, Labels, Language, Question

EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
"""Stands in every file as the time it was made, so that an equal form is an equal file."""

Line = dict[str, str]
Lists = list[tuple[Choice, ...]]


def write(instrument: Instrument) -> bytes:
    """The XLSX; reading it back gives the same form."""
    buffer = io.BytesIO()
    book = Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"created": EPOCH})
    lists: Lists = []
    survey = list(_questions(instrument, instrument.questions, lists))
    choices = [
        {
            "list_name": _list_name(place),
            "name": choice.name,
            **_labels(instrument, "label", choice.label),
        }
        for place, held in enumerate(lists)
        for choice in held
    ]
    settings = {
        "form_title": instrument.title, "form_id": instrument.id, "version": instrument.version,
        "default_language": _written(instrument.languages[0]),
    }  # fmt: skip
    _sheet(book.add_worksheet("survey"), survey)
    _sheet(book.add_worksheet("choices"), choices)
    _sheet(book.add_worksheet("settings"), [settings])
    book.close()
    return buffer.getvalue()


def _list_name(place: int) -> str:
    return f"list_{place + 1}"


def _written(language: Language) -> str:
    """A language as a heading names it; nothing for the language of a form that names none."""
    if language.code == PLAIN:
        return ""
    return language.name if language.name == language.code else f"{language.name} ({language.code})"


def _labels(instrument: Instrument, base: str, labels: Labels) -> Line:
    made: Line = {}
    for language in instrument.languages:
        if language.code in labels:
            written = _written(language)
            made[f"{base}::{written}" if written else base] = labels[language.code]
    return made


def _questions(
    instrument: Instrument, questions: tuple[Question, ...], lists: Lists
) -> Iterator[Line]:
    for each in questions:
        kind: str = each.type
        if each.choices:
            if each.choices not in lists:
                lists.append(each.choices)
            kind = f"{each.type} {_list_name(lists.index(each.choices))}"
        yield {
            "type": "begin_group" if each.type == "group" else kind,
            "name": each.name,
            **_labels(instrument, "label", each.label),
            **_labels(instrument, "hint", each.hint),
            "required": "yes" if each.required else "",
            "relevant": each.relevant,
            "constraint": each.constraint,
            **_labels(instrument, "constraint_message", each.constraint_message),
            "default": each.default,
        }
        yield from _questions(instrument, each.questions, lists)
        if each.type == "group":
            yield {"type": "end_group"}


def _sheet(sheet: Worksheet, lines: list[Line]) -> None:
    heads = list(dict.fromkeys(head for line in lines for head, text in line.items() if text))
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head)
        sheet.set_column(column, column, 30 if "::" in head or head == "label" else 18)
    for row, line in enumerate(lines, start=1):
        for column, head in enumerate(heads):
            if line.get(head):
                sheet.write_string(row, column, line[head])
    sheet.freeze_panes(1, 0)
