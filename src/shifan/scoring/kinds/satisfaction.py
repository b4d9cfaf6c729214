"""A surveyed share in percent: none at ``zero_at`` or below, all from ``full_at`` on."""

from __future__ import annotations

from decimal import Decimal

from shifan.rulebook.base import Millipoints, Text
from shifan.rulebook.indicators import Input
from shifan.rulebook.rules import Linear, Satisfaction
from shifan.scoring.kinds import linear
from shifan.scoring.kinds.change import Change

Surveyed = tuple[Decimal, Decimal]
"""The share in percent and the number of answers it rests on."""


def award(rule: Satisfaction, value: Surveyed, points: Millipoints) -> Millipoints:
    """Millipoints of the share; the sample is large enough (see :func:`counts`)."""
    return linear.award(line(rule), value[0], points)


def counts(rule: Satisfaction, value: Surveyed) -> bool:
    """Whether the sample is large enough for the share to count."""
    return value[1] >= rule.minimum_sample


def line(rule: Satisfaction) -> Linear:
    return Linear(kind="linear", low=rule.zero_at, full=rule.full_at)


def explain(rule: Satisfaction, value: Surveyed, points: Millipoints, read: Input) -> Text:
    share, sample = value
    if not counts(rule, value):
        open_ = rule.insufficient == "missing"
        return Text(
            zh=f"样本 {sample:f} 份，少于规定的 {rule.minimum_sample} 份，"
            + ("暂不计分。" if open_ else "不得分。"),
            en=f"{sample:f} answers, fewer than the {rule.minimum_sample} required: "
            + ("not counted yet." if open_ else "no points."),
        )
    said = linear.explain(line(rule), share, points, read)
    zh, en = f"样本 {sample:f} 份；", f"{sample:f} answers; "
    if rule.figure == "lower_bound":
        zh += f"按 {rule.confidence:f}% 置信区间下限计；"
        en += f"the lower bound of the {rule.confidence:f}% confidence interval counts; "
    return Text(zh=zh + said.zh, en=en + said.en)


def improve(
    rule: Satisfaction, value: Surveyed, points: Millipoints, gain: Millipoints, read: Input
) -> Change | None:
    change = linear.improve(line(rule), value[0], points, gain, read)
    if change is None:
        return None
    enough = max(value[1], Decimal(rule.minimum_sample))
    return Change((change.to, enough), change.gain, change.effort, change.text)


def worst(rule: Satisfaction) -> Surveyed:
    return (rule.zero_at, Decimal(0))
