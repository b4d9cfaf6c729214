"""Answers collected in KoboToolbox or ODK, read back: CSV exports and ODK's submission format."""

from __future__ import annotations

import csv
import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import IO, TextIO

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, parse

from shifan.rulebook.base import Text
from shifan.surveys.instrument.model import Instrument

ABOUT = frozenset({
    "id", "_id", "uuid", "_uuid", "__id", "key", "parent_key", "instanceid", "meta/instanceid",
    "meta-instanceid", "instancename", "meta/instancename", "meta-instancename", "start", "end",
    "today", "submissiondate", "__system/submissiondate", "_submission_time", "_submitted_by",
    "_validation_status", "_notes", "_status", "_tags", "_index", "__version__", "_version_",
    "formhub/uuid", "meta/rootuuid", "meta/deprecatedid", "submitterid", "submittername",
    "attachmentspresent", "attachmentsexpected", "status", "reviewstate", "deviceid", "edits",
    "formversion", "_geolocation", "_attachments", "_parent_index", "_submission__id",
})  # fmt: skip
"""Columns of exports that say something about the submission: passed over, whatever they hold."""
IDENTITY = ("meta/instanceid", "meta-instanceid", "instanceid", "key", "_uuid", "uuid")


class NotCollected(ValueError):
    """A file that holds no answers to this form; ``text`` says why."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.text = Text(zh=zh, en=en)


@dataclass(frozen=True)
class Row:
    """One submission: where it stands, the number it was given when made, what was answered."""

    number: int
    submission: uuid.UUID | None
    raw: dict[str, str] = field(default_factory=dict)


def from_csv(file: TextIO, instrument: Instrument) -> Iterator[Row]:
    """The submissions of a CSV export. Raises NotCollected for columns it does not know."""
    sample = file.read(4096)
    file.seek(0)
    try:
        dialect: type[csv.Dialect] = csv.Sniffer().sniff(sample.partition("\n")[0], ",;\t")
    except csv.Error:
        dialect = csv.excel
    reader = csv.reader(file, dialect)
    try:
        heads = [head.removeprefix("\ufeff").strip() for head in next(reader, [])]
        columns, identity = _columns(heads, instrument), _identity(heads)
        for cells in reader:
            if any(cell.strip() for cell in cells):
                raw = {name: cells[at] for at, name in columns.items() if at < len(cells)}
                made = cells[identity] if identity is not None and identity < len(cells) else ""
                yield Row(reader.line_num, _uuid(made), {k: v for k, v in raw.items() if v})
    except csv.Error as error:
        raise NotCollected(f"CSV 有误：{error}", f"the CSV is damaged: {error}") from error


def _columns(heads: list[str], instrument: Instrument) -> dict[int, str]:
    """Place of the column → the question it answers."""
    questions = {question.name: question for question in instrument.asked}
    notes = {question.name for question in instrument.all if not question.takes_answers}
    found: dict[int, str] = {}
    strange: list[str] = []
    for at, head in enumerate(heads):
        name = _last(head, questions)
        if name in questions:
            if name in found.values():
                raise NotCollected(f"列“{name}”出现两次。", f"the column {name} is there twice")
            found[at] = name
        elif head.lower() not in ABOUT and _last(head, notes) not in notes and head:
            parts = head.replace("-", "/").split("/")
            owner = questions.get(parts[-2]) if len(parts) > 1 else None
            if owner is None or owner.type != "select_multiple":
                strange.append(head)
    if strange:
        names = ", ".join(strange[:5])
        raise NotCollected(f"有不属于此表的列：{names}。", f"columns not of this form: {names}")
    if not found:
        raise NotCollected("没有此表的任何问题。", "no question of this form is there")
    return found


def _last(head: str, names: Collection[str]) -> str:
    """The question of a heading, with or without the groups it stands in."""
    if head in names:
        return head
    for mark in ("/", "-", ":"):
        last = head.rpartition(mark)[2]
        if last in names:
            return last
    return head


def _identity(heads: list[str]) -> int | None:
    lower = [head.lower() for head in heads]
    return next((lower.index(name) for name in IDENTITY if name in lower), None)


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text.strip().removeprefix("uuid:"))
    except ValueError:
        return None


def from_submission(file: IO[bytes], instrument: Instrument) -> Row:
    """One submission in ODK's XML format. Raises NotCollected."""
    try:
        root = parse(file, forbid_dtd=True).getroot()
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise NotCollected("不是可读取的 XML。", "is not XML that can be read") from error
    assert root is not None
    form = root.get("id", "")
    if form != instrument.id:
        raise NotCollected(f"这是“{form}”的答卷。", f"it answers the form {form!r}")
    questions = {question.name for question in instrument.asked}
    others = {question.name for question in instrument.all} - questions
    raw: dict[str, str] = {}
    submission: uuid.UUID | None = None
    for element in root.iter():
        name = element.tag.rpartition("}")[2]
        text = (element.text or "").strip()
        if name == "instanceID":
            submission = _uuid(text)
        elif name in questions:
            if name in raw:
                raise NotCollected(f"“{name}”出现两次。", f"{name} is there twice")
            raw[name] = text
        elif element is not root and name not in others | {"meta", "instanceName"} and text:
            raise NotCollected(f"表中没有“{name}”。", f"the form does not ask {name}")
    return Row(1, submission, {name: text for name, text in raw.items() if text})
