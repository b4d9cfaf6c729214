"""What the process needs to know of one proceeding, and who is asking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from shifan.process.deadlines import Moments
from shifan.rulebook.base import Text
from shifan.rulebook.indicators import IndicatorSet
from shifan.rulebook.model import Measures
from shifan.rulebook.procedures import ByCapacity, ByOffice, Procedure, Stage
from shifan.scoring.facts import Facts
from shifan.scoring.result import UnitScore


@dataclass(frozen=True)
class Made:
    """A move that proceedings over the same matter made, of which procedure, and about which
    finding if there was one; ``own`` if this very proceeding made it."""

    procedure: str
    move: str
    at: datetime
    finding: str = ""
    own: bool = False


@dataclass(frozen=True)
class TitleSeen:
    """The title a proceeding is about, as it stands now."""

    state: str
    grade: str = ""


@dataclass(frozen=True)
class Partner:
    """A unit that applies together with the lead; ``agreed`` is None until it has answered."""

    name: str
    agreed: bool | None
    titles: frozenset[str] = frozenset()
    revoked_on: date | None = None


@dataclass(frozen=True)
class Situation:
    """One proceeding as the process sees it.

    ``year`` is the cycle's, ``today`` the day in the programme's zone; ``entered`` gives when each
    stage was last entered; ``history`` the moves made before over the same matter, this
    proceeding's own among them; ``until`` the levels at which the unit holds a valid title with the
    last day of each (None: no end); ``facts`` are those that count, and ``score`` is theirs. Of a
    review: the provisions still ``unreviewed``, those the office ``adjusted``, and those
    ``returned`` with the kind of return. ``revoked_on`` is the day the unit last lost a title.
    ``channel`` is the one it applies through, if any, and ``partners`` those it applies with.
    ``title`` is the one it is about, ``finding`` the finding's id, if it is about one; ``running``
    are the other procedures that run over the same matter, ``runs`` from when to when they ran,
    ``assigned`` how many act in each capacity, ``barred_until`` the last day of a bar that lies on
    the unit or on the office that put it forward, ``known`` the moments that deadlines count from,
    ``extended`` the last days to which the office extended deadlines.
    """

    measures: Measures
    procedure: Procedure
    indicators: IndicatorSet
    stage_id: str
    year: int
    today: date
    entered: Mapping[str, datetime]
    history: tuple[Made, ...]
    until: Mapping[str, date | None]
    facts: Facts
    score: UnitScore
    unreviewed: tuple[str, ...] = ()
    adjusted: frozenset[str] = frozenset()
    returned: Mapping[str, str] = field(default_factory=dict)
    revoked_on: date | None = None
    channel: str = ""
    partners: tuple[Partner, ...] = ()
    title: TitleSeen | None = None
    finding: str = ""
    running: frozenset[str] = frozenset()
    assigned: Mapping[str, int] = field(default_factory=dict)
    barred_until: date | None = None
    known: Mapping[str, datetime] = field(default_factory=dict)
    runs: Mapping[str, tuple[tuple[datetime, datetime | None], ...]] = field(default_factory=dict)
    extended: Mapping[str, date] = field(default_factory=dict)

    @property
    def titles(self) -> frozenset[str]:
        """The levels at which the unit holds a valid title."""
        return frozenset(self.until)

    @property
    def made(self) -> frozenset[str]:
        """The moves this very proceeding made before."""
        return frozenset(made.move for made in self.history if made.own)

    @property
    def moments(self) -> Moments:
        return Moments(self.year, self.entered, self.known, self.runs, self.extended)

    @property
    def stage(self) -> Stage:
        return self.procedure.stage(self.stage_id)


Standing = frozenset[ByOffice | ByCapacity]
"""The offices and roles, and the capacities, in which the actor faces the proceeding; empty for a
stranger."""


@dataclass(frozen=True)
class Refusal:
    """Why a move is not open now; ``article`` is the one of the measures that says so."""

    code: str
    text: Text
    article: int | None = None
