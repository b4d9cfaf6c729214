"""What the sources state: one fact, a sheet of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from shifan.accounts import policy
from shifan.accounts.actor import Actor
from shifan.errors import BadInput, Conflict, DomainError, NotAllowed
from shifan.ledger import actions as ledger
from shifan.proceedings.models import Proceeding
from shifan.process.timing import may_write
from shifan.rulebook.base import Text
from shifan.rulebook.indicators import Provision
from shifan.scoring.facts import BadValue, parse, provision_columns
from shifan.statements.assessment import Assessment, as_text, assess, restated
from shifan.statements.models import Draft, Fact


class BadFact(BadInput):
    """Values that do not fit their columns; ``by_column`` gives each one's sentence."""

    def __init__(self, by_column: Mapping[str, Text]) -> None:
        super().__init__(*by_column.values())
        self.by_column = dict(by_column)


class DeadlinePassed(DomainError):
    """A change that comes after the rule book's deadline for it."""


@transaction.atomic
def state_fact(
    *,
    proceeding: Proceeding,
    provision_id: str,
    source: str,
    raw: Mapping[str, object],
    actor: Actor,
    now: datetime,
    note: str = "",
    seen: int | None = None,
    provenance: Mapping[str, Any] | None = None,
) -> Assessment:
    """State (or, with nothing given, withdraw) what ``source`` says of a provision; the assessment
    as it is then.

    ``raw`` maps columns to what was typed. ``seen`` is the id of the statement the form was made
    from (0 for none): if another has come since, nothing is written. ``provenance`` says what a
    value was reckoned from. Raises NotAllowed, BadFact,
    DeadlinePassed and Conflict, and BadInput where it is stated at another provision, or the office
    is to give an opinion instead.
    """
    proceeding = locked(proceeding)
    policy.require(actor, "applications.state_fact", proceeding)
    assessment = assess(proceeding, now, past=provision_id)
    _require_direct(assessment, source, provision_id)
    fact, changed = write(
        assessment, provision_id, source, raw, actor=actor, now=now, note=note, seen=seen,
        provenance=provenance,
    )  # fmt: skip
    if changed:
        assessment = restated(assessment, {(provision_id, source): fact})
        refresh(proceeding, now, assessment)
    drop_drafts(proceeding, source, [provision_id], actor)
    return assessment


@transaction.atomic
def state_sheet(
    *,
    proceeding: Proceeding,
    source: str,
    sheet: Mapping[str, tuple[Mapping[str, object], int]],
    actor: Actor,
    now: datetime,
) -> int:
    """State many facts of one source at once, all or none; how many changed.

    ``sheet`` maps provisions to what was typed and the statement it was typed over (``seen``).
    Raises BadFact with every bad column of the sheet, else what :func:`state_fact` raises.
    """
    proceeding = locked(proceeding)
    policy.require(actor, "applications.state_fact", proceeding)
    assessment = assess(proceeding, now)
    bad: dict[str, Text] = {}
    count = 0
    for provision_id, (raw, seen) in sheet.items():
        _require_direct(assessment, source, provision_id)
        try:
            _, changed = write(
                assessment, provision_id, source, raw, actor=actor, now=now, seen=seen
            )
        except BadFact as error:
            bad.update(error.by_column)
        else:
            count += changed
    if bad:
        raise BadFact(bad)
    if count:
        refresh(proceeding, now)
    drop_drafts(proceeding, source, sheet, actor)
    return count


def write(
    assessment: Assessment,
    provision_id: str,
    source: str,
    raw: Mapping[str, object],
    *,
    actor: Actor,
    now: datetime,
    note: str | None = None,
    seen: int | None = None,
    provenance: Mapping[str, Any] | None = None,
) -> tuple[Fact | None, bool]:
    """The statement as it stands then, and whether anything changed.

    For actions that hold the lock: whoever calls it brings the row up to date with
    :func:`refresh`. A ``note`` of None leaves the remark as it is. Raises as :func:`state_fact`.
    """
    proceeding = assessment.proceeding
    provision = _require_named(assessment, provision_id, source, actor)
    require_open(assessment, provision_id, actor, now)
    values = checked_values(provision, raw)
    said = (each for each in assessment.statements[provision_id] if each.source == source)
    current = next((each.fact for each in said), None)
    if seen is not None and seen != (current.pk if current else 0):
        raise Conflict(
            Text(
                zh="您打开此页后，他人已修改此条。请刷新查看后再填。",
                en="Somebody changed this clause after you opened the page. Reload to see it.",
            )
        )
    before = current.values if current else None
    if note is None:
        note = current.note if current else ""
    origin = dict(provenance or {})
    unchanged = current is not None and (current.values, current.note, current.provenance) == (
        values, note, origin,
    )  # fmt: skip
    if unchanged or (current is None and not values):
        return current, False
    if current is not None:
        current.superseded_at = now
        current.save(update_fields=["superseded_at"])
    fact = None
    if values:
        fact = Fact.objects.create(
            proceeding=proceeding, provision=provision_id, source=source, values=values,
            note=note, provenance=origin, stated_by_id=actor.user_id, stated_at=now,
        )  # fmt: skip
    ledger.record(actor=actor.name, verb="fact.stated" if fact else "fact.withdrawn",
                  subject=proceeding, at=now, before=before, after=values or None,
                  provision=provision_id, source=source)  # fmt: skip
    return fact, True


