"""``each`` points for every one counted, never more than the clause's points."""

from __future__ import annotations

from decimal import Decimal

from shifan.rulebook.base import Millipoints, Text, millipoints
from shifan.rulebook.indicators import Input
from shifan.rulebook.rules import PerCount
from shifan.scoring.arithmetic import points_text
from shifan.scoring.kinds.change import Change, relative
from shifan.scoring.kinds.quantity import quantity, raise_to


def award(rule: PerCount, value: Decimal, points: Millipoints) -> Millipoints:
    """Millipoints: ``value × each``, at most ``points``.

    >>> award(PerCount(kind="per_count", each=Decimal("0.5")), Decimal(3), 1000)
    1000
    """
    return min(int(value) * millipoints(rule.each), points)


def explain(rule: PerCount, value: Decimal, points: Millipoints, read: Input) -> Text:
    zh, en = quantity(value, read)
    each, worth = points_text(millipoints(rule.each)), points_text(points)
    won = points_text(award(rule, value, points))
    if int(value) * millipoints(rule.each) > points:
        return Text(
            zh=f"{zh}，每项 {each} 分，达到上限，计 {won} 分。",
            en=f"{en} at {each} points each, capped at {worth}: {won} points.",
        )
    return Text(
        zh=f"{zh}，每项 {each} 分，计 {won} 分（上限 {worth} 分）。",
        en=f"{en} at {each} points each: {won} of at most {worth} points.",
    )


def improve(
    rule: PerCount, value: Decimal, points: Millipoints, gain: Millipoints, read: Input
) -> Change | None:
    now = award(rule, value, points)
    if now == points:
        return None
    wanted, each = min(now + gain, points), millipoints(rule.each)
    to = Decimal(-(-wanted // each))
    return Change(to, award(rule, to, points) - now, relative(value, to), raise_to(to, read, True))


def worst(rule: PerCount) -> Decimal:
    return Decimal(0)
