"""Points rise in a straight line from ``low`` (none) to ``full`` (all)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from shifan.rulebook.base import Millipoints, Text
from shifan.rulebook.indicators import Input
from shifan.rulebook.rules import Linear
from shifan.scoring.arithmetic import points_text, round_half_up
from shifan.scoring.kinds.change import Change, relative
from shifan.scoring.kinds.quantity import as_subject, quantity, raise_to


def award(rule: Linear, value: Decimal, points: Millipoints) -> Millipoints:
    """Millipoints in ``0..points``. ``value`` may lie outside the bounds.

    >>> award(Linear(kind="linear", low=Decimal(60), full=Decimal(90)), Decimal(81), 2000)
    1400
    """
    return round_half_up(_share(rule, value) * points)


def _share(rule: Linear, value: Decimal) -> Fraction:
    share = Fraction(value - rule.low) / Fraction(rule.full - rule.low)
    return min(max(share, Fraction(0)), Fraction(1))


def explain(rule: Linear, value: Decimal, points: Millipoints, read: Input) -> Text:
    zh, en = quantity(value, read)
    zh = as_subject(zh)
    zh_low, en_low = quantity(rule.low, read)
    zh_full, en_full = quantity(rule.full, read)
    worth, share = points_text(points), _share(rule, value)
    if share == 1:
        return Text(
            zh=f"{zh}达到满分线 {zh_full}，得满分 {worth} 分。",
            en=f"{en} meets the full mark of {en_full}: all {worth} points.",
        )
    if share == 0:
        return Text(
            zh=f"{zh}未越过起分线 {zh_low}，不得分（满分 {worth} 分）。",
            en=f"{en} does not pass {en_low}, where points begin: 0 of {worth} points.",
        )
    won = points_text(award(rule, value, points))
    return Text(
        zh=f"{zh}介于 {zh_low}（0 分）与 {zh_full}（满分）之间，"
        f"按比例得 {won} 分（满分 {worth} 分）。",
        en=f"{en} lies between {en_low} (none) and {en_full} (all): {won} of {worth} points.",
    )


def improve(
    rule: Linear, value: Decimal, points: Millipoints, gain: Millipoints, read: Input
) -> Change | None:
    now = award(rule, value, points)
    if now == points:
        return None
    wanted = min(now + gain, points)
    # half a millipoint less than wanted is rounded up to it
    share = Fraction(2 * wanted - 1, 2 * points)
    exact = Fraction(rule.low) + Fraction(rule.full - rule.low) * share
    up = rule.full > rule.low
    last_places = exact * 10**read.decimals
    to = Decimal(ceil(last_places) if up else floor(last_places)).scaleb(-read.decimals)
    earned = award(rule, to, points) - now
    return Change(to, earned, relative(value, to), raise_to(to, read, up))


def worst(rule: Linear) -> Decimal:
    return rule.low
