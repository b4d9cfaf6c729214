"""Conditions of a form (``relevant``, ``constraint``), compiled once and evaluated without eval.

The language is the part of the XForms dialect of XPath 1.0 that forms without calculations need
(https://getodk.github.io/xforms-spec/#xpath-expressions). elementpath parses; its tree is turned
into closures here, because a page checks hundreds of answers a second.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Any

from elementpath import ElementPathError, XPath1Parser
from elementpath.tdop import Parser

from shifan.rulebook.base import Text

Value = bool | float | str
Answers = Mapping[str, str]
"""Question → its answer as text, "" for none; several choices are separated by a space."""
Evaluate = Callable[[Answers, str], Value]
"""Evaluates over all answers and the one that a constraint calls ``.``."""

TOKEN = re.compile(r"""("[^"]*"|'[^']*')|\$\{\s*([^${}\s]*)\s*\}|(\$)""")
"""A text in quotes, a reference to a question, or the sign of one that is not closed."""
LONGEST = 1000


class BadExpression(ValueError):
    """An expression that cannot be used; ``text`` says why."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.text = Text(zh=zh, en=en)


@dataclass(frozen=True)
class Expression:
    """A compiled condition, the questions it looks at, and the answers it compares them with.

    The question called ``.`` is the one that a constraint belongs to.
    """

    names: frozenset[str]
    evaluate: Evaluate
    compared: tuple[tuple[str, str], ...] = ()

    def holds(self, answers: Answers, own: str = "") -> bool:
        return boolean(self.evaluate(answers, own))


class _XForms(XPath1Parser):
    """XPath 1.0 with the functions forms add to it."""


_FUNCTIONS: dict[str, int | tuple[int, int | None]] = {
    "selected": 2, "count-selected": 1, "regex": 2, "if": 3, "coalesce": 2,
}  # fmt: skip
for _name, _arguments in _FUNCTIONS.items():
    _XForms.function(_name, nargs=_arguments)
_XForms.build()


def compile(text: str) -> Expression:
    """The expression as something to evaluate. Raises BadExpression."""
    if len(text) > LONGEST:
        raise BadExpression("条件过长", "the condition is too long")
    asked: list[str] = []
    try:
        root = Parser.parse(_XForms(), _variables(text, asked))
    except (ElementPathError, RecursionError) as error:
        reason = str(error).partition("] ")[2] or "too deeply nested"
        raise BadExpression(f"条件无法解析（{reason}）", f"cannot be read: {reason}") from error
    reading = _Reading(asked)
    evaluate = reading.build(root)
    return Expression(frozenset(asked), evaluate, tuple(reading.compared))


def _variables(text: str, asked: list[str]) -> str:
    """The condition with each ``${name}`` as a variable of XPath; ``asked`` takes the names."""

    def variable(found: re.Match[str]) -> str:
        quoted, name, dollar = found.groups()
        if quoted is not None:
            if "${" in quoted:
                raise BadExpression(
                    f"引号中的 {quoted} 不会被替换", f"a reference in quotes is not read: {quoted}"
                )
            return quoted
        if dollar or not name:
            raise BadExpression(
                "引用问题须写作 ${名称}", "a question is referred to as ${name}, not as $name"
            )
        asked.append(name)
        return f" $q{len(asked) - 1} "

    return TOKEN.sub(variable, text)


class _Reading:
    """Turns the tree of a condition into closures; notes what questions are compared with."""

    def __init__(self, asked: list[str]) -> None:
        self.asked = asked
        self.compared: list[tuple[str, str]] = []

    def build(self, token: Any) -> Evaluate:
        symbol = token.symbol
        if symbol in ("(string)", "(integer)", "(decimal)", "(float)"):
            value = token.value if symbol == "(string)" else float(token.value)
            return lambda answers, own: value
        if symbol == "$":
            name = self._name(token)
            return lambda answers, own: answers.get(name, "")
        if symbol == ".":
            return lambda answers, own: own
        if symbol == "(" and len(token) == 1:
            return self.build(token[0])
        make = _OPERATORS.get(symbol) if len(token) == 2 else None
        make = make or (_SIGNED.get(symbol) if len(token) == 1 else None) or _CALLS.get(symbol)
        if make is None:
            raise BadExpression(f"不支持“{symbol}”", f"{symbol!r} is not supported")
        if symbol in ("=", "!=", "selected"):
            self._note(token[0], token[1])
            self._note(token[1], token[0])
        return make(*(self.build(part) for part in token))

    def _name(self, token: Any) -> str:
        return self.asked[int(str(token[0].value).removeprefix("q"))]

    def _note(self, question: Any, answer: Any) -> None:
        if question.symbol in ("$", ".") and answer.symbol in ("(string)", "(integer)"):
            name = self._name(question) if question.symbol == "$" else "."
            self.compared.append((name, str(answer.value)))


def boolean(value: Value) -> bool:
    """XPath's boolean(): a number unless 0 or not a number, a text unless empty."""
    if isinstance(value, float):
        return bool(value) and not math.isnan(value)
    return bool(value)


