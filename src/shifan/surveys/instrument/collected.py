"""Answers collected in KoboToolbox or ODK, read back: exports as CSV or XLSX, ODK's submissions.

An export may hold a question of several choices as one column, as a column for each choice, or as
both; with or without the groups it stands in. A submission that was edited keeps the number of its
first version, and is the same submission; one that its reviewers have not accepted is left out.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, parse

from shifan.rulebook.base import Text
from shifan.scoring.table.delimited import Delimited
from shifan.scoring.table.rows import Refused, Source
from shifan.scoring.table.sniff import sniff
from shifan.scoring.table.workbook import Workbook
from shifan.surveys.instrument.model import Instrument, Question

ABOUT = frozenset({
    "id", "_id", "uuid", "_uuid", "__id", "key", "parent_key", "instanceid", "meta/instanceid",
    "instancename", "meta/instancename", "start", "end", "today", "submissiondate",
    "__system/submissiondate", "_submission_time", "_submitted_by", "_validation_status", "_notes",
    "_status", "_tags", "_index", "__version__", "_version_", "formhub/uuid", "meta/rootuuid",
    "rootuuid", "meta/deprecatedid", "deprecatedid", "submitterid", "submittername",
    "attachmentspresent", "attachmentsexpected", "status", "reviewstate", "deviceid", "edits",
    "formversion", "_geolocation", "_attachments", "_parent_index", "_submission__id",
    "meta/audit", "audit", "_xform_id_string", "_bamboo_dataset_id", "_media_all_received",
    "_supplementaldetails", "_parent_table_name", "_submission__uuid",
    "_submission__submission_time", "_submission__validation_status", "_submission__notes",
    "_submission__status", "_submission__submitted_by", "_submission___version__",
    "_submission__tags",
})  # fmt: skip
"""Columns of exports that say something about the submission: passed over, whatever they hold."""
ROOT = ("meta/rootuuid", "rootuuid", "key", "__id")
"""What is the same for every version of a submission, as the two tools call it."""
OWN = ("meta/instanceid", "instanceid", "_uuid", "uuid")
"""What names one version."""
BEFORE = ("meta/deprecatedid", "deprecatedid")
REVIEW = ("_validation_status", "reviewstate")
ACCEPTED = frozenset({
    "", "approved", "validation_status_approved", "edited", "received", "none", "null",
})  # fmt: skip
"""What reviewers say of a submission that counts; "" where nobody looked at it."""
TICKED = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
MARKS = "/.:-"
"""What parts the groups of a heading from its question, and the question from a choice."""


class NotCollected(ValueError):
    """A file that holds no answers to this form; ``text`` says why."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.text = Text(zh=zh, en=en)


@dataclass(frozen=True)
class Row:
    """One submission: where it stands, the number its first version was given, what was answered.

    ``wrong`` says why it cannot be read, ``left_out`` that its reviewers have not accepted it.
    """

    number: int
    submission: uuid.UUID | None
    raw: dict[str, str] = field(default_factory=dict)
    wrong: Text | None = None
    left_out: bool = False


class _Wrong(ValueError):
    """A row that cannot be read."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.text = Text(zh=zh, en=en)


def from_table(path: Path, instrument: Instrument) -> Iterator[Row]:
    """The submissions of an export as CSV or XLSX. Raises NotCollected for what is none of this
    form's."""
    try:
        kind = sniff(path)
        if kind == "parquet":
            raise NotCollected("请导出为 CSV 或 XLSX。", "export it as CSV or XLSX")
        source: Source = Workbook(path, as_text=True) if kind == "xlsx" else Delimited(path)
        yield from _rows(source, instrument)
    except Refused as refused:
        raise NotCollected(refused.text.zh, refused.text.en) from refused


def _rows(source: Source, instrument: Instrument) -> Iterator[Row]:
    heads: _Heads | None = None
    for batch in source.batches():
        faults: dict[int, dict[int | None, Text]] = {}
        for fault in batch.faults:
            faults.setdefault(fault.row or 0, {})[fault.column] = fault.text
        for number, cells in enumerate(batch.rows, batch.first):
            row = [*[""] * batch.left, *cells]
            if not any(str(cell).strip() for cell in row) and number not in faults:
                continue
            if heads is None:
                heads = _Heads([str(cell).replace("\ufeff", "").strip() for cell in row],
                               instrument)  # fmt: skip
            else:
                yield heads.read(number, row, faults.get(number, {}))
        for merged in (fault for fault in batch.faults if fault.last is not None):
            raise NotCollected(merged.text.zh, merged.text.en)
    if heads is None:
        raise NotCollected("文件没有数据。", "the file has no rows")


