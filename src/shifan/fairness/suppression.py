"""Which counts may be shown, so that no answer can be traced to a person.

A count below 10 is hidden; so are as many more as it takes that none can be got back from totals.

**Zero is hidden like any small count.** "Nobody in this village said they were dissatisfied" says
what every one of them said. A reader who could tell 0 from 1…9 would also know more of the others.
Only where a whole table, row or column holds nothing there is nobody to protect.

**A share is shown of at least 10 answers**; of 0 % or 100 %, which say what each and every one
answered, only of at least 30. A share with its n gives away the count satisfied: shares of
groups are shown in whole percents, without their n.

A. Hundepool and others, *Statistical Disclosure Control*, Wiley 2012, chapters 4 and 5.
"""

from __future__ import annotations

from collections.abc import Mapping

LEAST = 10
"""The smallest count that may be shown."""
UNANIMOUS = 30
"""The smallest group of which it may be said that all answered alike."""


def may_show(satisfied: int, answers: int) -> bool:
    """Whether the share satisfied of a group may be shown.

    >>> may_show(8, 9), may_show(8, 10), may_show(10, 10), may_show(30, 30)
    (False, True, False, True)
    """
    return answers >= (UNANIMOUS if satisfied in (0, answers) else LEAST)


def in_tens(count: int) -> int:
    """A count rounded down, so that no two of them differ by a few.

    >>> in_tens(9), in_tens(48)
    (0, 40)
    """
    return count // LEAST * LEAST


def one_way(counts: Mapping[str, int], least: int = LEAST) -> Mapping[str, int | None]:
    """The counts with the small ones hidden (None), so that their total may be shown.

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
