"""All the points when the fact is true, none when it is false."""

from __future__ import annotations

from fractions import Fraction

from shifan.rulebook.base import Millipoints, Text
from shifan.rulebook.indicators import Input
from shifan.rulebook.rules import AllOrNothing
from shifan.scoring.arithmetic import points_text
from shifan.scoring.kinds.change import Change


def award(rule: AllOrNothing, value: bool, points: Millipoints) -> Millipoints:
    """Millipoints: ``points`` or 0.

    >>> award(AllOrNothing(kind="all_or_nothing"), True, 2000)
    2000
    """
    return points if value else 0


def explain(rule: AllOrNothing, value: bool, points: Millipoints, read: Input) -> Text:
    worth = points_text(points)
    if value:
        return Text(zh=f"已做到，得满分 {worth} 分。", en=f"In place: all {worth} points.")
    return Text(
        zh=f"未做到，不得分（满分 {worth} 分）。", en=f"Not in place: none of the {worth} points."
    )


def improve(
    rule: AllOrNothing, value: bool, points: Millipoints, gain: Millipoints, read: Input
) -> Change | None:
    if value:
        return None
    return Change(True, points, Fraction(1), Text(zh="做到此条", en="Put this in place"))


def worst(rule: AllOrNothing) -> bool:
    return False
