"""The cells of one column, many at a time: exact values out, faults beside.

A column sees few different values, so each is parsed once and remembered; numbers of a workbook
are converted all together and only what is out of the ordinary is looked at one by one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from math import nan

import numpy as np
import polars as pl

from shifan.rulebook.base import Text
from shifan.scoring.facts import BadValue, Column, parse

REMEMBERED = 4096
"""Different values a column keeps; beyond it they are parsed again."""

NOT_APPLICABLE = frozenset({"不适用", "n/a"})
"""What people write into a cell to say that the clause does not apply to the unit."""

MISSING = frozenset({"na", "-", "–", "—", "/", "."})
"""What stands in a cell for nothing, as an empty one: R writes NA, SAS and Stata a point."""

DTYPES: dict[str, type[pl.DataType]] = {
    "boolean": pl.Boolean,
    "number": pl.Int64,
    "grade": pl.String,
}


class _Mark:
    """Stands in a column for "not applicable"."""


_MARK = _Mark()


@dataclass(frozen=True)
class Bad:
    """Stands in a column for a value that cannot be read."""

    text: Text


@dataclass(frozen=True)
class Values:
    """A column of one batch; ``bad`` and ``excused`` hold positions within it."""

    series: pl.Series
    bad: list[tuple[int, Text]]
    excused: list[int]


class ColumnReader(dict[object, object]):
    """Raw cell → value, for one column.

    ``excusable`` says whether the column's clause may be declared not applicable.
    """

    def __init__(self, column: Column, excusable: bool) -> None:
        super().__init__()
        self.column = column
        self.dtype = DTYPES[column.type]
        self._excusable = excusable
        self._factor = 10**column.decimals
        self._low = int((column.minimum * self._factor).to_integral_value(ROUND_CEILING))
        self._high = int((column.maximum * self._factor).to_integral_value(ROUND_FLOOR))
        self._odd = False

    def read(self, cells: Sequence[object], floats: bool) -> Values:
        """The cells' values. ``floats`` says that numbers come as floats, as in a workbook."""
        if floats and self.column.type == "number":
            return self._numbers(cells)
        return self._values([self[cell] for cell in cells])

    def _values(self, values: list[object]) -> Values:
        if not self._odd:
            return Values(pl.Series(self.column.name, values, dtype=self.dtype), [], [])
        bad: list[tuple[int, Text]] = []
        excused: list[int] = []
        for index, value in enumerate(values):
            if isinstance(value, Bad):
                bad.append((index, value.text))
                values[index] = None
            elif value is _MARK:
                excused.append(index)
                values[index] = None
        return Values(pl.Series(self.column.name, values, dtype=self.dtype), bad, excused)

    def _numbers(self, cells: Sequence[object]) -> Values:
        given = np.array([cell if cell.__class__ is float else nan for cell in cells])
        scaled = np.rint(given * self._factor)
        # A float is the decimal scaled/factor exactly when dividing gives the same float again.
        sound = (scaled / self._factor == given) & (scaled >= self._low) & (scaled <= self._high)
        scaled[~sound] = nan
        whole = pl.Series(self.column.name, scaled, nan_to_null=True).cast(pl.Int64)
        if np.count_nonzero(sound) + cells.count("") == len(cells):
            return Values(whole, [], [])
        values: list[object] = whole.to_list()
        for index, (cell, ready) in enumerate(zip(cells, sound.tolist(), strict=True)):
            if not ready and cell != "":
                values[index] = self[str(cell) if isinstance(cell, bool) else cell]
        return self._values(values)

    def __missing__(self, raw: object) -> object:
        value = self._parse(raw)
        if isinstance(value, Bad | _Mark):
            self._odd = True
        if len(self) < REMEMBERED:
            self[raw] = value
        return value

    def _parse(self, raw: object) -> object:
        if isinstance(raw, str) and self.column.type == "number":
            if raw.isascii() and raw.isdecimal() and len(raw) < 10:
                scaled = int(raw) * self._factor
                if self._low <= scaled <= self._high:
                    return scaled
        if isinstance(raw, str) and raw not in self.column.grades:
            word = _folded(raw)
            if word in NOT_APPLICABLE:
                return self._excuse()
            if word in MISSING:
                return None
        if isinstance(raw, float):
            raw = Decimal(f"{raw:.15g}")  # the digits a spreadsheet keeps and shows
        try:
            value = parse(self.column, raw)
        except BadValue as error:
            return Bad(error.text)
        return int(value * self._factor) if isinstance(value, Decimal) else value

    def _excuse(self) -> object:
        if self._excusable:
            return _MARK
        clause = self.column.provision
        return Bad(
            Text(
                zh=f"第 {clause} 条不允许填“不适用”",
                en=f"{clause} cannot be declared not applicable",
            )
        )


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().lower()


LONGEST_ID = 200
SUMS = frozenset({
    "合计", "总计", "小计", "总和", "平均", "平均值", "均值", "汇总", "total", "totals", "sum",
    "subtotal", "grand total", "average", "mean",
})  # fmt: skip
"""What stands in the place of a unit where a row sums up the others."""
LONGEST_SUM = 20


def is_sum(text: str) -> bool:
    """Whether a row so called stands for a sum of others.

    >>> is_sum("合 计"), is_sum("Total:"), is_sum("合计镇")
    (True, True, False)
    """
    word = " ".join(_folded(text).rstrip(":").split())
    return word in SUMS or word.replace(" ", "") in SUMS


def unit_id(raw: object) -> str | Bad:
    """A cell of the unit column as an id; a code of full-width digits becomes plain digits."""
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < 1e15:
        return str(int(raw))
    if not isinstance(raw, str):
        return Bad(
            Text(
                zh=f"单位代码 {raw} 不是文本；请把该列设为文本格式",
                en=f"the unit {raw} is not text; format the column as text",
            )
        )
    text, folded = raw.strip(), unicodedata.normalize("NFKC", raw).strip()
    if not text:
        return Bad(Text(zh="缺少单位代码", en="the unit is missing"))
    if folded[0] in "=+-@":
        return Bad(
            Text(
                zh=f"单位代码“{text[:40]}”不能以 {folded[0]} 开头",
                en=f"the unit {text[:40]!r} must not begin with {folded[0]}",
            )
        )
    if len(text) < LONGEST_SUM and is_sum(text):
        return Bad(
            Text(
                zh=f"“{text}”是合计行，不是单位；请删去该行",
                en=f"{text!r} stands for a sum, not for a unit: take the row out",
            )
        )
    if len(text) > LONGEST_ID or not text.isprintable():
        return Bad(
            Text(
                zh=f"单位代码含有不可见字符或超过 {LONGEST_ID} 个字符",
                en=f"the unit has invisible characters or more than {LONGEST_ID} of them",
            )
        )
    return folded if folded.isascii() else text
