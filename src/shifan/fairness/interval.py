"""A confidence interval for a share: Wilson's, with the effective sample size.

E. B. Wilson, "Probable inference, the law of succession, and statistical inference", *Journal of
the American Statistical Association* 22 (1927). That it holds in surveys when the effective sample
size takes the place of the sample size: E. L. Korn and B. I. Graubard, "Confidence intervals for
proportions with small expected number of positive counts estimated from survey data", *Survey
Methodology* 24 (1998); N. Dean and M. Pagano, "Evaluating confidence interval methods for binomial
proportions in clustered surveys", *Journal of Survey Statistics and Methodology* 3 (2015).
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from statistics import NormalDist

from shifan.fairness.arithmetic import root

Z_PLACES = 6
"""The normal quantile is rounded to this many decimals, so that it is the same on any machine."""


def quantile(confidence: Decimal) -> Fraction:
    """How many standard errors to each side hold ``confidence`` (0.95: 95 %) of a normal curve.

    Rounded to six decimals. Raises ValueError for a confidence not within 0.5…0.9999.

    >>> quantile(Decimal("0.95"))
    Fraction(489991, 250000)
    >>> float(quantile(Decimal("0.95")))
    1.959964
    """
    if not Decimal("0.5") <= confidence <= Decimal("0.9999"):
        raise ValueError(f"a confidence of {confidence} is not within 0.5 and 0.9999")
    exact = NormalDist().inv_cdf(float((1 + confidence) / 2))
    return Fraction(round(exact * 10**Z_PLACES), 10**Z_PLACES)


def wilson(share: Fraction, n: Fraction, z: Fraction) -> tuple[Fraction, Fraction]:
    """The shares that ``share``, seen among ``n`` answers, lies at most ``z`` errors from.

    The root is cut after fifteen decimals, which makes the interval narrower by less than that.

    >>> low, high = wilson(Fraction(8, 10), Fraction(10), quantile(Decimal("0.95")))
    >>> round(float(low), 4), round(float(high), 4)
    (0.4902, 0.9433)
    """
    widened = 1 + z**2 / n
    centre = (share + z**2 / (2 * n)) / widened
    half = z * root(share * (1 - share) / n + z**2 / (4 * n**2)) / widened
    return max(centre - half, Fraction(0)), min(centre + half, Fraction(1))
