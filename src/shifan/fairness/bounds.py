"""What a table with hidden counts still gives away when its row and column totals are known.

A hidden count can be any whole number ≥ 0 that the totals allow. How far it can rise or fall while
other hidden counts make up for it is a maximum flow between its row and its column: the bounds are
exact, not estimates. J. Kelly, B. Golden and A. Assad, "Cell suppression: disclosure protection for
sensitive tabular data", *Networks* 22 (1992).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

Place = tuple[str, str]
"""A row and a column."""

_Node = tuple[str, str]  # ("row", name) or ("column", name): a row may be named like a column


def derivable(table: Mapping[Place, int], shown: Collection[Place], width: int) -> list[Place]:
    """The hidden cells whose possible values lie less than ``width`` apart; empty when all is well.

    The reader is taken to know every row and column total and every shown cell. Where the totals
    alone leave a cell less room than ``width``, as in a row of 3 answers, that room is enough.
    """
    shown = set(shown)
    return [cell for cell in table if cell not in shown and is_narrow(table, shown, cell, width)]


def is_narrow(
    table: Mapping[Place, int], shown: Collection[Place], cell: Place, width: int
) -> bool:
    """Whether the hidden ``cell`` can be bounded more tightly than :func:`derivable` allows."""
    wanted = min(width, _room(table, cell))
    hidden = {place: count for place, count in table.items() if place not in shown}
    up = _shift(hidden, cell, wanted, rising=True)
    if up >= wanted:
        return False
    return up + _shift(hidden, cell, min(wanted - up, table[cell]), rising=False) < wanted


def _room(table: Mapping[Place, int], cell: Place) -> int:
    """How far apart a cell's values could lie if only the totals were shown."""
    row = sum(count for (name, _), count in table.items() if name == cell[0])
    column = sum(count for (_, name), count in table.items() if name == cell[1])
    return min(row, column) - max(0, row + column - sum(table.values()))


def _shift(hidden: Mapping[Place, int], cell: Place, most: int, rising: bool) -> int:
    """By how much ``cell`` can rise (or fall), up to ``most``, totals and others' signs kept."""
    others = {place: count for place, count in hidden.items() if place != cell}
    row, column = ("row", cell[0]), ("column", cell[1])
    start, end = (row, column) if rising else (column, row)
    moved = 0
    while moved < most:
        path = _path(others, start, end)
        if path is None:
            break
        falling = [others[place] for place, falls in path if falls]
        step = min([most - moved, *falling])
        for place, falls in path:
            others[place] += -step if falls else step
        moved += step
    return moved


def _path(others: Mapping[Place, int], start: _Node, end: _Node) -> list[tuple[Place, bool]] | None:
    """The fewest cells to change so that a change at ``start`` is made up for at ``end``.

    From a row to a column a cell falls (it must hold something), from a column to a row one rises.
    """
    came: dict[_Node, tuple[_Node, Place, bool] | None] = {start: None}
    queue = [start]
    for node in queue:
        for other, place, falls in _steps(others, node):
            if other not in came:
                came[other] = (node, place, falls)
                queue.append(other)
        if end in came:
            break
    if end not in came:
        return None
    path, at = [], came[end]
    while at is not None:
        path.append((at[1], at[2]))
        at = came[at[0]]
    return path


def _steps(others: Mapping[Place, int], node: _Node) -> Iterator[tuple[_Node, Place, bool]]:
    kind, name = node
    for place, count in others.items():
        if kind == "row" and place[0] == name and count > 0:
            yield ("column", place[1]), place, True
        elif kind == "column" and place[1] == name:
            yield ("row", place[0]), place, False
