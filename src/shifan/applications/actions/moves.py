"""Where an application stands: its start and the moves it makes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from shifan.accounts import policy
from shifan.accounts.actor import Actor
from shifan.applications.actions import announce
from shifan.applications.actions.facts import locked, refresh
from shifan.applications.assessment import Assessment, assess
from shifan.applications.models import Application, Step, Verdict
from shifan.cycles.models import Cycle
from shifan.cycles.queries import open_to
from shifan.errors import Conflict, DomainError, NotAllowed
from shifan.ledger import actions as ledger
from shifan.process.moves import MoveRefused, require
from shifan.process.timing import closes
from shifan.rulebook.base import Text
from shifan.rulebook.model import Stage
from shifan.units.models import Unit


class Refused(DomainError):
    """A move that the rule book does not allow now, with every reason."""

    def __init__(self, refused: MoveRefused) -> None:
        super().__init__(*(refusal.text for refusal in refused.refusals))
        self.refusals = refused.refusals


@transaction.atomic
def start(*, unit: Unit, cycle: Cycle, actor: Actor, now: datetime) -> Application:
    """Begin the unit's application in the cycle, at the rule book's first stage."""
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
    first = cycle.measures.stages[0].id
    application = Application.objects.create(
        unit=unit, cycle=cycle, stage=first, stage_since=now, created_at=now
    )
    _step(assess(application, now), "start", "", actor, now)
    ledger.record(actor=actor.name, verb="application.started", subject=application, at=now,
                  after=_state(application), unit=unit.name)  # fmt: skip
    return application


@transaction.atomic
def make_move(
    *,
    application: Application,
    move_id: str,
    actor: Actor,
    now: datetime,
    reason: str = "",
    granting: bool = False,
    document: str = "",
) -> Application:
    """Move the application to the next stage, if the rule book lets the actor.

    ``document`` is the number or name of the decision's document, where the move asks for one. A
    move that ends in a designation must come from :func:`shifan.decisions.actions.designate`,
    which says so with ``granting``. Raises NotAllowed and Refused.
    """
    application = locked(application)
    policy.require(actor, "applications.view", application)
    assessment = assess(application, now)
    try:
        standing = policy.standing(actor, application)
        move = require(assessment.situation, move_id, standing, reason, now, document)
    except MoveRefused as refused:
        raise Refused(refused) from refused
    target = application.measures.stage(move.to)
    if (target.outcome == "designated") != granting:
        raise NotAllowed
    end = closes(move, assessment.situation)
    before, came_from = _state(application), application.stage
    if target.reviews and (assessment.opinions or assessment.below):
        _end_returns(application, target, now)
    application.stage, application.stage_since = target.id, now
    application.tiers = sorted(
        {*application.tiers, *(way.by.office for way in target.moves)} - {"applicant"}
    )
    refresh(application, now, assessment)
    step = _step(
        assessment, move.id, came_from, actor, now, reason=reason.strip(),
        document=document.strip()[:120] if move.document else "",
        in_grace=end is not None and now > end.at,
    )  # fmt: skip
    announce.moved(application, move, step, actor, now)
    ledger.record(actor=actor.name, verb="application.moved", subject=application, at=now,
                  before=before, after=_state(application), move=move.id,
                  stages=[came_from, target.id], sealed=assessment.sealed)  # fmt: skip
    return application


def _end_returns(application: Application, stage: Stage, now: datetime) -> None:
    """Returns end when the file is back with the office that made them: it then looks anew."""
    offices = {move.by.office for move in stage.moves}
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
