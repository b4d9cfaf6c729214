"""Where an application stands: its start and the moves it makes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.files.base import File
from django.db import transaction

from shifan.accounts import policy
from shifan.accounts.actor import Actor
from shifan.applications.actions import announce
from shifan.applications.actions.effects import award
from shifan.cycles.models import Cycle
from shifan.cycles.queries import open_to
from shifan.errors import BadInput, Conflict, DomainError
from shifan.ledger import actions as ledger
from shifan.proceedings.models import Proceeding, Step
from shifan.process.moves import MoveRefused, require
from shifan.process.timing import closes
from shifan.process.ways import offices_of
from shifan.rulebook.base import Text
from shifan.rulebook.procedures import Stage
from shifan.statements.actions.facts import locked, refresh
from shifan.statements.assessment import Assessment, assess
from shifan.statements.models import Verdict
from shifan.units.models import Unit
from shifan.vault.actions import plain_name, store, suffixed


class Refused(DomainError):
    """A move that the rule book does not allow now, with every reason."""

    def __init__(self, refused: MoveRefused) -> None:
        super().__init__(*(refusal.text for refusal in refused.refusals))
        self.refusals = refused.refusals


@transaction.atomic
def start(
    *, unit: Unit, cycle: Cycle, actor: Actor, now: datetime, channel: str = ""
) -> Proceeding:
    """Begin the unit's application in the cycle, at the rule book's first stage.

    ``channel`` is the id of the channel it applies through, empty for the ordinary way. Raises
    NotAllowed, Conflict, and BadInput for a channel that is not for units of its type.
    """
    policy.require(actor, "applications.start", unit)
    Unit.objects.select_for_update().get(pk=unit.pk)
    if cycle not in open_to(unit, now):
        raise Conflict(
            Text(
                zh="该单位在本周期已有申报，或本规则尚无其类型的指标。",
                en="The unit already has an application in this cycle, or the rule book has no "
                "indicators for its type.",
            )
        )
    if channel and channel not in {c.id for c in cycle.measures.channels_for(unit.unit_type)}:
        raise BadInput(
            Text(
                zh="该类单位不能经此渠道申报。",
                en="Units of this type do not apply through this channel.",
            )
        )
    proceeding = Proceeding.objects.create(
        unit=unit, cycle=cycle, stage=cycle.measures.application.stages[0].id, stage_since=now,
        created_at=now, channel=channel,
    )  # fmt: skip
    _step(assess(proceeding, now), "start", "", actor, now)
    ledger.record(actor=actor.name, verb="application.started", subject=proceeding, at=now,
                  after=_state(proceeding), unit=unit.name, channel=channel)  # fmt: skip
    return proceeding


@transaction.atomic
def make_move(
    *,
    proceeding: Proceeding,
    move_id: str,
    actor: Actor,
    now: datetime,
    reason: str = "",
    document: str = "",
    document_file: File[bytes] | None = None,
) -> Step:
    """Move the application to the next stage, if the rule book lets the actor; the step it took.

    ``document`` is the number or name of the decision's document, where the move asks for one, and
    ``document_file`` the document itself, if it is filed as well. What the move brings about stands
    or falls with it. Raises NotAllowed and Refused, and what storing a file raises.
    """
    proceeding = locked(proceeding)
    policy.require(actor, "applications.view", proceeding)
    assessment = assess(proceeding, now)
    try:
        standing = policy.standing(actor, proceeding)
        move = require(assessment.situation, move_id, standing, reason, now, document)
    except MoveRefused as refused:
        raise Refused(refused) from refused
    target = proceeding.measures.application.stage(move.to)
    end = closes(move, assessment.situation)
    before, came_from = _state(proceeding), proceeding.stage
    if target.reviews and (assessment.opinions or assessment.below):
        _end_returns(proceeding, target, now)
    proceeding.stage, proceeding.stage_since = target.id, now
    comes_to = offices_of(proceeding.measures, target, proceeding.channel)
    proceeding.tiers = sorted({*proceeding.tiers, *comes_to})
    refresh(proceeding, now, assessment)
    filed = _filed(document, document_file, now) if move.document else {}
    step = _step(
        assessment, move.id, came_from, actor, now, reason=reason.strip(),
        in_grace=end is not None and now > end.at, **filed,
    )  # fmt: skip
    if move.awards is not None:
        award(proceeding, move.awards, step, actor, now)
    announce.moved(assessment, move, step, actor, now)
    ledger.record(actor=actor.name, verb="application.moved", subject=proceeding, at=now,
                  before=before, after=_state(proceeding), move=move.id,
                  stages=[came_from, target.id], sealed=assessment.sealed,
                  document=step.document_file_id or "")  # fmt: skip
    return step


def _filed(document: str, file: File[bytes] | None, now: datetime) -> dict[str, Any]:
    """The decision's document as a step keeps it."""
    kept: dict[str, Any] = {"document": document.strip()[:120]}
    if file is not None:
        stored = store(file, now)
        kept["document_file"] = stored
        kept["document_name"] = suffixed(plain_name(file.name or ""), stored.media_type)
    return kept


def _end_returns(proceeding: Proceeding, stage: Stage, now: datetime) -> None:
    """Returns end when the file is back with the office that made them: it then looks anew."""
    offices = {move.office for move in stage.moves}
    returns = proceeding.opinions.filter(superseded_at=None, verdict=Verdict.RETURN)
    returns.filter(office__in=offices).update(superseded_at=now)


def _step(
    assessment: Assessment,
    move: str,
    came_from: str,
    actor: Actor,
    now: datetime,
    **more: Any,
) -> Step:
    """The step to where the application now stands, with the file as it was assessed."""
    proceeding = assessment.proceeding
    return Step.objects.create(
        proceeding=proceeding, move=move, from_stage=came_from, to_stage=proceeding.stage,
        by_id=actor.user_id, at=now, total=assessment.situation.score.total,
        snapshot=assessment.snapshot, sealed=assessment.sealed, **more,
    )  # fmt: skip


def _state(proceeding: Proceeding) -> dict[str, Any]:
    return {
        "stage": proceeding.stage,
        "version": proceeding.version,
        "total": proceeding.total,
        "verdict": proceeding.verdict,
    }
