"""The moves open to an actor, with what stands against each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shifan.process.guards import against
from shifan.process.situation import Refusal, Situation, Standing
from shifan.process.timing import in_time
from shifan.rulebook.base import Text
from shifan.rulebook.procedures import ByCapacity, ByOffice, Move, Procedure, Stage


class MoveRefused(Exception):
    """A move that is not open; ``refusals`` says why, with the articles."""

    def __init__(self, move_id: str, refusals: tuple[Refusal, ...]) -> None:
        super().__init__(" ".join(refusal.text.en or refusal.text.zh for refusal in refusals))
        self.move_id = move_id
        self.refusals = refusals


@dataclass(frozen=True)
class Option:
    """A move the actor's standing allows, and why it cannot be made now, if it cannot."""

    move: Move
    refusals: tuple[Refusal, ...]

    @property
    def open(self) -> bool:
        return not self.refusals


def options(situation: Situation, standing: Standing, now: datetime) -> tuple[Option, ...]:
    """The moves that are the actor's to make from here, in the rule book's order."""
    return tuple(
        Option(move, refusals(situation, move, now))
        for move in offered(situation.stage, situation.indicators.unit_type)
        if makes(move, standing)
    )


def offered(stage: Stage, unit_type: str) -> tuple[Move, ...]:
    """The moves from a stage that are there for units of the type, whoever makes them."""
    return tuple(move for move in stage.moves if not move.only or unit_type in move.only)


def onward(procedure: Procedure, stage: Stage, unit_type: str) -> list[Move]:
    """The moves by which a stage is dealt with: all but the applicant's own withdrawal."""
    return [move for move in offered(stage, unit_type) if not procedure.withdraws(move)]


def makes(move: Move, standing: Standing) -> bool:
    """Whether those who face the proceeding so make the move; what the clock makes is nobody's."""
    if isinstance(move.by, ByCapacity):
        return ByCapacity(capacity=move.by.capacity) in standing
    return isinstance(move.by, ByOffice) and move.by in standing


def refusals(situation: Situation, move: Move, now: datetime) -> tuple[Refusal, ...]:
    """Everything that stands against the move at ``now``, whoever makes it.

    A vote may be cast before it is counted: that it is too early stands against no voice.
    """
    early = in_time(move, situation, now)
    votes = isinstance(move.by, ByCapacity) and move.by.voices is not None
    found = [None if votes and early is not None and early.code == "too_early" else early]
    found += [against(need, situation) for need in move.needs]
    return tuple(refusal for refusal in found if refusal is not None)


def require(
    situation: Situation,
    move_id: str,
    standing: Standing,
    reason: str,
    now: datetime,
    document: str = "",
) -> Move:
    """The move, if it is open to the actor at ``now``, with the reason and the number of the
    document that it may ask for. Raises MoveRefused with every reason against it."""
    for option in options(situation, standing, now):
        if option.move.id != move_id:
            continue
        against = option.refusals
        if option.move.reason and not reason.strip():
            against = (*against, _REASON)
        if option.move.document and not document.strip():
            against = (*against, _DOCUMENT)
        if against:
            raise MoveRefused(move_id, against)
        return option.move
    raise MoveRefused(move_id, (CLOSED,))


_REASON = Refusal("reason_missing", Text(zh="请写明理由。", en="Give a reason."))
_DOCUMENT = Refusal(
    "document_missing",
    Text(zh="请填写决定文件的文号或名称。", en="Name the document of the decision."),
)
CLOSED = Refusal(
    "not_open",
    Text(
        zh="此操作在当前阶段不可用，或不由您办理。",
        en="This step is not available at the present stage, or not yours to take.",
    ),
)
"""What is said where there is no such move, or not for who asks."""
