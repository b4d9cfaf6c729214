"""When moves open and close, and how long the applicant may still change what it stated."""

from __future__ import annotations

from datetime import datetime

from shifan.process.deadlines import Due, due
from shifan.process.situation import Refusal, Situation
from shifan.rulebook.base import Text
from shifan.rulebook.procedures import Move


def closes(move: Move, situation: Situation) -> Due | None:
    """The deadline the move must meet, if it has one.

    A move made in time once and come back to after a return has ``before_again`` instead, or, where
    clauses were returned, the latest of the deadlines of their kinds.
    """
    if move.before_again and move.id in situation.made:
        kinds = set(situation.returned.values())
        names = {situation.procedure.return_kind(kind).deadline for kind in kinds}
        ends = [_due(name, situation) for name in names or {move.before_again}]
        return max((end for end in ends if end is not None), key=lambda end: end.at, default=None)
    return _due(move.before, situation) if move.before else None


def expected(situation: Situation) -> Due | None:
    """Until when the stage should be left, where the rule book says so; it bars nothing."""
    return _due(situation.stage.due, situation) if situation.stage.due else None


def _due(deadline_id: str, situation: Situation) -> Due | None:
    return due(situation.measures, situation.procedure, deadline_id, situation.moments)


def may_write(provision_id: str, situation: Situation, now: datetime) -> Refusal | None:
    """Whether a fact or a file of the applicant's may still change at ``now``.

    Not once every way on from here has closed, and a returned clause not after the deadline of its
    kind.
    """
    own = (move for move in situation.stage.moves if move.office == "applicant")
    ends = [closes(move, situation) for move in own if move.before]
    kind = situation.returned.get(provision_id)
    if ends and kind is not None:
        ends = [_due(situation.procedure.return_kind(kind).deadline, situation)]
    if not ends or any(end is None or now <= end.last for end in ends):
        return None
    return _too_late(max((end for end in ends if end is not None), key=lambda end: end.at))


def _too_late(end: Due) -> Refusal:
    name, at, grace = end.deadline.name, f"{end.at:%Y-%m-%d %H:%M:%S}", end.deadline.grace_minutes
    return Refusal(
        "too_late",
        Text(
            zh=f"“{name.zh}”已于 {at} 截止" + (f"（宽限 {grace} 分钟）。" if grace else "。"),
            en=f"“{name.en or name.zh}” closed on {at}"
            + (f" (with {grace} minutes of grace)." if grace else "."),
        ),
        end.deadline.article,
    )


def in_time(move: Move, situation: Situation, now: datetime) -> Refusal | None:
    """The move's deadlines: not after it closes, not until ``after`` has passed."""
    end = closes(move, situation)
    if end is not None and now > end.last:
        return _too_late(end)
    if move.after is not None:
        first = _due(move.after, situation)
        if first is None or now <= first.at:
            deadline = situation.procedure.deadline(move.after)
            name, at = deadline.name, f"{first.at:%Y-%m-%d %H:%M:%S}" if first else "—"
            return Refusal(
                "too_early",
                Text(
                    zh=f"“{name.zh}”到 {at} 才结束。",
                    en=f"“{name.en or name.zh}” runs until {at}.",
                ),
                deadline.article,
            )
    return None
