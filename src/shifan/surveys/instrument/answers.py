"""Whether an answer fits the form: the same checks for the page, the field and what is imported."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from graphlib import TopologicalSorter
from typing import Literal

from shifan.rulebook.base import Text
from shifan.surveys.instrument import expressions
from shifan.surveys.instrument.expressions import Expression
from shifan.surveys.instrument.model import Instrument, Question

Raw = Mapping[str, str | Sequence[str]]
"""Question → what was typed or ticked."""

Values = dict[str, str]
"""Question → its answer: a choice, choices separated by a space, an exact number, a text."""

LONGEST = 1000
LARGEST = Decimal(10) ** 9

ProblemKind = Literal["unknown", "required", "choice", "number", "text", "constraint"]


@dataclass(frozen=True)
class Problem:
    """What is wrong with the answer to one question."""

    kind: ProblemKind
    text: Text


@dataclass(frozen=True)
class Checked:
    """The answers that count (of relevant questions, not empty), what is wrong, and the names of
    all questions, notes and groups that the answers make relevant."""

    values: Values
    problems: dict[str, Problem] = field(default_factory=dict)
    relevant: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Condition:
    question: Question
    group: str
    relevant: Expression | None
    constraint: Expression | None


class Checker:
    """The checks of one form, compiled once."""

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self._questions = {question.name: question for question in instrument.asked}
        self._conditions = _in_order(_conditions(instrument.questions, ""))

    def check(self, raw: Raw) -> Checked:
        """Read every answer, leave out those of questions that are not relevant, judge the rest."""
        problems: dict[str, Problem] = {}
        given: Values = {}
        for name, answer in raw.items():
            question = self._questions.get(name)
            if question is None:
                problems[name] = UNKNOWN
                continue
            read = _read(question, answer)
            if isinstance(read, Problem):
                problems[name] = read
            elif read:
                given[name] = read
        relevant = self.relevant(given)
        values = {name: answer for name, answer in given.items() if name in relevant}
        problems = {
            name: problem
            for name, problem in problems.items()
            if name in relevant or problem is UNKNOWN
        }
        for condition in self._conditions:
            name = condition.question.name
            if name in relevant and name not in problems:
                problem = _judged(condition, values)
                if problem:
                    problems[name] = problem
        return Checked(values, problems, relevant)

    def relevant(self, values: Mapping[str, str]) -> frozenset[str]:
        """The names of all questions, notes and groups that these answers make relevant."""
        found: set[str] = set()
        standing = dict(values)
        for condition in self._conditions:
            name = condition.question.name
            if (not condition.group or condition.group in found) and (
                condition.relevant is None or condition.relevant.holds(standing)
            ):
                found.add(name)
            else:
                standing.pop(name, None)
        return frozenset(found)


UNKNOWN = Problem("unknown", Text(zh="表中没有这个问题。", en="The form has no such question."))
REQUIRED = Problem("required", Text(zh="请回答此题。", en="Please answer this question."))


def _conditions(questions: tuple[Question, ...], group: str) -> list[_Condition]:
    made: list[_Condition] = []
    for each in questions:
        relevant = expressions.compile(each.relevant) if each.relevant else None
        constraint = expressions.compile(each.constraint) if each.constraint else None
        made.append(_Condition(each, group, relevant, constraint))
        made += _conditions(each.questions, each.name)
    return made


def _in_order(conditions: list[_Condition]) -> list[_Condition]:
    """Every condition after those of the questions its relevance looks at."""
    by_name = {condition.question.name: condition for condition in conditions}
    looked_at = {
        name: (each.relevant.names if each.relevant else frozenset()) | ({each.group} - {""})
        for name, each in by_name.items()
    }
    return [by_name[name] for name in TopologicalSorter(looked_at).static_order()]


def _read(question: Question, answer: str | Sequence[str]) -> str | Problem:
    several = question.type == "select_multiple"
    parts = [answer] if isinstance(answer, str) else list(answer)
    if several:
        parts = [word for part in parts for word in part.split()]
    parts = [part.strip() for part in parts if part.strip()]
    if len(parts) > 1 and not several:
        return Problem("choice", Text(zh="只能有一个答案。", en="Only one answer is possible."))
    if not parts:
        return ""
    if question.type in ("select_one", "select_multiple"):
        return _chosen(question, parts)
    if question.type == "text":
        return _text(parts[0])
    return _number(parts[0], whole=question.type == "integer")


def _chosen(question: Question, parts: list[str]) -> str | Problem:
    names = question.choice_names
    if any(part not in names for part in parts):
        return Problem("choice", Text(zh="没有这个选项。", en="There is no such choice."))
    return parts[0] if len(parts) == 1 else " ".join(name for name in names if name in parts)


def _text(text: str) -> str | Problem:
    if len(text) > LONGEST:
        zh, en = f"不得超过 {LONGEST} 字。", f"At most {LONGEST} characters."
        return Problem("text", Text(zh=zh, en=en))
    if any(unicodedata.category(each) in ("Cc", "Cs") and each not in "\n\r\t" for each in text):
        return Problem("text", Text(zh="含有无法保存的字符。", en="A character cannot be kept."))
    return text


def _number(text: str, *, whole: bool) -> str | Problem:
    plain = unicodedata.normalize("NFKC", text)
    try:
        value = Decimal(plain) if len(plain) <= 40 else Decimal("NaN")
    except InvalidOperation:
        value = Decimal("NaN")
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or abs(exponent) > 40 or "_" in plain:
        return Problem("number", Text(zh="请填数字。", en="Please give a number."))
    if abs(value) > LARGEST:
        return Problem("number", Text(zh="数字过大。", en="The number is too large."))
    if whole and value != value.to_integral_value():
        return Problem("number", Text(zh="请填整数。", en="Please give a whole number."))
    exact = f"{value:f}"
    return exact.rstrip("0").rstrip(".") if "." in exact else exact


def _judged(condition: _Condition, values: Values) -> Problem | None:
    question = condition.question
    own = values.get(question.name, "")
    if not own:
        return REQUIRED if question.required and question.takes_answers else None
    if condition.constraint is None or condition.constraint.holds(values, own):
        return None
    said = list(question.constraint_message.values()) or ["答案不符合要求。"]
    en = question.constraint_message.get("en", "The answer does not fit.")
    return Problem("constraint", Text(zh=question.constraint_message.get("zh", said[0]), en=en))
