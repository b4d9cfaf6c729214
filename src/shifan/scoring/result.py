"""What a score is: every clause's state, the sums above it, the verdict."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from shifan.rulebook.base import Millipoints
from shifan.scoring.facts import ALL


class State(StrEnum):
    """What is known of a provision.

    ``missing`` is its own state and never a silent zero. ``unclaimed`` is a bonus nobody claimed:
    it earns nothing and keeps nothing open.
    """

    SCORED = "scored"
    MISSING = "missing"
    NOT_APPLICABLE = "not_applicable"
    UNCLAIMED = "unclaimed"


class Verdict(StrEnum):
    """What the score means for an application, in order of precedence.

    ``vetoed``: a veto fact holds. ``below_minimum``: a category or item cannot reach its minimum.
    ``not_reached``: the threshold is out of reach even if all that is missing came in full.
    ``incomplete``: something missing could still decide it. ``reached``: the threshold is met.
    """

    VETOED = "vetoed"
    BELOW_MINIMUM = "below_minimum"
    NOT_REACHED = "not_reached"
    INCOMPLETE = "incomplete"
    REACHED = "reached"


@dataclass(frozen=True, slots=True)
class ProvisionScore:
    """One clause, adjustment or veto.

    ``won`` counts towards the sums (a penalty's is what it costs); ``possible`` is the most it
    could be, 0 when excluded as not applicable. ``value`` is what the rule read. ``potential`` is
    the unit's own share of the points in percent; ``applies`` says which parts do, where it is of
    parts that may not.
    """

    id: str
    state: State
    won: Millipoints
    possible: Millipoints
    value: Any = None
    potential: Decimal = ALL
    applies: tuple[bool, ...] = ()

    @property
    def open(self) -> Millipoints:
        """Points that a missing fact keeps open."""
        return self.possible if self.state is State.MISSING else 0

    @property
    def lost(self) -> Millipoints:
        """Points a known fact did not earn."""
        return self.possible - self.won - self.open


@dataclass(frozen=True, slots=True)
class Sum:
    """An item or a category, in millipoints: what its clauses win as it counts in the scope around
    it, scaled where the rule book says so."""

    id: str
    won: Millipoints
    open: Millipoints
    possible: Millipoints


@dataclass(frozen=True, slots=True)
class UnitScore:
    """The whole result of one unit, in millipoints.

    ``won``, ``open`` and ``available`` are the sums over the categories. ``base`` is what is won,
    scaled up to the full base when points were excluded; ``total`` is ``base + bonus − penalty``,
    never below 0; ``best`` is the total if every missing clause earned all its points. ``grade`` is
    the best one that the total reaches, empty where there is none, or where a veto or a minimum
    rules the unit out.
    """

    clauses: tuple[ProvisionScore, ...]
    adjustments: tuple[ProvisionScore, ...]
    vetoes: tuple[ProvisionScore, ...]
    items: tuple[Sum, ...]
    categories: tuple[Sum, ...]
    won: Millipoints
    open: Millipoints
    available: Millipoints
    base: Millipoints
    bonus: Millipoints
    penalty: Millipoints
    total: Millipoints
    best: Millipoints
    verdict: Verdict
    grade: str = ""

    @property
    def lost(self) -> Millipoints:
        """Points known not to be earned, before scaling."""
        return self.available - self.won - self.open

    def provision(self, provision_id: str) -> ProvisionScore:
        parts = (*self.clauses, *self.adjustments, *self.vetoes)
        return next(part for part in parts if part.id == provision_id)
