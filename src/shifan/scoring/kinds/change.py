"""A change of one fact that would earn more, and how far it is to go."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from shifan.rulebook.base import Millipoints, Text


@dataclass(frozen=True)
class Change:
    """What would have to be true (``to``), what it earns more, and the effort it stands for.

    ``effort`` lies in 0..1: the share of the way, as a relative change of a number or the share of
    a checklist; a yes/no fact is the whole way.
    """

    to: Any
    gain: Millipoints
    effort: Fraction
    text: Text


def relative(old: Decimal, new: Decimal) -> Fraction:
    """How large the step from ``old`` to ``new`` is, relative to the larger of the two; at most 1,
    which a step across zero is."""
    largest = max(abs(old), abs(new))
    way = Fraction(abs(new - old)) / Fraction(largest) if largest else Fraction(0)
    return min(way, Fraction(1))