def number(value: Value) -> float:
    """XPath's number(): what is no number is not-a-number."""
    try:
        return float(value)
    except ValueError:
        return math.nan


def string(value: Value) -> str:
    """XPath's string(): a whole number without a decimal point."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value)
    return value


def _equal(one: Value, other: Value) -> bool:
    if isinstance(one, bool) or isinstance(other, bool):
        return boolean(one) == boolean(other)
    if isinstance(one, float) or isinstance(other, float):
        return number(one) == number(other)
    return one == other


def _of_numbers(operate: Callable[[float, float], Value]) -> Callable[..., Evaluate]:
    def make(one: Evaluate, other: Evaluate) -> Evaluate:
        return lambda a, own: operate(number(one(a, own)), number(other(a, own)))

    return make


def _divided(one: float, other: float) -> float:
    return one / other if other else math.nan


def _rest(one: float, other: float) -> float:
    return math.fmod(one, other) if other and math.isfinite(one) else math.nan


_OPERATORS: dict[str, Callable[..., Evaluate]] = {
    "and": lambda x, y: lambda a, own: boolean(x(a, own)) and boolean(y(a, own)),
    "or": lambda x, y: lambda a, own: boolean(x(a, own)) or boolean(y(a, own)),
    "=": lambda x, y: lambda a, own: _equal(x(a, own), y(a, own)),
    "!=": lambda x, y: lambda a, own: not _equal(x(a, own), y(a, own)),
    "<": _of_numbers(lambda x, y: x < y),
    ">": _of_numbers(lambda x, y: x > y),
    "<=": _of_numbers(lambda x, y: x <= y),
    ">=": _of_numbers(lambda x, y: x >= y),
    "+": _of_numbers(lambda x, y: x + y),
    "-": _of_numbers(lambda x, y: x - y),
    "*": _of_numbers(lambda x, y: x * y),
    "div": _of_numbers(_divided),
    "mod": _of_numbers(_rest),
}
_SIGNED: dict[str, Callable[..., Evaluate]] = {
    "-": lambda x: lambda a, own: -number(x(a, own)),
    "+": lambda x: lambda a, own: number(x(a, own)),
}


def _regex(value: Evaluate, pattern: Evaluate) -> Evaluate:
    """Only a pattern written out is taken, and only a plain one: no test may take for ever."""
    written = string(pattern({}, ""))
    slow = re.search(r"[*+}?][*+{]|\)[*+{]|\\[1-9]|\(\?", written)
    if len(written) > 100 or slow or len(re.findall(r"[*+]|\{\d*,", written)) > 3:
        raise BadExpression("不支持此正则表达式", f"the pattern {written!r} is not supported")
    try:
        compiled = re.compile(written)
    except re.error as error:
        raise BadExpression("正则表达式有误", f"the pattern is wrong: {error}") from error
    return lambda a, own: compiled.fullmatch(string(value(a, own))[:200]) is not None


_CALLS: dict[str, Callable[..., Evaluate]] = {
    "true": lambda: lambda a, own: True,
    "false": lambda: lambda a, own: False,
    "not": lambda x: lambda a, own: not boolean(x(a, own)),
    "number": lambda x: lambda a, own: number(x(a, own)),
    "string": lambda x: lambda a, own: string(x(a, own)),
    "string-length": lambda x: lambda a, own: float(len(string(x(a, own)))),
    "selected": lambda x, y: lambda a, own: string(y(a, own)) in string(x(a, own)).split(" "),
    "count-selected": lambda x: lambda a, own: float(len(string(x(a, own)).split())),
    "regex": _regex,
    "if": lambda x, y, z: lambda a, own: y(a, own) if boolean(x(a, own)) else z(a, own),
    "coalesce": lambda x, y: lambda a, own: x(a, own) if string(x(a, own)) else y(a, own),
}


def cycle(uses: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    """A way from a question back to itself through the conditions, or () when there is none.

    >>> cycle({"a": frozenset({"b"}), "b": frozenset({"a"})})
    ('a', 'b', 'a')
    """
    try:
        TopologicalSorter(uses).prepare()
    except CycleError as error:
        way = list(reversed(error.args[1]))[:-1]
        first = min(map(list(uses).index, way))
        at = way.index(list(uses)[first])
        return (*way[at:], *way[:at], way[at])
    return ()
