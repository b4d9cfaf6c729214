"""What is wrong with a facts file, place by place, for the person who can mend it."""

from __future__ import annotations

from dataclasses import dataclass

from shifan.rulebook.base import Text

SHOWN = 1000
"""The most problems listed one by one; ``total`` counts them all."""


@dataclass(frozen=True, order=True)
class Problem:
    """One sentence about one place: the row as a spreadsheet numbers it (None for the whole file)
    and the column by name, followed by its letter in a workbook (empty for the whole row)."""

    row: int | None
    column: str
    message: Text


class BadFacts(Exception):
    """A facts file that cannot be used; nothing of it was taken over."""

    def __init__(self, problems: list[Problem], total: int | None = None) -> None:
        self.problems = problems[:SHOWN]
        self.total = len(problems) if total is None else total
        super().__init__("\n".join(place(problem).en for problem in self.problems))


def place(problem: Problem) -> Text:
    """The problem with its place, as one line.

    >>> place(Problem(3, "upkeep (F)", Text(zh="不可读", en="cannot be read"))).en
    'row 3, column upkeep (F): cannot be read'
    """
    zh, en = problem.message.zh, problem.message.in_("en")
    if problem.column:
        zh, en = f"{problem.column} 列：{zh}", f"column {problem.column}: {en}"
        if problem.row is not None:
            return Text(zh=f"第 {problem.row} 行，{zh}", en=f"row {problem.row}, {en}")
    elif problem.row is not None:
        return Text(zh=f"第 {problem.row} 行：{zh}", en=f"row {problem.row}: {en}")
    return Text(zh=zh, en=en)
