"""Which counts may be shown, so that no answer can be traced to a person.

A count below 10 is hidden; so are as many more as it takes that none can be got back from totals.

**Zero is hidden like any small count.** "Nobody in this village said they were dissatisfied" says
what every one of them said. A reader who could tell 0 from 1…9 would also know more of the others.
Only where a whole table, row or column holds nothing there is nobody to protect.

**A share is shown of at least 10 answers**; of 0 % or 100 %, which say what each and every one
answered, only of at least 30. A share with its n gives away the count satisfied, so do not publish
shares of groups beside a suppressed table of the same question.

A. Hundepool and others, *Statistical Disclosure Control*, Wiley 2012, chapters 4 and 5.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from shifan.fairness.arithmetic import percent
from shifan.fairness.bounds import Place, is_narrow

LEAST = 10
"""The smallest count that may be shown."""
UNANIMOUS = 30
"""The smallest group of which it may be said that all answered alike."""


def share_shown(satisfied: int, answers: int, least: int = LEAST) -> Decimal | None:
    """The percentage satisfied, or None when the group is too small for it to be shown.

    >>> share_shown(8, 9), share_shown(8, 10), share_shown(10, 10), share_shown(30, 30)
    (None, Decimal('80.000'), None, Decimal('100.000'))
    """
    alike = satisfied in (0, answers)
    if answers < max(least, 1) or (alike and answers < UNANIMOUS):
        return None
    return percent(Fraction(satisfied, answers))


def total_shown(counts: Mapping[str, int], least: int = LEAST) -> int | None:
    """The total beside :func:`one_way`'s counts: None when it is itself too small."""
    total = sum(counts.values())
    return None if 0 < total < least else total


def one_way(counts: Mapping[str, int], least: int = LEAST) -> Mapping[str, int | None]:
    """The counts with the small ones hidden (None); their total may be shown by `total_shown`.

    More are hidden, smallest first and equal ones together, while the hidden ones are a single one,
    sum up to less than ``least``, or sum up to so much that all must be just below ``least``. Which
    are hidden depends on the counts alone, never on names, so that even who knows this rule can
    swap any two hidden counts and see the same page.

    >>> one_way({"good": 120, "fair": 40, "bad": 4})
    {'good': 120, 'fair': None, 'bad': None}
    """
    if not any(counts.values()):
        return dict(counts)
    hidden = {name for name, count in counts.items() if count < least}
    while hidden and len(hidden) < len(counts) and not _vague(counts, hidden, least):
        smallest = min(count for name, count in counts.items() if name not in hidden)
        hidden |= {name for name, count in counts.items() if count == smallest}
    return {name: None if name in hidden else count for name, count in counts.items()}


def _vague(counts: Mapping[str, int], hidden: set[str], least: int) -> bool:
    total, most = sum(counts[name] for name in hidden), len(hidden) * (least - 1)
    near = most - least // 2 < total <= most
    return len(hidden) > 1 and total >= least and not near


def two_way(table: Mapping[Place, int], least: int = LEAST) -> Mapping[Place, int | None]:
    """The cells of rows × columns with the small ones hidden (None), row and column totals known.

    Afterwards no hidden cell can be bounded more tightly than ``least`` − 1 apart, or than the
    totals alone bound it: :func:`shifan.fairness.bounds.derivable` finds none. Totals are counts
    themselves: show the rows' and the columns' through :func:`one_way`; the cells are protected as
    though all were known. Cells that are not given count 0.

    What else is hidden is chosen one cell at a time, the cheapest rectangle first; hiding more
    never narrows what is hidden already, so one pass is enough. It is not the least possible.
    """
    rows, columns = {row: 0 for row, _ in table}, {column: 0 for _, column in table}
    full = {(row, column): table.get((row, column), 0) for row in rows for column in columns}
    for (row, column), count in full.items():
        rows[row] += count
        columns[column] += count
    shown = {cell for cell, count in full.items() if count >= least}
    shown |= {(row, column) for row, column in full if not rows[row] or not columns[column]}
    queue = [cell for cell in full if cell not in shown]
    for cell in queue:
        while is_narrow(full, shown, cell, least - 1):
            more = _rectangle(full, shown, cell)
            shown -= more
            queue += sorted(more)
    return {cell: count if cell in shown else None for cell, count in full.items()}


def _rectangle(full: Mapping[Place, int], shown: set[Place], cell: Place) -> set[Place]:
    """The shown corners of the cheapest rectangle at ``cell``; else all that is still shown."""
    row, column = cell
    corners = [
        {(row, other[1]), (other[0], column), other} & shown
        for other in full
        if other[0] != row and other[1] != column
    ]
    able = [corner for corner in corners if corner]
    if not able:
        return set(shown)
    return min(able, key=lambda corner: (sum(full[place] for place in corner), sorted(corner)))