class _Heads:
    """What each column of an export holds."""

    def __init__(self, heads: Sequence[str], instrument: Instrument) -> None:
        self._asked = {question.name: question for question in instrument.asked}
        self._whole: dict[int, str] = {}
        self._split: dict[str, dict[int, str]] = {}
        self._about: dict[str, int] = {}
        notes = {question.name for question in instrument.all if not question.takes_answers}
        splits = _splits(self._asked.values())
        strange: list[str] = []
        for at, head in enumerate(heads):
            name, part = _last(head, self._asked), _last(head, splits)
            if part is not None and head not in self._asked:
                question, choice = splits[part]
                if choice in self._split.setdefault(question, {}).values():
                    raise NotCollected(f"列“{head}”出现两次。", f"the column {head} is there twice")
                self._split[question][at] = choice
            elif name is not None:
                if name in self._whole.values():
                    raise NotCollected(f"列“{name}”出现两次。", f"the column {name} is there twice")
                self._whole[at] = name
            elif (about := _about(head)) is not None:
                self._about.setdefault(about, at)
            elif head and _last(head, notes) is None:
                strange.append(head)
        if strange:
            names = ", ".join(strange[:5])
            raise NotCollected(
                f"有不属于此表的列：{names}。导出时请选择以名称（而非文字）作列名。",
                f"columns not of this form: {names}; export with names, not labels, as headings",
            )
        if not self._whole and not self._split:
            raise NotCollected("没有此表的任何问题。", "no question of this form is there")

    def read(self, number: int, cells: Sequence[object], faults: Mapping[int | None, Text]) -> Row:
        """The submission in a row whose places ``faults`` cannot be read."""

        def said(about: str) -> str:
            at = self._about.get(about)
            return "" if at is None or at >= len(cells) else str(cells[at]).strip()

        left_out = not all(said(each).lower() in ACCEPTED for each in REVIEW)
        try:
            return Row(number, _identity(said), self._answers(cells, faults), left_out=left_out)
        except _Wrong as wrong:
            return Row(number, None, wrong=wrong.text, left_out=left_out)

    def _answers(
        self, cells: Sequence[object], faults: Mapping[int | None, Text]
    ) -> dict[str, str]:
        raw: dict[str, str] = {}
        for at, fault in faults.items():
            if at is None or at in self._whole or any(at in each for each in self._split.values()):
                raise _Wrong(fault.zh, fault.en)

        def text_at(at: int, name: str) -> str:
            cell = cells[at] if at < len(cells) else ""
            if not isinstance(cell, str):
                raise _Wrong(
                    f"{name}：单元格被存成了日期或时间（{cell}），请设为文本格式",
                    f"{name}: the cell was kept as a date or a time ({cell}): format it as text",
                )
            return cell

        for at, name in self._whole.items():
            if text := text_at(at, name):
                raw[name] = text
        for name, places in self._split.items():
            marks = {choice: _ticked(text_at(at, name), name) for at, choice in places.items()}
            told = {choice for choice, mark in marks.items() if mark is not None}
            chosen = {choice for choice in told if marks[choice]}
            if name in self._whole.values():
                if told and set(raw.get(name, "").split()) & told != chosen:
                    raise _Wrong(
                        f"{name}：汇总列与各选项列不一致",
                        f"{name}: the column and those of its choices do not say the same",
                    )
            elif chosen:
                raw[name] = " ".join(each for each in self._asked[name].choice_names
                                     if each in chosen)  # fmt: skip
        return raw


def _splits(asked: Collection[Question]) -> dict[str, tuple[str, str]]:
    """Heading of a choice's own column, without groups → its question and the choice."""
    return {
        f"{question.name}{mark}{choice}": (question.name, choice)
        for question in asked
        if question.type == "select_multiple"
        for choice in question.choice_names
        for mark in MARKS
    }


def _last(head: str, names: Collection[str]) -> str | None:
    """The name a heading ends in, with or without the groups before it; the longest there is."""
    if head in names:
        return head
    ends = (head[at + 1 :] for at, letter in enumerate(head) if letter in MARKS)
    return next((end for end in ends if end in names), None)


def _about(head: str) -> str | None:
    """The column about the submission that is meant, whatever parts its group from its name."""
    lower = head.lower()
    for each in (lower, *(lower.replace(mark, "/") for mark in MARKS)):
        if each in ABOUT:
            return each
    return None


def _ticked(text: str, name: str) -> bool | None:
    """What the column of a choice says; None where the question was not answered."""
    word = text.strip().lower()
    if not word:
        return None
    if word not in TICKED:
        raise _Wrong(f"{name}：选项列只能是 1 或 0，而非“{text}”",
                     f"{name}: the column of a choice is 1 or 0, not {text!r}")  # fmt: skip
    return TICKED[word]


def _identity(said: Callable[[str], str]) -> uuid.UUID | None:
    """The number of the submission's first version; None if none is told."""
    for name in ROOT:
        if found := _uuid(said(name)):
            return found
    if any(said(name) for name in BEFORE):
        raise _edited()
    return next((found for name in OWN if (found := _uuid(said(name)))), None)


def _edited() -> _Wrong:
    return _Wrong(
        "这是修改过的答卷，但未注明最初的编号，可能已计入",
        "this submission was edited, and does not say which was its first version: it may have "
        "been counted",
    )


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
    about: dict[str, str] = {}
    for element in root.iter():
        name = element.tag.rpartition("}")[2]
        text = (element.text or "").strip()
        if name in questions:
            if name in raw:
                raise NotCollected(f"“{name}”出现两次。", f"{name} is there twice")
            raw[name] = text
        elif (known := _about(name)) is not None:
            about[known] = text
        elif element is not root and name not in others | {"meta"} and text:
            raise NotCollected(f"表中没有“{name}”。", f"the form does not ask {name}")
    answers = {name: text for name, text in raw.items() if text}
    try:
        return Row(1, _identity(lambda name: about.get(name, "")), answers)
    except _Wrong as wrong:
        return Row(1, None, wrong=wrong.text)
