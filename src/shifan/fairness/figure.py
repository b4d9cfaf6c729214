"""The one figure of an estimate that enters the score."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Literal

from shifan.fairness.arithmetic import PLACES, rounded
from shifan.fairness.sampling import Estimate

Counts = Literal["point", "lower_bound"]
"""What counts: the estimated share itself, or the lower end of its confidence interval."""


def figure(estimate: Estimate, counts: Counts, decimals: int) -> Decimal | None:
    """The percentage that counts; None where no answer does.

    Rounded half-up to ``decimals`` (at most three) from the printed percentage, so that whoever
    holds the printed page can repeat it.
    """
    if not 0 <= decimals <= PLACES:
        raise ValueError(f"a figure has 0 to {PLACES} decimals, not {decimals}")
    printed = estimate.share if counts == "point" else estimate.low
    return None if printed is None else rounded(Fraction(printed), decimals)