def drop_drafts(
    proceeding: Proceeding, source: str, provision_ids: Iterable[str], actor: Actor
) -> None:
    """Throw the actor's own drafts away: stated now, or no longer wanted."""
    Draft.objects.filter(
        proceeding=proceeding, source=source, provision__in=list(provision_ids),
        user__username=actor.name,
    ).delete()  # fmt: skip


def require_source(
    assessment: Assessment, provision_id: str, source: str, actor: Actor
) -> Provision:
    """The provision, if the actor may now state it in the name of ``source`` by itself.

    Raises NotAllowed, and BadInput where the office is to give an opinion instead.
    """
    provision = _require_named(assessment, provision_id, source, actor)
    _require_direct(assessment, source, provision_id)
    return provision


def _require_named(
    assessment: Assessment, provision_id: str, source: str, actor: Actor
) -> Provision:
    provision = assessment.situation.indicators.by_id.get(provision_id)
    if provision is None or source not in provision.input.from_:
        raise NotAllowed
    if source not in policy.sources(actor, assessment.proceeding):
        raise NotAllowed
    return provision


def require_open(assessment: Assessment, provision_id: str, actor: Actor, now: datetime) -> None:
    """Raise NotAllowed unless the provision is the actor's to work on, and DeadlinePassed when the
    applicant may no longer change anything there."""
    mine = policy.provisions(actor, assessment.proceeding)
    if mine is not None and provision_id not in mine:
        raise NotAllowed
    refusal = may_write(provision_id, assessment.situation, now)
    if refusal is not None:
        raise DeadlinePassed(refusal.text)


def _require_direct(assessment: Assessment, source: str, provision_id: str) -> None:
    leader = assessment.leader(provision_id)
    if leader is not None:
        raise BadInput(
            Text(
                zh=f"{provision_id} 的数据在 {leader.id} 填报。",
                en=f"The fact of {provision_id} is stated at {leader.id}.",
            )
        )
    if not assessment.states_directly(source, provision_id):
        raise BadInput(
            Text(
                zh=f"申报单位已填报 {provision_id}，请在审核页提出同意、调整或退回的意见。",
                en=f"The applicant stated {provision_id}: agree, adjust or return it on the review "
                "page.",
            )
        )


def checked_values(provision: Provision, raw: Mapping[str, object]) -> dict[str, str]:
    """What was typed, as it is stored. A mark of not applicable stands alone, and that of a part
    instead of what was said of the part. Raises BadFact."""
    values: dict[str, str] = {}
    bad: dict[str, Text] = {}
    for column in provision_columns(provision):
        try:
            text = as_text(parse(column, raw.get(column.name)))
        except BadValue as error:
            bad[column.name] = error.text
            continue
        if column.role == "not_applicable":
            if text == "true" and not column.of:
                return {column.name: text}
            if text == "true":
                values.pop(column.of, None)
                values[column.name] = text
        elif text is not None:
            values[column.name] = text
    if bad:
        raise BadFact(bad)
    return values


def locked(proceeding: Proceeding) -> Proceeding:
    """The proceeding as it is now, held until the transaction ends.

    Where nothing has changed since it was read, that is what was passed, with all that was read of
    it; every change raises the version.
    """
    rows = Proceeding.objects.select_for_update().filter(pk=proceeding.pk)
    if rows.values_list("version", flat=True).get() == proceeding.version:
        return proceeding
    row = Proceeding.objects.get(pk=proceeding.pk)
    row.unit, row.cycle, row.rulebook = proceeding.unit, proceeding.cycle, proceeding.rulebook
    return row


def refresh(proceeding: Proceeding, now: datetime, assessment: Assessment | None = None) -> None:
    """Repeat the assessment on the row, for lists, and count the change."""
    score = (assessment or assess(proceeding, now)).situation.score
    proceeding.total, proceeding.verdict = score.total, score.verdict
    proceeding.version += 1
    proceeding.save(update_fields=["total", "verdict", "version"])
