"""Collect what is wrong with a file: all of it counted, the first thousand kept."""

from __future__ import annotations

from shifan.rulebook.base import Text
from shifan.scoring.table.header import Layout
from shifan.scoring.table.problems import SHOWN, BadFacts, Problem
from shifan.scoring.table.rows import Fault


class Faults:
    """Faults in order of row and column."""

    def __init__(self) -> None:
        self.total = 0
        self._kept: list[Fault] = []

    def add(self, row: int | None, column: int | None, text: Text) -> None:
        self.total += 1
        self._kept.append(Fault(row, column, text))
        if len(self._kept) >= 20 * SHOWN:
            self._shorten()

    def extend(self, faults: list[Fault]) -> None:
        for fault in faults:
            self.add(fault.row, fault.column, fault.text)

    def _shorten(self) -> None:
        self._kept.sort(key=_order)
        del self._kept[SHOWN:]

    def refusal(self, layout: Layout | None) -> BadFacts:
        """All of them as an error; ``layout`` knows the columns' names."""
        self._shorten()
        problems = [
            Problem(fault.row, layout.label(fault.column) if layout else "", fault.text)
            for fault in self._kept
        ]
        return BadFacts(problems, self.total)


def _order(fault: Fault) -> tuple[int, int]:
    row = -1 if fault.row is None else fault.row
    return (row, -1 if fault.column is None else fault.column)
