"""The rows of an XLSForm as settings, lists of choices and a tree of questions."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from shifan.surveys.instrument.languages import Languages
from shifan.surveys.instrument.model import CHOICE, NAME, Choice, Question, Type
from shifan.surveys.instrument.sheets import TRANSLATED, Report, Row

TYPES: dict[str, Type] = {
    "integer": "integer", "int": "integer", "decimal": "decimal", "text": "text",
    "string": "text", "note": "note",
}  # fmt: skip
SELECTS: tuple[tuple[str, Type], ...] = (
    ("select_one", "select_one"), ("select one from", "select_one"), ("select one", "select_one"),
    ("select1", "select_one"), ("select_multiple", "select_multiple"),
    ("select multiple", "select_multiple"), ("select all that apply from", "select_multiple"),
)  # fmt: skip
NOT_RECORDED = frozenset({
    "start", "end", "today", "deviceid", "phonenumber", "username", "email", "simserial",
    "subscriberid", "audit", "start-geopoint", "background-audio", "background-geopoint",
    "start_time", "end_time", "get_today", "device_id", "sim_id", "subscriber_id", "phone_number",
    "imei", "uri:deviceid", "uri:phonenumber", "uri:simserial", "uri:subscriberid", "uri:username",
    "uri:email",
})  # fmt: skip
"""What a device would record by itself; answers are anonymous, so it is left out, with a word."""
REASONS: dict[str, tuple[str, str]] = {
    "begin_repeat": ("不支持重复组。", "repeated groups are not asked"),
    "calculate": ("不支持计算字段。", "nothing is calculated while answering"),
    "hidden": ("不支持隐藏字段。", "there are no hidden fields"),
    "geopoint": ("不记录位置。", "no position is recorded"),
    "geotrace": ("不记录位置。", "no position is recorded"),
    "geoshape": ("不记录位置。", "no position is recorded"),
    "image": ("不收集图片。", "no pictures are collected"),
    "photo": ("不收集图片。", "no pictures are collected"),
    "audio": ("不收集录音。", "no recordings are collected"),
    "video": ("不收集录像。", "no recordings are collected"),
    "file": ("不收集文件。", "no files are collected"),
    "barcode": ("不扫描条码。", "no codes are scanned"),
    "date": ("不询问日期，请改用文本或选项。", "dates are not asked: ask a text or choices"),
    "time": ("不询问时间，请改用文本或选项。", "times are not asked: ask a text or choices"),
    "datetime": ("不询问时间，请改用文本或选项。", "times are not asked: ask a text or choices"),
    "range": ("不支持滑块，请改用整数。", "sliders are not asked: ask a whole number"),
    "rank": ("不支持排序题。", "choices are not put in order"),
    "acknowledge": ("不支持确认题，请改用单选。", "ask a choice of one instead"),
    "trigger": ("不支持确认题，请改用单选。", "ask a choice of one instead"),
    "select_one_from_file": ("不读取外部选项表。", "choices are not read from another file"),
    "select_multiple_from_file": ("不读取外部选项表。", "choices are not read from another file"),
    "select_one_external": ("不读取外部选项表。", "choices are not read from another sheet"),
    "csv-external": ("不读取外部数据。", "no other file is read"),
    "xml-external": ("不读取外部数据。", "no other file is read"),
}
UNKNOWN = ("不支持此类问题。", "this kind of question is not asked")
QUESTION_COLUMNS = frozenset({
    "type", "name", "required", "relevant", "constraint", "default", *TRANSLATED,
})  # fmt: skip
CHOICE_COLUMNS = frozenset({"list_name", "name", "label"})
SETTING_COLUMNS = frozenset({"form_title", "form_id", "version", "default_language"})
CHANGING = {
    "choice_filter": (
        "不支持按前面的回答筛选选项。",
        "choices are not filtered by earlier answers",
    ),
    "calculation": ("不支持计算字段。", "nothing is calculated while answering"),
    "trigger": ("不支持计算字段。", "nothing is calculated while answering"),
    "repeat_count": ("不支持重复组。", "repeated groups are not asked"),
}
"""Columns that change what is asked, and so cannot be left out."""
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


@dataclass
class Choices:
    """A list of choices; ``whole`` unless a row of it was refused."""

    held: list[Choice] = field(default_factory=list)
    whole: bool = True


def settings_of(rows: list[Row], report: Report) -> Settings:
    """The settings; others are left out, with a word."""
    if not rows:
        return Settings()
    _columns(rows[:1], SETTING_COLUMNS, "settings", report)
    row = rows[0]
    return Settings(
        row["form_title"], row["form_id"], row["version"], row["default_language"]
    )  # fmt: skip


def choices_of(rows: list[Row], languages: Languages, report: Report) -> dict[str, Choices]:
    """The lists of choices by their names."""
    _columns(rows, CHOICE_COLUMNS, "choices", report)
    made: dict[str, Choices] = {}
    for row in rows:
        if not row["list_name"] and not row["name"]:
            continue
        name, here = row["name"], made.setdefault(row["list_name"], Choices())
        if not re.fullmatch(CHOICE, name) or len(name) > 60:
            report.add("choices", row.number, "name", f"“{name}”不能作选项名：{NAMES_ZH}",
                       f"{name!r} cannot name a choice: {NAMES_EN}")  # fmt: skip
            here.whole = False
            continue
        if any(choice.name == name for choice in here.held):
            report.add("choices", row.number, "name", f"选项“{name}”重复。",
                       f"the choice {name} is there twice")  # fmt: skip
            continue
        labels = languages.required(row, "choices", report)
        here.held.append(Choice(name=name, label=labels))
        here.whole = here.whole and ("choices", row.number) not in report.unread
    return made


REFUSED = Question(name="refused", type="group")
"""Stands for a group whose row was refused."""
NAMES_ZH = "名称由字母、汉字、数字、下划线、点、连字符组成，不含空格。"
NAMES_EN = "a name is of letters of any script, digits, _, . and -, without spaces"


def tree_of(
    rows: list[Row], lists: dict[str, Choices], languages: Languages, report: Report
) -> list[Placed]:
    """The questions, those of a group inside it."""
    _columns(rows, QUESTION_COLUMNS, "survey", report)
    top: list[Placed] = []
    open_: list[tuple[Placed, list[Placed]]] = []
    repeats = 0
    here = top
    kinds: dict[str, list[int]] = {}
    for row in rows:
        kind = _kind(row)
        if kind == "end_repeat":
            repeats = max(repeats - 1, 0)
            continue
        if repeats or kind == "begin_repeat":  # what is repeated is refused with its group
            repeats += kind == "begin_repeat"
            if kind == "begin_repeat":
                kinds.setdefault(kind, []).append(row.number)
            report.refused.add(row["name"])
            continue
        if kind == "end_group":
            if not open_:
                report.add("survey", row.number, "type", "没有对应的组。", "no group is open")
                continue
            _close(*open_.pop())
            here = open_[-1][1] if open_ else top
            continue
        if kind.lower().replace(" ", "_") in NOT_RECORDED:
            report.note("survey", row.number, "type", f"“{kind}”不记录，已略去。",
                        f"{kind} is not recorded and left out: answers are anonymous")  # fmt: skip
            continue
        question = _question(row, kind, lists, languages, report, kinds)
        if question is None:
            report.refused.add(row["name"])
            if kind == "begin_group":  # it is refused, and still has an end
                open_.append((Placed(row.number, REFUSED), here))
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
    for kind, found in kinds.items():
        known = kind.replace(" ", "_").lower()
        zh, en = CHANGING.get(kind) or REASONS.get(known, UNKNOWN)
        also = found[1:6]
        zh += f"（另见第 {'、'.join(map(str, also))} 行）" if also else ""
        en += f" (also in rows {', '.join(map(str, also))})" if also else ""
        column = kind if kind in CHANGING else "type"
        report.add("survey", found[0], column, f"“{kind}”：{zh}", f"{kind or 'no type'}: {en}")
    return top


def _kind(row: Row) -> str:
    """The type as written; the beginning and end of a group or repeat in one spelling."""
    kind = " ".join(row["type"].split())
    folded = kind.replace(" ", "_").lower()
    if folded.startswith(("begin_loop", "end_loop")):
        return f"{folded.partition('_')[0]}_repeat"
    return folded if folded in ("begin_group", "end_group", "begin_repeat", "end_repeat") else kind


def _close(placed: Placed, inside: list[Placed]) -> None:
    questions = tuple(each.question for each in inside)
    placed.question = placed.question.model_copy(update={"questions": questions})


def _question(
    row: Row, kind: str, lists: dict[str, Choices], languages: Languages, report: Report,
    kinds: dict[str, list[int]],
) -> Question | None:  # fmt: skip
    type_, choices = _type(row, kind, lists, report, kinds)
    if type_ is None:
        return None
    name = row["name"]
    if not re.fullmatch(NAME, name) or len(name) > 60:
        zh = f"“{name}”不能作问题名：{NAMES_ZH}" if name else "没有名称。"
        en = f"{name!r} cannot name a question: {NAMES_EN}" if name else "there is no name"
        report.add("survey", row.number, "name", zh, en)
        return None
    required = row["required"].lower()
    if required not in YES | NO:
        report.add("survey", row.number, "required", "必填只能是 yes 或 no。",
                   "required is yes or no, nothing else")  # fmt: skip
    for column in CHANGING:
        if row[column]:
            kinds.setdefault(column, []).append(row.number)
    labels = languages.labels(row, "label")
    if type_ != "group" or labels:
        labels = languages.required(row, "survey", report)
    return Question(
        name=name, type=type_, label=labels, hint=languages.labels(row, "hint"), choices=choices,
        required=required in YES and type_ not in ("note", "group"),
        relevant=row["relevant"], constraint=row["constraint"],
        constraint_message=languages.labels(row, "constraint_message"),
        default=_default(row, type_, choices, report),
    )  # fmt: skip


def _default(row: Row, type_: Type, choices: tuple[Choice, ...], report: Report) -> str:
    """What is filled in beforehand: a value written out, no expression."""
    given = row["default"]
    if not given or type_ in ("note", "group"):
        return ""
    if "${" in given or re.search(r"\w\(", given):
        report.add("survey", row.number, "default", "默认值不能是表达式。",
                   "what is filled in beforehand is a value, no expression")  # fmt: skip
    elif choices and set(given.split()) - {choice.name for choice in choices}:
        report.add("survey", row.number, "default", f"没有选项“{given}”。",
                   f"there is no choice {given}")  # fmt: skip
    return given


def _type(
    row: Row, kind: str, lists: dict[str, Choices], report: Report, kinds: dict[str, list[int]]
) -> tuple[Type | None, tuple[Choice, ...]]:
    folded = kind.lower()
    if folded == "begin_group":
        return "group", ()
    if folded in TYPES:
        return TYPES[folded], ()
    for written, type_ in SELECTS:
        if folded.startswith(f"{written} "):
            return _select(row, type_, kind[len(written) :].strip(), lists, report)
    kinds.setdefault(kind.partition(" ")[0] if kind.startswith("select") else kind, []).append(
        row.number
    )
    return None, ()


def _select(
    row: Row, type_: Type, list_name: str, lists: dict[str, Choices], report: Report
) -> tuple[Type | None, tuple[Choice, ...]]:
    if re.search(r"\s(or_other|or specify other)$", list_name):
        report.add("survey", row.number, "type", "不支持“其他（请填写）”。",
                   "or_other is not asked: add a choice and a question")  # fmt: skip
        return None, ()
    choices = lists.get(list_name)
    if choices is None:
        report.add("survey", row.number, "type", f"没有选项表“{list_name}”。",
                   f"there is no list of choices {list_name}")  # fmt: skip
        return None, ()
    return type_, tuple(choices.held)


def _columns(rows: list[Row], known: frozenset[str], sheet: str, report: Report) -> None:
    for row in rows:
        for column in row.cells:
            base, language = column.partition("::")[::2]
            if base in known and (not language or base in TRANSLATED):
                continue
            if sheet == "survey" and column in CHANGING:
                continue
            report.note(sheet, row.number, column, f"“{column}”列不读取，已略去。",
                        f"the column {column} is not read and left out")  # fmt: skip
