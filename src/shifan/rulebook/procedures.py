"""A procedure: what a programme does step by step about one kind of subject.

A run of it is a *proceeding*. Stages and moves, who makes them, what stands before them, by when,
and what they bring about are all said here; :mod:`shifan.process` reads it.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import chain
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from shifan.rulebook.base import Name, Part, Text
from shifan.rulebook.deadlines import MOMENTS, Deadline, Span, at_moment
from shifan.rulebook.effects import Award, Effect
from shifan.rulebook.needs import Need

Subject = Literal["unit", "batch", "line", "title", "finding", "round"]
"""What a proceeding can be about: a unit in a cycle's round, a batch, a line of a batch, a title, a
finding, a round of draws or pairings."""

Role = Literal["lead", "clerk", "contributor", "reviewer", "approver", "officer"]
"""``lead`` signs for a unit, ``clerk`` and ``contributor`` work on its file; ``reviewer``,
``approver`` and ``officer`` act for an office."""


class ByOffice(Part):
    """An office and a role in it. ``applicant`` is the unit concerned, any other a tier."""

    office: Name
    role: Role


class Majority(Part):
    """More than so many percent are needed while the turnout is below ``turnout_below`` percent (at
    any turnout, where that is not given)."""

    more_than: Decimal = Field(ge=0, lt=100)
    turnout_below: Decimal | None = Field(default=None, gt=0, le=100)


class Vote(Part):
    """A decision by vote, counted when all have spoken or at the move's ``after``.

    Below the ``quorum`` (percent of those entitled, or a ``quorum_number``) nothing is decided. Of
    ``majorities`` the first that fits the turnout counts; it is reckoned of the votes ``cast`` for
    or against, or of all ``entitled``. With ``ties: chair`` the voice of the capacity ``chair``
    decides a tie, else it is not carried.
    """

    quorum: Decimal = Field(default=Decimal(0), ge=0, le=100)
    quorum_number: int = Field(default=0, ge=0)
    majorities: tuple[Majority, ...] = Field(min_length=1)
    of: Literal["cast", "entitled"] = "cast"
    ties: Literal["not_carried", "chair"] = "not_carried"
    chair: Name | None = None


class Support(Part):
    """So many of those entitled must say so, by ``number`` or by ``percent``."""

    number: int = Field(default=1, ge=1)
    percent: Decimal = Field(default=Decimal(0), ge=0, le=100)


class ToVote(Part):
    """Voices counted as a vote."""

    vote: Vote


class ToSupport(Part):
    """Voices counted as support."""

    support: Support


def _voices(value: Any) -> str | None:
    if isinstance(value, str):
        return "all"
    names = value if isinstance(value, dict) else getattr(type(value), "model_fields", ())
    return next((each for each in ("vote", "support") if each in names), None)


Voices = Annotated[
    Annotated[Literal["all"], Tag("all")]
    | Annotated[ToVote, Tag("vote")]
    | Annotated[ToSupport, Tag("support")],
    Discriminator(
        _voices, custom_error_type="voices", custom_error_message="is `all`, a vote or a support"
    ),
]
"""How the voices of several count: all agree, a vote, support by so many."""


class ByCapacity(Part):
    """Those assigned in a capacity of the procedure: any one of them, or by their ``voices``."""

    capacity: Name
    voices: Voices | None = None


def _who(value: Any) -> str | None:
    if isinstance(value, str):
        return "itself"
    names = value if isinstance(value, dict) else getattr(type(value), "model_fields", ())
    return next((each for each in ("office", "capacity") if each in names), None)


By = Annotated[
    Annotated[Literal["clock", "move"], Tag("itself")]
    | Annotated[ByOffice, Tag("office")]
    | Annotated[ByCapacity, Tag("capacity")],
    Discriminator(
        _who,
        custom_error_type="by",
        custom_error_message="is `clock`, `move`, {office, role} or {capacity}",
    ),
]
"""Who makes a move: the clock, only a move of another procedure with its `move` effect, somebody of
an office, or those in a capacity."""


class Related(Part):
    """Worked with or for the unit, or has kin there, within the last ``years``; as declared."""

    years: int = Field(ge=1, le=50)


class ToRelated(Part):
    """A conflict by what somebody declares."""

    related: Related


Conflict = Literal["same_unit", "same_area", "same_employer", "own_file"] | ToRelated
"""Who may not act in a capacity: people of the unit; who works in the unit's area; who works for
the same employer; who worked on the file; who declares to be related."""


class Party(Part):
    """A capacity that people, organisations, offices or units are assigned to, so many of them.

    ``assigned_by`` names who assigns; ``not_with`` the capacities nobody may hold beside it.
    """

    capacity: Name
    name: Text
    kind: Literal["person", "organisation", "office", "unit"]
    number: int = Field(default=1, ge=1, le=10_000)
    assigned_by: ByOffice | None = None
    conflicts: tuple[Conflict, ...] = ()
    not_with: tuple[Name, ...] = ()


class ByParty(Part):
    """An office or party begins it."""

    by: ByOffice


class ByMove(Part):
    """A move of another procedure begins it, by its ``open`` effect."""

    by: Literal["move"]


class ByAnyone(Part):
    """Anyone begins it, while a proceeding of ``of`` is at the stage ``while_at``."""

    by: Literal["anyone"]
    of: Name
    while_at: Name


class ByClock(Part):
    """The clock begins it, ``when`` that comes, then again ``every`` so many months, ``at_most`` so
    many times."""

    by: Literal["clock"]
    when: Span
    every_months: int | None = Field(default=None, ge=1, le=600)
    at_most: int | None = Field(default=None, ge=1, le=100)


def _starter(value: Any) -> str | None:
    by = value.get("by") if isinstance(value, dict) else getattr(value, "by", None)
    return by if isinstance(by, str) else "party"


Opens = Annotated[
    Annotated[ByParty, Tag("party")]
    | Annotated[ByMove, Tag("move")]
    | Annotated[ByAnyone, Tag("anyone")]
    | Annotated[ByClock, Tag("clock")],
    Discriminator(
        _starter,
        custom_error_type="opens",
        custom_error_message="is by a party, `move`, `anyone` or `clock`",
    ),
]
"""Who or what begins a proceeding."""


class ReturnKind(Part):
    """Why a clause goes back to the applicant; ``deadline`` names the time it has to mend it."""

    id: Name
    name: Text
    deadline: Name
    article: int


class Move(Part):
    """A way from one stage to the next; one move for each outcome.

    ``before`` names the deadline it must meet (or a moment, as ``term_end``), ``after`` the one it
    must wait for (a move ``by: clock`` is made when that comes); ``before_again`` is the deadline
    instead of ``before`` once the move was made and the proceeding came back. ``only`` limits it to
    unit types; ``reason`` says whether it needs one, ``document`` whether the decision's document
    must be filed with it. A move that ``returns`` sends back the clauses marked so; its ``effects``
    are what it brings about beside the stage.
    """

    id: Name
    name: Text
    to: Name
    by: By
    reason: bool = False
    document: bool = False
    returns: bool = False
    needs: tuple[Need, ...] = ()
    before: Name | None = None
    before_again: Name | None = None
    after: Name | None = None
    only: tuple[Name, ...] = ()
    effects: tuple[Effect, ...] = ()

    @property
    def office(self) -> str:
        """The office that makes it; empty where none does."""
        return self.by.office if isinstance(self.by, ByOffice) else ""

    @property
    def role(self) -> str:
        """The role in that office; empty where no office makes it."""
        return self.by.role if isinstance(self.by, ByOffice) else ""

    @property
    def awards(self) -> Award | None:
        """The term it awards, if it does."""
        said = (effect.said for effect in self.effects)
        return next((each for each in said if isinstance(each, Award)), None)


class Gathers(Part):
    """Which proceedings are put together: those ``of`` a procedure that stand ``at`` a stage, of
    the same round."""

    of: Name
    at: Name


class Stage(Part):
    """A state of a proceeding; final where no move leads on.

    ``writes`` lists the fact sources that may state facts here. Where it ``reviews``, the office in
    charge gives its opinion on what the applicant stated, clause by clause; where it ``hears``, the
    applicant may reply to these opinions. Where a batch ``gathers``, its office puts the files in
    that it then moves together. Where it is ``public`` anyone may read that the subject is here: of
    a batch that is its public notice, with all its lines. ``due`` names the deadline until which
    whoever is in charge should have acted; passing it shows as late and bars nothing.
    """

    id: Name
    name: Text
    article: int
    writes: tuple[Name, ...] = ()
    reviews: bool = False
    hears: bool = False
    public: bool = False
    gathers: Gathers | None = None
    due: Name | None = None
    moves: tuple[Move, ...] = ()

    @property
    def final(self) -> bool:
        return not self.moves

    @property
    def offices(self) -> frozenset[str]:
        """The tiers that make a move here."""
        return frozenset(move.office for move in self.moves) - {"", "applicant"}


class Procedure(Part):
    """What is done step by step ``about`` one kind of subject, beginning at the first stage."""

    id: Name
    name: Text
    article: int
    about: Subject
    opens: Opens
    parties: tuple[Party, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    return_kinds: tuple[ReturnKind, ...] = ()
    stages: tuple[Stage, ...] = Field(min_length=2)

    def stage(self, stage_id: str) -> Stage:
        return next(stage for stage in self.stages if stage.id == stage_id)

    def deadline(self, deadline_id: str) -> Deadline:
        """The deadline of that id; the name of a moment is the end of its day."""
        own = (deadline for deadline in self.deadlines if deadline.id == deadline_id)
        moment = (at_moment(each) for each in MOMENTS if each == deadline_id)
        return next(chain(own, moment))

    def return_kind(self, kind_id: str) -> ReturnKind:
        return next(kind for kind in self.return_kinds if kind.id == kind_id)

    def party(self, capacity: str) -> Party | None:
        return next((each for each in self.parties if each.capacity == capacity), None)

    def naming(self, stage: Stage) -> tuple[Party, ...]:
        """The parties that make moves at the stage, and that somebody names."""
        acting = {move.by.capacity for move in stage.moves if isinstance(move.by, ByCapacity)}
        return tuple(p for p in self.parties if p.capacity in acting and p.assigned_by is not None)

    def offices(self, stage: Stage) -> frozenset[str]:
        """The tiers that make a move at the stage, or name those who do."""
        naming = {p.assigned_by.office for p in self.naming(stage) if p.assigned_by is not None}
        return stage.offices | (naming - {"applicant"})

    def withdraws(self, move: Move) -> bool:
        """Whether the applicant ends the proceeding of its own will."""
        return move.office == "applicant" and self.stage(move.to).final

    @property
    def granted(self) -> frozenset[str]:
        """The stages in which something was awarded."""
        return frozenset(move.to for _, move in self.moves() if move.awards)

    def moves(self) -> Iterator[tuple[Stage, Move]]:
        """Every move with the stage it leads from."""
        for stage in self.stages:
            for move in stage.moves:
                yield stage, move
