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
from shifan.applications.actions.facts import locked, refresh
from shifan.applications.assessment import Assessment, assess
from shifan.applications.models import Application, Step, Verdict
from shifan.cycles.models import Cycle
from shifan.cycles.queries import open_to
from shifan.errors import BadInput, Conflict, DomainError
from shifan.ledger import actions as ledger
from shifan.process.moves import MoveRefused, require
from shifan.process.timing import closes
from shifan.process.ways import offices_of
from shifan.rulebook.base import Text
from shifan.rulebook.procedures import Stage
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
) -> Application:
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
    application = Application.objects.create(
        unit=unit, cycle=cycle, stage=cycle.measures.application.stages[0].id, stage_since=now,
        created_at=now, channel=channel,
    )  # fmt: skip
    _step(assess(application, now), "start", "", actor, now)
    ledger.record(actor=actor.name, verb="application.started", subject=application, at=now,
                  after=_state(application), unit=unit.name, channel=channel)  # fmt: skip
    return application


@transaction.atomic
def make_move(
    *,
    application: Application,
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
    application = locked(application)
    policy.require(actor, "applications.view", application)
    assessment = assess(application, now)
    try:
        standing = policy.standing(actor, application)
        move = require(assessment.situation, move_id, standing, reason, now, document)
    except MoveRefused as refused:
        raise Refused(refused) from refused
    target = application.measures.application.stage(move.to)
    end = closes(move, assessment.situation)
    before, came_from = _state(application), application.stage
    if target.reviews and (assessment.opinions or assessment.below):
        _end_returns(application, target, now)
    application.stage, application.stage_since = target.id, now
    comes_to = offices_of(application.measures, target, application.channel)
    application.tiers = sorted({*application.tiers, *comes_to})
    refresh(application, now, assessment)
    filed = _filed(document, document_file, now) if move.document else {}
    step = _step(
        assessment, move.id, came_from, actor, now, reason=reason.strip(),
        in_grace=end is not None and now > end.at, **filed,
    )  # fmt: skip
    if move.awards is not None:
        award(application, move.awards, actor, now)
    announce.moved(assessment, move, step, actor, now)
    ledger.record(actor=actor.name, verb="application.moved", subject=application, at=now,
                  before=before, after=_state(application), move=move.id,
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


def _end_returns(application: Application, stage: Stage, now: datetime) -> None:
    """Returns end when the file is back with the office that made them: it then looks anew."""
    offices = {move.office for move in stage.moves}
    returns = application.opinions.filter(superseded_at=None, verdict=Verdict.RETURN)
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
    application = assessment.application
    return Step.objects.create(
        application=application, move=move, from_stage=came_from, to_stage=application.stage,
        by_id=actor.user_id, at=now, total=assessment.situation.score.total,
        snapshot=assessment.snapshot, sealed=assessment.sealed, **more,
    )  # fmt: skip


def _state(application: Application) -> dict[str, Any]:
    return {
        "stage": application.stage,
        "version": application.version,
        "total": application.total,
        "verdict": application.verdict,
    }
