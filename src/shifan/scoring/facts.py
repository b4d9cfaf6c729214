"""The columns of a facts table, and one value read into a column exactly.

The same reader serves the web form, the facts file and the workbook, so that "８５％" means the
same everywhere. A fact is a boolean, a whole number, an exact decimal or a grade; never a float.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Literal

from shifan.rulebook.base import Text
from shifan.rulebook.indicators import (
    Clause,
    IndicatorSet,
    Provision,
    ScoredProvision,
    columns,
    grades,
    not_applicable_columns,
    potential_column,
)
from shifan.rulebook.rules import Checklist

Value = bool | Decimal | str
"""One fact: true or false, an exact number in the input's own unit, or a grade id."""

Facts = Mapping[str, Value | None]
"""Column → value; an absent or ``None`` value is missing."""

ColumnType = Literal["boolean", "number", "grade"]

TRUE = frozenset({"true", "yes", "y", "1", "是", "有", "√", "✓", "对"})
FALSE = frozenset({"false", "no", "n", "0", "否", "无", "×", "✗", "没有"})
LARGEST = Decimal(10) ** 9
"""No fact is larger: keeps every product of the table engines within 64 bits."""
ALL = Decimal(100)
"""A unit's potential in percent where the whole clause is its own."""
POTENTIAL_PLACES = 2
FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
"""Full-width forms to the plain characters; no other look-alike is taken for a digit."""
NUMBER = re.compile(
    r"[+-]?([0-9]*|[1-9][0-9]{0,2}(,[0-9]{3})+)(\.[0-9]*)?(e[+-]?[0-9]{1,2})?", re.IGNORECASE
)


class BadValue(ValueError):
    """A value that cannot be read into its column; ``text`` says why, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.text = Text(zh=zh, en=en)


@dataclass(frozen=True)
class Column:
    """One column of a facts table: its name, what it may hold, the provision it belongs to.

    ``decimals`` is the number of decimal places kept; ``minimum`` and ``maximum`` bound numbers.
    ``role`` tells a checklist's ``part``, a survey's ``sample``, a ``not_applicable`` mark and the
    unit's own ``potential`` from the plain ``value``; a ``statement`` is one of several on the same
    fact. A mark that is of one part only names its column, ``of``.
    """

    name: str
    type: ColumnType
    provision: str
    role: Literal["value", "part", "sample", "statement", "potential", "not_applicable"] = "value"
    decimals: int = 0
    minimum: Decimal = Decimal(0)
    maximum: Decimal = LARGEST
    grades: tuple[str, ...] = ()
    of: str = ""


def table_columns(indicators: IndicatorSet) -> tuple[Column, ...]:
    """Every column of the unit type's facts table, in the rule book's order."""
    return tuple(
        column for provision in indicators.asked for column in provision_columns(provision)
    )


def provision_columns(provision: Provision) -> tuple[Column, ...]:
    """The columns that hold one provision's fact."""
    read = provision.input
    names = columns(provision)
    made: list[Column] = []
    values = names[:1] if read.type == "satisfaction" else names
    one: Literal["statement", "value"] = "statement" if read.statements else "value"
    if read.type in ("boolean", "checklist"):
        role: Literal["part", "statement", "value"] = "part" if read.type == "checklist" else one
        made += [Column(name, "boolean", provision.id, role) for name in names]
    elif read.type == "grade":
        given = grades(provision)
        made += [Column(name, "grade", provision.id, one, grades=given) for name in names]
    else:
        top = Decimal(100) if read.type in ("percent", "satisfaction") else LARGEST
        maximum = min(top, read.maximum) if read.maximum is not None else top
        decimals = read.decimals
        made += [
            Column(name, "number", provision.id, one, decimals, read.minimum, maximum)
            for name in values
        ]
    if read.type == "satisfaction":
        made.append(Column(names[1], "number", provision.id, "sample"))
    if isinstance(provision, Clause):
        if provision.potential is not None:
            name = potential_column(provision)
            made.append(
                Column(name, "number", provision.id, "potential", POTENTIAL_PLACES, maximum=ALL)
            )
        parts = names if provision.by_parts else ("",)
        made += [
            Column(name, "boolean", provision.id, "not_applicable", of=of)
            for name, of in zip(not_applicable_columns(provision), parts, strict=False)
        ]
    return tuple(made)


