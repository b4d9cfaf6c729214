"""The rows of an XLSForm as settings, lists of choices and a tree of questions."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from shifan.surveys.instrument.languages import Languages
from shifan.surveys.instrument.model import NAME, Choice, Question, Type
from shifan.surveys.instrument.sheets import TRANSLATED, Report, Row

TYPES: dict[str, Type] = {
    "integer": "integer", "int": "integer", "decimal": "decimal", "text": "text",
    "string": "text", "note": "note",
}  # fmt: skip
SELECTS: tuple[tuple[str, Type], ...] = (
    ("select_one", "select_one"), ("select one from", "select_one"), ("select one", "select_one"),
    ("select_multiple", "select_multiple"), ("select multiple", "select_multiple"),
    ("select all that apply from", "select_multiple"),
)  # fmt: skip
REASONS: dict[str, tuple[str, str]] = {
    "begin_repeat": ("不支持重复组。", "repeated groups are not asked"),
    "end_repeat": ("不支持重复组。", "repeated groups are not asked"),
    "calculate": ("不支持计算字段。", "nothing is calculated while answering"),
    "start": ("不记录开始时间。", "the time of starting is not recorded"),
    "end": ("不记录结束时间。", "the time of ending is not recorded"),
    "today": ("不记录答题日期。", "the day of answering is not taken from the device"),
    "deviceid": ("不记录设备标识。", "no device is identified"),
    "phonenumber": ("不记录电话号码。", "no telephone number is recorded"),
    "username": ("不记录用户名。", "no user name is recorded"),
    "email": ("不记录电子邮箱。", "no address is recorded"),
    "geopoint": ("不记录位置。", "no position is recorded"),
    "geotrace": ("不记录位置。", "no position is recorded"),
    "geoshape": ("不记录位置。", "no position is recorded"),
    "start-geopoint": ("不记录位置。", "no position is recorded"),
    "audit": ("不记录答题过程。", "the course of answering is not recorded"),
    "image": ("不收集图片。", "no pictures are collected"),
    "audio": ("不收集录音。", "no recordings are collected"),
    "video": ("不收集录像。", "no recordings are collected"),
}
QUESTION_COLUMNS = frozenset({"type", "name", "required", "relevant", "constraint", *TRANSLATED})
CHOICE_COLUMNS = frozenset({"list_name", "name", "label"})
SETTING_COLUMNS = frozenset({"form_title", "form_id", "version", "default_language"})
YES, NO = frozenset({"yes", "true", "true()"}), frozenset({"", "no", "false", "false()"})


@dataclass(frozen=True)
class Settings:
    """What the settings sheet says."""

    title: str = ""
    form_id: str = ""
    version: str = ""
    default_language: str = ""


@dataclass
class Placed:
    """A question with the row it stands in, and those inside it."""

    row: int
    question: Question
    inside: list[Placed] = field(default_factory=list)


def settings_of(rows: list[Row], report: Report) -> Settings:
    """The settings; any that change how a form is asked are refused."""
    if not rows:
        return Settings()
    _columns(rows[:1], SETTING_COLUMNS, "settings", report)
    row = rows[0]
    return Settings(
        row["form_title"], row["form_id"], row["version"], row["default_language"]
    )  # fmt: skip


def choices_of(
    rows: list[Row], languages: Languages, report: Report
) -> dict[str, tuple[Choice, ...]]:
    """The lists of choices by their names."""
    _columns(rows, CHOICE_COLUMNS, "choices", report)
    made: dict[str, list[Choice]] = {}
    for row in rows:
        name, held = row["name"], made.setdefault(row["list_name"], [])
        if not re.fullmatch(r"[A-Za-z0-9_.-]{1,60}", name):
            report.add("choices", row.number, "name", f"“{name}”不能作选项名。",
                       f"{name!r} cannot name a choice")  # fmt: skip
            continue
        if any(choice.name == name for choice in held):
            report.add("choices", row.number, "name", f"选项“{name}”重复。",
                       f"the choice {name} is there twice")  # fmt: skip
            continue
        labels = languages.labels(row, "label")
        languages.require(labels, "choices", row, report)
        held.append(Choice(name=name, label=labels))
    return {name: tuple(held) for name, held in made.items()}


def tree_of(
    rows: list[Row], lists: dict[str, tuple[Choice, ...]], languages: Languages, report: Report
) -> list[Placed]:
    """The questions, those of a group inside it."""
    _columns(rows, QUESTION_COLUMNS, "survey", report)
    top: list[Placed] = []
    open_: list[tuple[Placed, list[Placed]]] = []
    here = top
    for row in rows:
        kind = row["type"].replace(" ", "_").lower() if "group" in row["type"] else row["type"]
        if kind == "end_group":
            if not open_:
                report.add("survey", row.number, "type", "没有对应的组。", "no group is open")
                continue
            _close(*open_.pop())
            here = open_[-1][1] if open_ else top
            continue
        question = _question(row, kind, lists, languages, report)
        if question is None:
            continue
        placed = Placed(row.number, question)
        here.append(placed)
        if question.type == "group":
            open_.append((placed, placed.inside))
            here = placed.inside
    while open_:
        placed, inside = open_.pop()
        report.add("survey", placed.row, "type", "组没有结束。", "the group has no end")
        _close(placed, inside)
    return top


def _close(placed: Placed, inside: list[Placed]) -> None:
    questions = tuple(each.question for each in inside)
    placed.question = placed.question.model_copy(update={"questions": questions})


def _question(
    row: Row, kind: str, lists: dict[str, tuple[Choice, ...]], languages: Languages, report: Report
) -> Question | None:
    type_, choices = _type(row, kind, lists, report)
    name = row["name"]
    if not re.fullmatch(NAME, name) or len(name) > 60:
        report.add("survey", row.number, "name", f"“{name}”不能作问题名。",
                   f"{name!r} cannot name a question")  # fmt: skip
        return None
    required = row["required"].lower()
    if required not in YES | NO:
        report.add("survey", row.number, "required", "必填只能是 yes 或 no。",
                   "required is yes or no, nothing else")  # fmt: skip
    if type_ is None:
        return None
    labels = languages.labels(row, "label")
    if type_ != "group" or labels:
        languages.require(labels, "survey", row, report)
    return Question(
        name=name, type=type_, label=labels, hint=languages.labels(row, "hint"), choices=choices,
        required=required in YES and type_ not in ("note", "group"),
        relevant=row["relevant"], constraint=row["constraint"],
        constraint_message=languages.labels(row, "constraint_message"),
    )  # fmt: skip


def _type(
    row: Row, kind: str, lists: dict[str, tuple[Choice, ...]], report: Report
) -> tuple[Type | None, tuple[Choice, ...]]:
    if kind == "begin_group":
        return "group", ()
    if kind in TYPES:
        return TYPES[kind], ()
    for written, type_ in SELECTS:
        if kind.startswith(f"{written} "):
            return _select(row, type_, kind.removeprefix(written).strip(), lists, report)
    known = kind.replace(" ", "_").lower()
    zh, en = REASONS.get(known, ("不支持此类问题。", "this kind of question is not asked"))
    report.add("survey", row.number, "type", f"“{kind}”：{zh}", f"{kind or 'no type'}: {en}")
    return None, ()


def _select(
    row: Row, type_: Type, list_name: str, lists: dict[str, tuple[Choice, ...]], report: Report
) -> tuple[Type | None, tuple[Choice, ...]]:
    if re.search(r"\s(or_other|or specify other)$", list_name):
        report.add("survey", row.number, "type", "不支持“其他（请填写）”。",
                   "or_other is not asked: add a choice and a question")  # fmt: skip
        return None, ()
    choices = lists.get(list_name, ())
    if not choices:
        report.add("survey", row.number, "type", f"没有选项表“{list_name}”。",
                   f"there is no list of choices {list_name}")  # fmt: skip
        return None, ()
    return type_, choices


def _columns(rows: list[Row], known: frozenset[str], sheet: str, report: Report) -> None:
    for row in rows:
        for column in row.cells:
            if column.partition("::")[0] not in known or (
                "::" in column and column.partition("::")[0] not in TRANSLATED
            ):
                report.add(sheet, row.number, column, f"不支持“{column}”列。",
                           f"the column {column} is not supported")  # fmt: skip
