"""From an XLSForm to a form that is asked here, or to all that keeps it from being asked.

What this site does not ask is refused by row and reason and never left out in silence. The file
goes through pyxform as well, so that what is taken here also opens in KoboToolbox and ODK.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError
from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from shifan.rulebook.base import Text
from shifan.rulebook.check.indicators import FORBIDDEN_SUBJECTS
from shifan.surveys.instrument import expressions
from shifan.surveys.instrument.languages import Languages
from shifan.surveys.instrument.model import Instrument
from shifan.surveys.instrument.rows import Choices, Placed, choices_of, settings_of, tree_of
from shifan.surveys.instrument.sheets import READ, Finding, Refused, Report, sheets

PERSONAL = re.compile(
    r"(您的|你的|何种|哪个|什么)民族|民族成分|族别|宗教|信仰|身份证|护照号|指纹|人脸|虹膜|您的姓名"
    r"|手机号|\b(ethnicity|ethnic group|religion|religious|identity (number|card)|passport number"
    r"|fingerprints?|your name|phone number)\b",
    re.IGNORECASE,
)
"""What no question may be about, in its words; its name is held to the rule for inputs."""
PERSONAL_NAME = re.compile("民族|族别|宗教|信仰|姓名|身份证|护照|指纹|人脸|虹膜|手机|电话号码")
"""What no question may be called."""


@dataclass(frozen=True)
class Form:
    """A form that can be asked, and what of the file was left out."""

    instrument: Instrument
    notes: tuple[Finding, ...]


def read(path: Path) -> Instrument:
    """The form in an XLSX file. Raises Refused with everything that is wrong."""
    return form(path).instrument


def form(path: Path) -> Form:
    """The form in an XLSX file with what was left out of it. Raises Refused."""
    report = Report()
    found = sheets(path, report)
    for name, rows in found.items():
        if name not in READ and not name.startswith("_") and rows:
            report.note(name, 0, "", "不读取此工作表，已略去。", "this sheet is not read")
    if not found.get("survey"):
        names = "、".join(found) or "—"
        report.add("survey", 0, "", f"缺少 survey 工作表或其中无问题（读到：{names}）。",
                   f"there are no questions; the sheets are: {', '.join(found) or 'none'}"
                   )  # fmt: skip
        raise Refused(report.findings)
    settings = settings_of(found.get("settings", []), report)
    languages = Languages.of(found, settings.default_language)
    lists = choices_of(found.get("choices", []), languages, report)
    questions = tree_of(found["survey"], lists, languages, report)
    _judge(questions, lists, report)
    if not report.findings:
        _convert(path, report)
    if report.findings:
        raise Refused(sorted(report.findings))
    try:
        made = Instrument(
            id=settings.form_id or path.stem[:60] or "form",
            version=settings.version,
            title=settings.title or settings.form_id or path.stem[:60] or "form",
            languages=languages.all,
            questions=tuple(each.question for each in questions),
        )
    except ValidationError as error:
        column = str(error.errors()[0]["loc"][0])
        text = Text(zh=f"{column} 过长或为空。", en=f"{column} is too long or empty")
        raise Refused([Finding("settings", 2, column, text)]) from error
    return Form(made, tuple(sorted(report.notes)))


def findings(path: Path) -> tuple[Finding, ...]:
    """Everything that keeps the file from being asked; empty if nothing does."""
    try:
        read(path)
    except Refused as refused:
        return refused.findings
    return ()


def _judge(placed: list[Placed], lists: dict[str, Choices], report: Report) -> None:
    """Names used once, conditions that can be read and that look at questions that are there, and
    at answers these can have."""
    rows: dict[str, int] = {}
    every = list(_flat(placed))
    for each in every:
        name = each.question.name
        if name in rows:
            report.add("survey", each.row, "name", f"名称“{name}”已在第 {rows[name]} 行使用。",
                       f"the name {name} is used in row {rows[name]} already")  # fmt: skip
        rows.setdefault(name, each.row)
        words = [*each.question.label.values(), *each.question.hint.values()]
        forbidden = FORBIDDEN_SUBJECTS.search(name.lower()) or PERSONAL_NAME.search(name)
        if forbidden or any(map(PERSONAL.search, words)):
            report.add("survey", each.row, "label", "不得询问民族、宗教、证件、生物特征等信息。",
                       "asks who somebody is: never ethnicity, religion, papers, biometrics or "
                       "a way to reach a person")  # fmt: skip
    answered = {each.question.name for each in every if each.question.takes_answers}
    broken = {choice.name for each in lists.values() if not each.whole for choice in each.held}
    choices = {
        each.question.name: set(each.question.choice_names)
        for each in every
        if each.question.choices and not set(each.question.choice_names) & broken
    }
    uses: dict[str, frozenset[str]] = {}
    for each in every:
        for column in ("relevant", "constraint"):
            written = getattr(each.question, column)
            if not written:
                continue
            try:
                made = expressions.compile(written)
            except expressions.BadExpression as bad:
                report.add("survey", each.row, column, bad.text.zh, bad.text.en)
                continue
            for name in sorted(made.names - answered - report.refused):
                report.add("survey", each.row, column, f"没有名为“{name}”的问题。",
                           f"there is no question {name}")  # fmt: skip
            for name, answer in made.compared:
                asked = each.question.name if name == "." else name
                if answer and answer not in choices.get(asked, {answer}):
                    report.add("survey", each.row, column, f"“{asked}”没有选项“{answer}”。",
                               f"{answer} is no choice of {asked}")  # fmt: skip
            if column == "relevant":
                uses[each.question.name] = made.names & answered
    for each in every:
        for inner in each.inside:
            uses[inner.question.name] = uses.get(inner.question.name, frozenset()) | {
                each.question.name
            }
    trail = expressions.cycle(uses)
    if trail:
        way = " → ".join(trail)
        report.add("survey", rows[trail[0]], "relevant", f"条件循环引用：{way}。",
                   f"the conditions run in a circle: {way}")  # fmt: skip


def _flat(placed: list[Placed]) -> Iterator[Placed]:
    for each in placed:
        yield each
        yield from _flat(each.inside)


def _convert(path: Path, report: Report) -> None:
    """What pyxform has against the file."""
    try:
        convert(str(path), file_type=".xlsx", validate=False, form_name="form")
    except PyXFormError as error:
        message = " ".join(str(error).split())[:400]
        row = re.search(r"row ?: ?(\d+)", message)
        report.add("survey" if row else "", int(row[1]) if row else 0, "",
                   f"KoboToolbox 和 ODK 打不开此表：{message}",
                   f"KoboToolbox and ODK would not open it: {message}")  # fmt: skip
