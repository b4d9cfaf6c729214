"""What every kind of facts file is read into first: batches of raw rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from shifan.rulebook.base import Text

BATCH = 5000
"""Rows of a delimited file read at a time."""


class Refused(Exception):
    """The whole file cannot be read; ``text`` says why."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.text = Text(zh=zh, en=en)


@dataclass(frozen=True)
class Fault:
    """Something wrong at a row (as numbered by a spreadsheet) and a column (counted from 0).

    What reaches over several rows does so down to the row ``last``.
    """

    row: int | None
    column: int | None
    text: Text
    last: int | None = None


@dataclass
class Batch:
    """Consecutive rows: the number of the first, the column they begin in, the raw cells.

    An empty cell is ``""``. ``faults`` are places the file itself marks as unusable.
    """

    first: int
    left: int
    rows: Sequence[Sequence[object]]
    faults: list[Fault] = field(default_factory=list)


class Source(Protocol):
    """A facts file open for reading."""

    lettered: bool
    """Whether its columns have letters (a workbook) or only positions."""
    sheet: str
    """The sheet read; empty for a delimited file."""

    def batches(self) -> Iterator[Batch]:
        """All rows from top to bottom. Raises Refused when the file turns out unreadable."""


def letters(column: int) -> str:
    """The letters a spreadsheet shows for a column counted from 0.

    >>> letters(0), letters(25), letters(26), letters(16383)
    ('A', 'Z', 'AA', 'XFD')
    """
    text, rest = "", column + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        text = chr(65 + digit) + text
    return text


def position(column: str) -> int:
    """The inverse of :func:`letters`.

    >>> position("A"), position("XFD")
    (0, 16383)
    """
    number = 0
    for letter in column:
        number = number * 26 + ord(letter) - 64
    return number - 1
