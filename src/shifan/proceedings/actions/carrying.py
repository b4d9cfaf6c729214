"""Moves carried out: the stage, the step, the parties, the turns, and what they bring about.

For actions that hold the rows' locks and have asked the process whether the moves may be made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, prefetch_related_objects

from shifan.accounts.actor import Actor
from shifan.ledger.actions import Record
from shifan.proceedings import rooms
from shifan.proceedings.actions import announce
from shifan.proceedings.models import Party, Proceeding, Snapshot, Step
from shifan.proceedings.queries import in_full
from shifan.proceedings.rooms import Deed, File
from shifan.proceedings.turns import retake
from shifan.process.situation import Made
from shifan.process.timing import closes
from shifan.process.ways import offices_of
from shifan.rulebook.procedures import Move, Stage


@dataclass(frozen=True)
class Intent:
    """A move to be carried out; it holds from ``at``, and ``document`` are fields of its step."""

    file: File
    move: Move
    at: datetime
    reason: str = ""
    document: dict[str, Any] = field(default_factory=dict)
    finding: str = ""


def carry_out(
    intents: Sequence[Intent], actor: Actor, now: datetime, journal: list[Record]
) -> list[Step]:
    """Make the moves, all of them in a few statements; what goes to the ledger is in ``journal``.

    ``now`` is when it is recorded.
    """
    before = [state_of(each.file.proceeding) for each in intents]
    targets = [each.file.situation.procedure.stage(each.move.to) for each in intents]
    for each, target in zip(intents, targets, strict=True):
        for arrival in rooms.ARRIVALS:
            arrival(each.file, target, each.at)
    steps = _steps(intents, actor, now)
    for each, target in zip(intents, targets, strict=True):
        _enter(each.file, target, each.at)
    _save([each.file.proceeding for each in intents])
    come_to([(each.file.proceeding, target) for each, target in zip(intents, targets, strict=True)],
            now)  # fmt: skip
    retake([_moved(each) for each in intents])
    deeds = [
        Deed(each.file, each.move, step, actor, now, each.finding, journal)
        for each, step in zip(intents, steps, strict=True)
    ]
    for deed, was in zip(deeds, before, strict=True):
        step, proceeding = deed.step, deed.file.proceeding
        journal.append(
            Record(actor.name, f"{_noun(proceeding)}.moved", proceeding, now, was,
                   state_of(proceeding), {
                       "move": step.move, "stages": [step.from_stage, step.to_stage],
                       "sealed": step.sealed, "document": step.document_file_id or "",
                       **({"holds_from": step.at.isoformat()} if step.at != now else {}),
                   })
        )  # fmt: skip
    _bring_about(deeds)
    _tell_the_others(intents, now)
    announce.moved(deeds)
    return steps


def begin(
    files: Sequence[File], actor: Actor, now: datetime, at: datetime, reason: str = ""
) -> list[Step]:
    """The first step of new proceedings, with the parties and turns of their first stage."""
    steps = [
        _step(file, "start", "", file.proceeding.stage, actor, at, now, reason=reason)
        for file in files
    ]
    _seal(files)
    Step.objects.bulk_create(steps)
    come_to([(file.proceeding, file.situation.procedure.stages[0]) for file in files], now)
    retake([_Now(file, _entered(file, file.proceeding.stage, at)) for file in files])
    return steps


def come_to(entered: Sequence[tuple[Proceeding, Stage]], now: datetime) -> None:
    """The offices whose move the stages wait for become parties, if they are none yet."""
    new = [
        Party(
            proceeding=proceeding, capacity=proceeding.measures.tier_of(office), office=office,
            programme=proceeding.measures.programme,
            place=proceeding.place, named_at=now,
        )
        for proceeding, stage in entered
        for office in sorted(_offices(proceeding, stage))
        if office not in proceeding.tiers
    ]  # fmt: skip
    Party.objects.bulk_create(new)
    changed = {each.proceeding_id for each in new}
    again = [proceeding for proceeding, _ in entered if proceeding.pk in changed]
    for proceeding in again:
        proceeding._prefetched_objects_cache.pop("parties", None)  # type: ignore[attr-defined]
    prefetch_related_objects(again, "parties")


def _offices(proceeding: Proceeding, stage: Stage) -> frozenset[str]:
    measures, channel = proceeding.measures, proceeding.channel
    return offices_of(measures, proceeding.procedure, stage, channel)


def state_of(proceeding: Proceeding) -> dict[str, Any]:
    """What the ledger seals of where a proceeding stands."""
    return {
        "stage": proceeding.stage,
        "version": proceeding.version,
        "total": proceeding.total,
        "verdict": str(proceeding.verdict),
    }


def _noun(proceeding: Proceeding) -> str:
    return "application" if proceeding.applies else "proceeding"


def _enter(file: File, target: Stage, at: datetime) -> None:
    proceeding, score = file.proceeding, file.situation.score
    proceeding.stage, proceeding.stage_since = target.id, at
    proceeding.closed_at = at if target.final else None
    proceeding.total, proceeding.verdict = score.total, score.verdict
    proceeding.version += 1


def _save(proceedings: Sequence[Proceeding]) -> None:
    """Write where they stand; those that stand alike with one statement."""
    alike: dict[tuple[Any, ...], list[UUID]] = {}
    for each in proceedings:
        stands = (each.stage, each.stage_since, each.closed_at, each.total, each.verdict)
        alike.setdefault(stands, []).append(each.pk)
    for (stage, since, closed_at, total, verdict), ids in alike.items():
        Proceeding.objects.filter(pk__in=ids).update(
            stage=stage, stage_since=since, closed_at=closed_at, total=total, verdict=verdict,
            version=F("version") + 1,
        )  # fmt: skip


def _steps(intents: Sequence[Intent], actor: Actor, now: datetime) -> list[Step]:
    steps = []
    for each in intents:
        end = closes(each.move, each.file.situation)
        steps.append(
            _step(
                each.file, each.move.id, each.file.proceeding.stage, each.move.to, actor, each.at,
                now, reason=each.reason, in_grace=end is not None and each.at > end.at,
                **each.document,
            )
        )  # fmt: skip
    _seal([each.file for each in intents])
    return Step.objects.bulk_create(steps)


def _step(
    file: File, move: str, came_from: str, to: str, actor: Actor, at: datetime, now: datetime,
    **more: Any,
) -> Step:  # fmt: skip
    return Step(
        proceeding=file.proceeding, move=move, from_stage=came_from, to_stage=to,
        by_id=actor.user_id, at=at, recorded_at=now, total=file.situation.score.total,
        sealed=file.sealed, **more,
    )  # fmt: skip


def _seal(files: Sequence[File]) -> None:
    kept = {file.sealed: file.snapshot for file in files}
    Snapshot.objects.bulk_create(
        (Snapshot(digest=digest, content=content) for digest, content in kept.items()),
        ignore_conflicts=True,
    )


@dataclass(frozen=True)
class _Now:
    """A file after its move, for what depends on the stage alone."""

    was: File
    situation: Any

    @property
    def proceeding(self) -> Proceeding:
        return self.was.proceeding

    @property
    def snapshot(self) -> dict[str, Any]:
        return self.was.snapshot

    @property
    def sealed(self) -> str:
        return self.was.sealed


def _entered(file: File, stage: str, at: datetime, move: str = "start") -> Any:
    situation = file.situation
    made = Made(situation.procedure.id, move, at, str(file.proceeding.about), own=True)
    return replace(
        situation, stage_id=stage, entered={**situation.entered, stage: at},
        history=(*situation.history, made),
    )  # fmt: skip


def _moved(each: Intent) -> File:
    return _Now(each.file, _entered(each.file, each.move.to, each.at, each.move.id))


def _bring_about(deeds: Sequence[Deed]) -> None:
    """The effects, in the rule book's order; the same effect of many moves in one go."""
    for place in range(max((len(deed.move.effects) for deed in deeds), default=0)):
        kinds: dict[str, list[tuple[Deed, Any]]] = {}
        for deed in deeds:
            if place < len(deed.move.effects):
                kind, said = rooms.said(deed.move.effects[place])
                kinds.setdefault(kind, []).append((deed, said))
        for kind, found in kinds.items():
            rooms.EFFECTS[kind](found)
    over = [d for d in deeds if d.file.situation.procedure.stage(d.move.to).final]
    for ending in rooms.ENDINGS:
        ending(over)


def _tell_the_others(intents: Sequence[Intent], now: datetime) -> None:
    """What else runs over the same matters takes its turns anew: deadlines may have changed."""
    own: set[UUID] = {each.file.proceeding.pk for each in intents}
    matters = {each.file.proceeding.matter for each in intents if each.file.situation.running}
    if not matters:
        return
    others = Proceeding.objects.filter(matter__in=matters, closed_at=None).exclude(pk__in=own)
    found = list(in_full(others))
    if found:
        retake(rooms.read(found, now))
