"""Everything that changes an application."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from shifan.accounts import policy
from shifan.accounts.actor import Actor
from shifan.applications.assessment import Assessment, as_text, assess
from shifan.applications.models import Application, Fact, Step, Verdict
from shifan.cycles.models import Cycle
from shifan.cycles.queries import open_to
from shifan.errors import BadInput, Conflict, DomainError, NotAllowed
from shifan.ledger import actions as ledger
from shifan.process.guards import closes, may_write
from shifan.process.moves import MoveRefused, require
from shifan.rulebook.base import Text
from shifan.rulebook.model import Provision, Stage
from shifan.scoring.facts import BadValue, parse, provision_columns
from shifan.units.models import Unit


class BadFact(BadInput):
    """Values that do not fit their columns; ``by_column`` gives each one's sentence."""

    def __init__(self, by_column: Mapping[str, Text]) -> None:
        super().__init__(*by_column.values())
        self.by_column = dict(by_column)


class DeadlinePassed(DomainError):
    """A change that comes after the rule book's deadline for it."""


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
    _step(application, "start", "", first, "", actor, now)
    ledger.record(actor=actor.name, verb="application.started", subject=application, at=now,
                  after=_state(application), unit=unit.name)  # fmt: skip
    return application


@transaction.atomic
def state_fact(
    *,
    application: Application,
    provision_id: str,
    source: str,
    raw: Mapping[str, object],
    actor: Actor,
    now: datetime,
    note: str = "",
    seen: int | None = None,
) -> Fact | None:
    """State (or, with nothing given, withdraw) what ``source`` says of a provision.

    ``raw`` maps columns to what was typed. ``seen`` is the id of the statement the form was made
    from (0 for none): if another has come since, nothing is written. Raises NotAllowed, BadFact,
    and Conflict.
    """
    application = locked(application)
    policy.require(actor, "applications.state_fact", application)
    provision = application.indicators.by_id.get(provision_id)
    if provision is None or source not in provision.input.from_:
        raise NotAllowed
    if source not in policy.sources(actor, application):
        raise NotAllowed
    require_open(application, provision_id, actor, now)
    values = _values(provision, raw)
    current = application.facts.filter(
        provision=provision_id, source=source, superseded_at=None
    ).first()
    if seen is not None and seen != (current.pk if current else 0):
        raise Conflict(
            Text(
                zh="您打开此页后，他人已修改此条。请刷新查看后再填。",
                en="Somebody changed this clause after you opened the page. Reload to see it.",
            )
        )
    before = current.values if current else None
    unchanged = current is not None and before == values and current.note == note
    if unchanged or (current is None and not values):
        return current
    if current is not None:
        current.superseded_at = now
        current.save(update_fields=["superseded_at"])
    fact = None
    if values:
        fact = Fact.objects.create(
            application=application, provision=provision_id, source=source, values=values,
            note=note, stated_by_id=actor.user_id, stated_at=now,
        )  # fmt: skip
    refresh(application, now)
    ledger.record(actor=actor.name, verb="fact.stated" if fact else "fact.withdrawn",
                  subject=application, at=now, before=before, after=values or None,
                  provision=provision_id, source=source)  # fmt: skip
    return fact


@transaction.atomic
def state_sheet(
    *,
    application: Application,
    source: str,
    sheet: Mapping[str, tuple[Mapping[str, object], int]],
    actor: Actor,
    now: datetime,
) -> int:
    """State many facts of one source at once, all or none; how many changed.

    ``sheet`` maps provisions to what was typed and the statement it was typed over (``seen``).
    Raises BadFact with every bad column of the sheet.
    """
    bad: dict[str, Text] = {}
    changed = 0
    for provision_id, (raw, seen) in sheet.items():
        version = application.version
        try:
            with transaction.atomic():
                state_fact(
                    application=application, provision_id=provision_id, source=source, raw=raw,
                    actor=actor, now=now, seen=seen,
                )  # fmt: skip
        except BadFact as error:
            bad.update(error.by_column)
        application.refresh_from_db(fields=["version"])
        changed += application.version != version
    if bad:
        raise BadFact(bad)
    return changed


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
    if target.reviews:
        _end_returns(application, target, now)
    application.stage, application.stage_since = target.id, now
    application.tiers = sorted(
        {*application.tiers, *(way.by.office for way in target.moves)} - {"applicant"}
    )
    refresh(application, now, assessment)
    step = _step(application, move.id, came_from, target.id, reason.strip(), actor, now, assessment)
    step.document = document.strip()[:120] if move.document else ""
    step.in_grace = end is not None and now > end.at
    step.save(update_fields=["document", "in_grace"])
    ledger.record(actor=actor.name, verb="application.moved", subject=application, at=now,
                  before=before, after=_state(application), move=move.id,
                  stages=[came_from, target.id], sealed=assessment.sealed)  # fmt: skip
    return application


def _values(provision: Provision, raw: Mapping[str, object]) -> dict[str, str]:
    """What was typed, as it is stored. A mark of not applicable stands alone."""
    values: dict[str, str] = {}
    bad: dict[str, Text] = {}
    for column in provision_columns(provision):
        try:
            text = as_text(parse(column, raw.get(column.name)))
        except BadValue as error:
            bad[column.name] = error.text
            continue
        if column.role == "not_applicable":
            if text == "true":
                return {column.name: text}
        elif text is not None:
            values[column.name] = text
    if bad:
        raise BadFact(bad)
    return values


def locked(application: Application) -> Application:
    """The application's row, held until the transaction ends."""
    rows = Application.objects.select_for_update(of=("self",)).select_related(
        "unit__division", "cycle__rulebook"
    )
    rows = rows.defer("cycle__rulebook__content")
    return rows.get(pk=application.pk)


def require_open(application: Application, provision_id: str, actor: Actor, now: datetime) -> None:
    """Raise NotAllowed unless the provision is the actor's to work on, and DeadlinePassed when the
    applicant may no longer change anything there."""
    mine = policy.provisions(actor, application)
    if mine is not None and provision_id not in mine:
        raise NotAllowed
    stage = application.measures.stage(application.stage)
    if not any(move.before and move.by.office == "applicant" for move in stage.moves):
        return
    refusal = may_write(provision_id, assess(application, now).situation, now)
    if refusal is not None:
        raise DeadlinePassed(refusal.text)


def _end_returns(application: Application, stage: Stage, now: datetime) -> None:
    """Returns end when the file is back with the office that made them: it then looks anew."""
    offices = {move.by.office for move in stage.moves}
    returns = application.opinions.filter(superseded_at=None, verdict=Verdict.RETURN)
    returns.filter(office__in=offices).update(superseded_at=now)


def refresh(application: Application, now: datetime, assessment: Assessment | None = None) -> None:
    """Repeat the assessment on the row, for lists, and count the change."""
    score = (assessment or assess(application, now)).situation.score
    application.total, application.verdict = score.total, score.verdict
    application.version += 1
    application.save()


def _step(
    application: Application,
    move: str,
    came_from: str,
    to: str,
    reason: str,
    actor: Actor,
    now: datetime,
    assessment: Assessment | None = None,
) -> Step:
    assessment = assessment or assess(application, now)
    return Step.objects.create(
        application=application, move=move, from_stage=came_from, to_stage=to, reason=reason,
        by_id=actor.user_id, at=now, total=assessment.situation.score.total,
        snapshot=assessment.snapshot, sealed=assessment.sealed,
    )  # fmt: skip


def _state(application: Application) -> dict[str, Any]:
    return {
        "stage": application.stage,
        "version": application.version,
        "total": application.total,
        "verdict": application.verdict,
    }
