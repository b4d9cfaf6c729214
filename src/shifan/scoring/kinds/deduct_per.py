"""The clause's points less ``each`` for every failing counted, never below ``floor``."""

from __future__ import annotations

from decimal import Decimal

from shifan.rulebook.base import Millipoints, Text, millipoints
from shifan.rulebook.indicators import Input
from shifan.rulebook.rules import DeductPer
from shifan.scoring.arithmetic import points_text
from shifan.scoring.facts import LARGEST
from shifan.scoring.kinds.change import Change, relative
from shifan.scoring.kinds.quantity import quantity, raise_to


def award(rule: DeductPer, value: Decimal, points: Millipoints) -> Millipoints:
    """Millipoints: ``points − value × each``, at least the floor.

    >>> award(DeductPer(kind="deduct_per", each=Decimal("0.5")), Decimal(3), 2000)
    500
    """
    return max(points - int(value) * millipoints(rule.each), millipoints(rule.floor))


def explain(rule: DeductPer, value: Decimal, points: Millipoints, read: Input) -> Text:
    zh, en = quantity(value, read)
    each, worth = points_text(millipoints(rule.each)), points_text(points)
    won = points_text(award(rule, value, points))
    if value == 0:
        return Text(
            zh=f"没有扣分情形，得满分 {worth} 分。", en=f"Nothing to deduct: all {worth} points."
        )
    return Text(
        zh=f"{zh}，每项扣 {each} 分，得 {won} 分（满分 {worth} 分）。",
        en=f"{en}, {each} points off for each: {won} of {worth} points.",
    )


def improve(
    rule: DeductPer, value: Decimal, points: Millipoints, gain: Millipoints, read: Input
) -> Change | None:
    now = award(rule, value, points)
    if now == points:
        return None
    wanted, each = min(now + gain, points), millipoints(rule.each)
    to = Decimal((points - wanted) // each)
    return Change(to, award(rule, to, points) - now, relative(value, to), raise_to(to, read, False))


def worst(rule: DeductPer) -> Decimal:
    return LARGEST
