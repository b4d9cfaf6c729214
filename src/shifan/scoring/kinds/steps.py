"""The points of the furthest step reached; none before the first."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from shifan.rulebook.base import Millipoints, Text, millipoints
from shifan.rulebook.indicators import Input
from shifan.rulebook.rules import Step, Steps
from shifan.scoring.arithmetic import points_text
from shifan.scoring.kinds.change import Change, relative
from shifan.scoring.kinds.quantity import as_subject, quantity, raise_to


def award(rule: Steps, value: Decimal, points: Millipoints) -> Millipoints:
    """Millipoints of the furthest step that ``value`` reaches.

    >>> rule = Steps.model_validate({"kind": "steps", "steps": [
    ...     {"at": 60, "points": "0.5"}, {"at": 90, "points": 2}]})
    >>> award(rule, Decimal("89.9"), 2000), award(rule, Decimal(90), 2000)
    (500, 2000)
    """
    step = _reached(rule, value)
    return millipoints(step.points) if step else 0


def _reached(rule: Steps, value: Decimal) -> Step | None:
    up = rule.direction == "at_least"
    passed = [step for step in rule.steps if (value >= step.at if up else value <= step.at)]
    return passed[-1] if passed else None


def explain(rule: Steps, value: Decimal, points: Millipoints, read: Input) -> Text:
    zh, en = quantity(value, read)
    zh = as_subject(zh)
    step = _reached(rule, value)
    worth = points_text(points)
    sign = "≥" if rule.direction == "at_least" else "≤"
    if step is None:
        zh_bound, en_bound = quantity(rule.steps[0].at, read)
        return Text(
            zh=f"{zh}未达到第一档（{sign} {zh_bound}），不得分（满分 {worth} 分）。",
            en=f"At {en} the first step ({sign} {en_bound}) is not reached: 0 of {worth} points.",
        )
    zh_bound, en_bound = quantity(step.at, read)
    won = points_text(millipoints(step.points))
    return Text(
        zh=f"{zh}达到“{sign} {zh_bound}”一档，得 {won} 分（满分 {worth} 分）。",
        en=f"At {en} the step {sign} {en_bound} is reached: {won} of {worth} points.",
    )


def improve(
    rule: Steps, value: Decimal, points: Millipoints, gain: Millipoints, read: Input
) -> Change | None:
    now = award(rule, value, points)
    better = [step for step in rule.steps if millipoints(step.points) > now]
    if not better:
        return None
    enough = [step for step in better if millipoints(step.points) - now >= gain]
    step, up = (enough or better[-1:])[0], rule.direction == "at_least"
    to = step.at.quantize(
        Decimal(1).scaleb(-read.decimals), ROUND_CEILING if up else ROUND_FLOOR
    )  # as it can be stated
    earned = award(rule, to, points) - now
    return Change(to, earned, relative(value, to), raise_to(to, read, up))


def worst(rule: Steps) -> Decimal:
    first = rule.steps[0].at
    if rule.direction == "at_least":
        return Decimal(0) if first > 0 else first - 1
    return 2 * abs(first) + 1
