"""What the process needs to know of one application, and who is asking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from shifan.rulebook.base import Text
from shifan.rulebook.indicators import IndicatorSet
from shifan.rulebook.model import By, Measures, Stage
from shifan.scoring.facts import Facts
from shifan.scoring.result import UnitScore


@dataclass(frozen=True)
class Partner:
    """A unit that applies together with the lead; ``agreed`` is None until it has answered."""

    name: str
    agreed: bool | None
    titles: frozenset[str] = frozenset()
    revoked_on: date | None = None


@dataclass(frozen=True)
class Situation:
    """One application as the process sees it.

    ``year`` is the cycle's; ``entered`` gives when each stage was last entered; ``made`` are the
    moves it made before; ``titles`` are the levels at which the unit holds a valid title; ``facts``
    are those that count, and ``score`` is theirs. Of a review: the provisions still ``unreviewed``,
    those the office ``adjusted``, and those ``returned`` with the kind of return. ``revoked_on`` is
    the day the unit last lost a title. ``channel`` is the one it applies through, if any, and
    ``partners`` those it applies with.
    """

    measures: Measures
    indicators: IndicatorSet
    stage_id: str
    year: int
    entered: Mapping[str, datetime]
    made: frozenset[str]
    titles: frozenset[str]
    facts: Facts
    score: UnitScore
    unreviewed: tuple[str, ...] = ()
    adjusted: frozenset[str] = frozenset()
    returned: Mapping[str, str] = field(default_factory=dict)
    revoked_on: date | None = None
    channel: str = ""
    partners: tuple[Partner, ...] = ()

    @property
    def stage(self) -> Stage:
        return self.measures.stage(self.stage_id)


Standing = frozenset[By]
"""The offices and roles in which the actor faces this application; empty for a stranger."""


@dataclass(frozen=True)
class Refusal:
    """Why a move is not open now; ``article`` is the one of the measures that says so."""

    code: str
    text: Text
    article: int | None = None
