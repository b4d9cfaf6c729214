"""Exact fractions, printed: no figure of an estimate passes through binary fractions."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import floor, isqrt

PLACES = 3
"""Decimal places of every printed percentage: a thousandth of a percentage point."""
FINE = 10**15
"""Roots that go on to be reckoned with are cut after the fifteenth decimal place."""


def rounded(value: Fraction, places: int = PLACES) -> Decimal:
    """``value`` with ``places`` decimals, a half rounded up. ``value`` is not negative.

    >>> rounded(Fraction(2, 3)), rounded(Fraction(1, 2000)), rounded(Fraction(5, 2), 0)
    (Decimal('0.667'), Decimal('0.001'), Decimal('3'))
    """
    return Decimal(floor(value * 10**places + Fraction(1, 2))).scaleb(-places)


def percent(share: Fraction) -> Decimal:
    """A share of one as a percentage with three decimals, a half rounded up.

    >>> percent(Fraction(2, 3))
    Decimal('66.667')
    """
    return rounded(100 * share)


def percent_root(square: Fraction) -> Decimal:
    """The root of ``square`` as a percentage, rounded half-up from its exact value.

    >>> percent_root(Fraction(1, 4)), percent_root(Fraction(2, 10_000))
    (Decimal('50.000'), Decimal('1.414'))
    """
    doubled = isqrt(floor(square * (2 * 100 * 10**PLACES) ** 2))  # its whole part is exact
    return Decimal((doubled + 1) // 2).scaleb(-PLACES)


def root(square: Fraction) -> Fraction:
    """The root of ``square``, rounded down to :data:`FINE` parts.

    >>> root(Fraction(9, 4))
    Fraction(3, 2)
    """
    return Fraction(isqrt(floor(square * FINE**2)), FINE)
