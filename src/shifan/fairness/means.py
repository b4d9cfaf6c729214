"""The mean of a stratified sample and its variance, from sums alone.

Simple random sampling without replacement within strata: W. G. Cochran, *Sampling Techniques*, 3rd
edition, Wiley 1977, chapter 5; S. L. Lohr, *Sampling: Design and Analysis*, chapter 3. Where
answers weigh differently, a stratum's mean is a ratio of two sums and its variance the linearised
one: Cochran, chapter 6.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Stratum:
    """The sums a stratum's sample comes down to: of the weights w and the values y.

    The weights say what an answer counts for beside others of the same stratum; only their ratios
    matter. Without weights every w is 1. ``population`` is None where nobody knows it: then nothing
    is corrected for its being finite.
    """

    population: int | None
    n: int
    w: Fraction
    ww: Fraction
    wy: Fraction
    wwy: Fraction
    wwyy: Fraction

    @property
    def mean(self) -> Fraction:
        return self.wy / self.w

    @property
    def left(self) -> Fraction:
        """The share of the population that was not asked, 1 − n/N; 1 without a population."""
        return 1 - Fraction(self.n, self.population) if self.population else Fraction(1)

    def around(self, centre: Fraction) -> Fraction:
        """Σ w²(y − centre)² ÷ (Σ w)²."""
        return (self.wwyy - 2 * centre * self.wwy + centre**2 * self.ww) / self.w**2

    def variance(self, overall: Fraction) -> Fraction:
        """The variance of the stratum's mean.

        (1 − n/N) · n/(n − 1) · Σ w²(y − mean)² ÷ (Σ w)²; with equal weights (1 − n/N) · s²/n. A
        single answer has no spread of its own: it is set against the ``overall`` mean instead,
        (1 − 1/N)(y − overall)², as ``adjust`` does in T. Lumley, *Complex Surveys*, Wiley 2010.
        """
        if self.n == 1:
            return self.left * self.around(overall)
        return self.left * Fraction(self.n, self.n - 1) * self.around(self.mean)


@dataclass(frozen=True)
class Mean:
    """A weighted mean over strata and its variance, both exact.

    ``kish`` is the number of answers of equal weight that would weigh as these do, (Σ ω)² ÷ Σ ω²
    (L. Kish, *Survey Sampling*, Wiley 1965, section 11.7), strata included.
    """

    value: Fraction
    variance: Fraction
    kish: Fraction


def stratified_mean(strata: Sequence[Stratum]) -> Mean:
    """The mean Σ W·mean and its variance Σ W²·variance, where W is a stratum's share of all.

    A single stratum needs no population; of several, each must have one. Every stratum has n ≥ 1.
    """
    shares = population_shares(strata)
    value = sum((w * s.mean for w, s in zip(shares, strata, strict=True)), Fraction())
    variance = sum(
        (w**2 * s.variance(value) for w, s in zip(shares, strata, strict=True)), Fraction()
    )
    squares = sum((w**2 * s.ww / s.w**2 for w, s in zip(shares, strata, strict=True)), Fraction())
    return Mean(value, variance, 1 / squares)


def population_shares(strata: Sequence[Stratum]) -> list[Fraction]:
    """Each stratum's share of the population of all of them; a single one is all there is."""
    if len(strata) == 1:
        return [Fraction(1)]
    sizes = [stratum.population for stratum in strata]
    if None in sizes:
        raise ValueError("several strata, one of them without a population")
    total = sum(size for size in sizes if size is not None)
    return [Fraction(size or 0, total) for size in sizes]
