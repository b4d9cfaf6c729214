"""A surveyed share in percent: none at ``zero_at`` or below, all from ``full_at`` on."""

from __future__ import annotations

from decimal import Decimal

import ibis
import ibis.expr.types as ir

from shifan.rulebook.base import Millipoints, Text
from shifan.rulebook.indicators import Input
from shifan.rulebook.rules import Linear, Satisfaction
from shifan.scoring.kinds import linear
from shifan.scoring.kinds.change import Change

Surveyed = tuple[Decimal, Decimal]
"""The share in percent and the number of answers it rests on."""


def award(rule: Satisfaction, value: Surveyed, points: Millipoints) -> Millipoints:
    """Millipoints of the share; the sample is large enough (see :func:`counts`)."""
    return linear.award(_line(rule), value[0], points)


def compile(
    rule: Satisfaction, columns: tuple[ir.Value, ...], scales: tuple[int, ...], points: Millipoints
) -> ir.IntegerValue:
    """The same over the columns of share and sample, each ``value × scale``; none of the points
    where the sample is not large enough."""
    award = linear.compile(_line(rule), columns, scales, points)
    return compile_counts(rule, columns, scales).ifelse(award, 0)


def counts(rule: Satisfaction, value: Surveyed) -> bool:
    """Whether the sample is large enough for the share to count."""
    return value[1] >= rule.minimum_sample


def compile_counts(
    rule: Satisfaction, columns: tuple[ir.Value, ...], scales: tuple[int, ...]
) -> ir.BooleanValue:
    """The same over the columns of share and sample."""
    return columns[1] >= rule.minimum_sample * scales[1]


def compile_open(
    rule: Satisfaction, columns: tuple[ir.Value, ...], scales: tuple[int, ...]
) -> ir.BooleanValue:
    """Whether the sample is insufficient, and the clause therefore missing."""
    if rule.insufficient != "missing":
        return ibis.literal(False)
    return ~compile_counts(rule, columns, scales).fill_null(False)


def _line(rule: Satisfaction) -> Linear:
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
    line = linear.explain(_line(rule), share, points, read)
    zh, en = f"样本 {sample:f} 份；", f"{sample:f} answers; "
    if rule.figure == "lower_bound":
        zh += f"按 {rule.confidence:f}% 置信区间下限计；"
        en += f"the lower bound of the {rule.confidence:f}% confidence interval counts; "
    return Text(zh=zh + line.zh, en=en + line.en)


def improve(
    rule: Satisfaction, value: Surveyed, points: Millipoints, gain: Millipoints, read: Input
) -> Change | None:
    change = linear.improve(_line(rule), value[0], points, gain, read)
    if change is None:
        return None
    enough = max(value[1], Decimal(rule.minimum_sample))
    return Change((change.to, enough), change.gain, change.effort, change.text)


def worst(rule: Satisfaction) -> Surveyed:
    return (rule.zero_at, Decimal(0))