def part_text(provision: Provision, column: str) -> Text | None:
    """What the part of a checklist says that the column holds; None for any other column."""
    rule = provision.rule if isinstance(provision, ScoredProvision) else None
    parts = rule.parts if isinstance(rule, Checklist) else ()
    names = zip(columns(provision), parts, strict=False)
    return next((part.text for name, part in names if name == column), None)


def statement_label(column: Column) -> Text:
    """Which of several statements on a fact the column holds."""
    number = column.name.rpartition("_")[2]
    return Text(zh=f"第 {number} 份", en=f"No. {number}")


def same_fact(one: Provision, other: Provision) -> bool:
    """Whether what was stated of the one is an answer to the other too.

    It is where the input has the same name and its columns hold the same, whatever the rule books
    call the provisions.
    """
    columns_of_one, columns_of_other = (
        [replace(column, provision="") for column in provision_columns(each)]
        for each in (one, other)
    )
    return one.input.name == other.input.name and columns_of_one == columns_of_other


def parse(column: Column, raw: object) -> Value | None:
    """``raw`` (text, number, boolean or nothing) as the column's value; ``None`` when empty.

    Text is read with full-width digits, a trailing percent sign and thousands separators taken as
    people write them. Raises BadValue with a sentence when ``raw`` is something else.
    """
    if raw is None:
        return None
    if isinstance(raw, str):
        raw = raw.translate(FULL_WIDTH).strip()
        if not raw:
            return None
    if isinstance(raw, int) and abs(raw) > 10**18:
        raise BadValue("数字过大", "the number is too large")
    if column.type == "boolean":
        return _boolean(raw)
    if column.type == "grade":
        return _grade(column, raw)
    return _number(column, raw)


def _boolean(raw: object) -> bool:
    if isinstance(raw, bool):
        return raw
    word = str(raw).lower().removesuffix(".0")
    if word in TRUE:
        return True
    if word in FALSE:
        return False
    raise BadValue(f"“{_shown(raw)}”不是“是”或“否”", f"{_shown(raw)!r} is neither yes nor no")


def _grade(column: Column, raw: object) -> str:
    word = str(raw).lower()
    if word in column.grades:
        return word
    choice = "、".join(column.grades)
    english = ", ".join(column.grades)
    raise BadValue(
        f"“{_shown(raw)}”不是可选等级（{choice}）",
        f"{_shown(raw)!r} is not one of the grades {english}",
    )


def _number(column: Column, raw: object) -> Decimal:
    value = _decimal(raw)
    if value is None:
        raise BadValue(f"“{_shown(raw)}”不是数字", f"{_shown(raw)!r} is not a number")
    if not column.minimum <= value <= column.maximum:
        low, high = plain(column.minimum), plain(column.maximum)
        raise BadValue(
            f"{plain(value)} 不在 {low} 至 {high} 之间",
            f"{plain(value)} is not between {low} and {high}",
        )
    if value != round(value, column.decimals):
        raise BadValue(
            f"{plain(value)} 的小数位数超过 {column.decimals} 位",
            f"{plain(value)} has more than {column.decimals} decimal places",
        )
    return value.normalize() + 0


def _decimal(raw: object) -> Decimal | None:
    if isinstance(raw, bool):
        return None
    text = str(raw).removesuffix("%").strip()
    if len(text) > 40 or not NUMBER.fullmatch(text):
        return None
    try:
        value = Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None
    return value if abs(value) < Decimal(10) ** 18 else None


def plain(value: Decimal) -> str:
    """A number as people write it: no exponent, no trailing zeros.

    >>> plain(Decimal("1E+2")), plain(Decimal("81.50"))
    ('100', '81.5')
    """
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _shown(raw: object) -> str:
    text = str(raw).encode(errors="replace").decode()
    return text if len(text) <= 40 else f"{text[:37]}…"
