"""Exact arithmetic: whole millipoints, one division, rounded half-up."""

from __future__ import annotations

from fractions import Fraction

from shifan.rulebook.base import Millipoints


def round_half_up(value: Fraction) -> Millipoints:
    """The nearest whole number; a half goes up. ``value`` is not negative.

    >>> round_half_up(Fraction(5, 2)), round_half_up(Fraction(249, 100))
    (3, 2)
    """
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def points_text(millipoints: Millipoints) -> str:
    """Points for people: two decimal places, a third only where it says something.

    >>> points_text(1400), points_text(1375), points_text(-500)
    ('1.40', '1.375', '-0.50')
    """
    sign, whole = ("-" if millipoints < 0 else ""), abs(millipoints)
    text = f"{whole // 1000}.{whole % 1000:03d}"
    return sign + (text[:-1] if text.endswith("0") else text)
