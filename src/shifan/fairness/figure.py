"""The one figure of an estimate that enters the score."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from shifan.fairness.arithmetic import PLACES, rounded
from shifan.fairness.sampling import Estimate
from shifan.rulebook.base import Text

Counts = Literal["point", "lower_bound"]
"""What counts: the estimated share itself, or the lower end of its confidence interval."""


@dataclass(frozen=True)
class Figure:
    """A percentage with the number of answers behind it; None when they are too few."""

    value: Decimal | None
    sample: int
    reason: Literal["counted", "insufficient"]
    text: Text


def figure(estimate: Estimate, counts: Counts, minimum: int, decimals: int) -> Figure:
    """The figure that counts, or none below ``minimum`` answers (an excluded answer is none).

    Rounded half-up to ``decimals`` (at most three) from the printed percentage, so that whoever
    holds the printed page can repeat it.
    """
    if not 0 <= decimals <= PLACES:
        raise ValueError(f"a figure has 0 to {PLACES} decimals, not {decimals}")
    printed = estimate.share if counts == "point" else estimate.low
    if printed is None or estimate.n < minimum:
        text = Text(
            zh=f"有效答卷 {estimate.n} 份，少于 {minimum} 份，暂不计分。",
            en=f"{estimate.n} answers count, fewer than {minimum}: no figure yet.",
        )
        return Figure(None, estimate.n, "insufficient", text)
    value = rounded(Fraction(printed), decimals)
    zh, en = ("估计值", "the estimate") if counts == "point" else ("置信下限", "the lower bound")
    text = Text(
        zh=f"按{zh}计 {value}%，依据有效答卷 {estimate.n} 份。",
        en=f"{value} %, {en}, from {estimate.n} answers.",
    )
    return Figure(value, estimate.n, "counted", text)
