"""Whose move it is, written as rows whenever a proceeding moves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from shifan.proceedings.models import APPLICANT, PARTNER, Proceeding, Turn
from shifan.proceedings.queries import in_full
from shifan.proceedings.rooms import File, read
from shifan.process.deadlines import due
from shifan.process.moves import offered, onward
from shifan.process.situation import Situation
from shifan.process.timing import closes, expected
from shifan.rulebook.procedures import ByCapacity, ByOffice, Move, ToVote

AFTER = timedelta(seconds=1)
"""The clock moves the moment after a deadline's last."""


def retake(files: Sequence[File]) -> None:
    """Write the turns of these proceedings anew, from their situations as they are now."""
    Turn.objects.filter(proceeding__in=[each.proceeding.pk for each in files]).delete()
    Turn.objects.bulk_create(turn for file in files for turn in turns(file))


def take_up() -> None:
    """Write the turns of running proceedings that have none: those from before there were any."""
    waiting = Proceeding.objects.filter(turns__isnull=True, closed_at=None)
    ids, now = list(waiting.values_list("pk", flat=True)), timezone.now()
    for start in range(0, len(ids), 500):
        rows = in_full(Proceeding.objects.filter(pk__in=ids[start : start + 500]))
        retake(read(list(rows), now))


def turns(file: File) -> Iterator[Turn]:
    """The turns of one proceeding: of who makes a move, names who does, or states facts here, and
    of the clock."""
    waits = _waits(file.situation)
    for party in file.proceeding.present:
        joint = party.capacity == PARTNER
        for (capacity, role), until in waits.items():
            mine = capacity == (APPLICANT if joint else party.capacity)
            if mine and (not joint or (party.agreed and role == "clerk")):
                yield Turn(proceeding=file.proceeding, party=party, role=role, due_at=until)
    yield from _clock(file)


def _waits(situation: Situation) -> dict[tuple[str, str], datetime | None]:
    """For which capacities and roles (none: a capacity as such) it waits, and until when."""
    found: dict[tuple[str, str], list[Move]] = {}
    for move in onward(situation.procedure, situation.stage, situation.indicators.unit_type):
        if isinstance(move.by, ByOffice):
            found.setdefault((move.by.office, move.by.role), []).append(move)
        elif isinstance(move.by, ByCapacity):
            found.setdefault((move.by.capacity, ""), []).append(move)
    for party in situation.procedure.naming(situation.stage):
        by = party.assigned_by
        if by is not None and situation.assigned.get(party.capacity, 0) < party.number:
            found.setdefault((by.office, by.role), [])
    for source in situation.measures.fact_sources:
        if source.id in situation.stage.writes:
            roles = ("clerk", "contributor") if source.by == APPLICANT else ("reviewer",)
            for role in roles:
                found.setdefault((source.by, role), [])
    return {key: _until(moves, situation) for key, moves in found.items()}


def _until(moves: Sequence[Move], situation: Situation) -> datetime | None:
    """Until when the moves can be made, or should one of them be."""
    ends = [closes(move, situation) for move in moves]
    last = max((end.at for end in ends if end is not None), default=None)
    should = expected(situation) if moves and last is None else None
    return last if should is None else should.at


def _clock(file: File) -> Iterator[Turn]:
    """What the clock makes here, or counts: each at the moment after its deadline, or at once where
    the stage is come to only then."""
    situation = file.situation
    for move in offered(situation.stage, situation.indicators.unit_type):
        votes = isinstance(move.by, ByCapacity) and isinstance(move.by.voices, ToVote)
        if move.after is None or not (move.by == "clock" or votes):
            continue
        end = due(situation.measures, situation.procedure, move.after, situation.moments)
        if end is not None:
            brings = next((_BRINGS[e.kind] for e in move.effects if e.kind in _BRINGS), "")
            yield Turn(
                proceeding=file.proceeding, move=move.id,
                due_at=max(end.last + AFTER, file.proceeding.stage_since),
                brings="" if votes or move.needs else brings,
            )  # fmt: skip


_BRINGS = {"suspend": "suspended", "revoke": "revoked", "lapse": "lapsed"}
"""What the effects of the clock's moves make of a title."""
