"""What is done with a batch: begun, filled, emptied; and objections to its lines."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F

from shifan.accounts import policy
from shifan.accounts.actor import ANYONE, Actor
from shifan.cycles.models import Cycle
from shifan.decisions import queries
from shifan.errors import BadInput, Conflict, NotAllowed
from shifan.ledger import actions as ledger
from shifan.ledger.actions import Record
from shifan.proceedings.actions.moves import locked
from shifan.proceedings.actions.opening import open_proceedings
from shifan.proceedings.actions.settling import settle
from shifan.proceedings.models import Proceeding
from shifan.rulebook.base import Text

LONGEST = 1000
"""Letters of an objection at most."""
CROWD = 200
"""Objections to one line that may be under way at a time."""


@transaction.atomic
def open_batch(
    *, cycle: Cycle, procedure_id: str, area: str, actor: Actor, now: datetime
) -> Proceeding:
    """Begin the next batch of a round for the actor's office.

    Raises NotAllowed where the rule book does not let it, and Conflict while one is under way.
    """
    for found, procedure, ground in queries.startable(actor):
        if (found.pk, procedure.id, ground) == (cycle.pk, procedure_id, area):
            break
    else:
        raise NotAllowed
    Cycle.objects.select_for_update().get(pk=cycle.pk)  # two that begin it at once
    if queries.running(cycle, procedure, area).exists():
        raise Conflict(
            Text(zh="这一轮已有批次正在办理。", en="A batch of this round is under way already.")
        )
    own = uuid4()
    new = Proceeding(
        id=own, rulebook=cycle.rulebook, procedure_id=procedure_id, cycle=cycle, area=area,
        about=own, matter=own, exercise=cycle.exercise, stage_since=now, created_at=now,
    )  # fmt: skip
    journal: list[Record] = []
    (batch,) = open_proceedings([new], actor, now, journal)
    ledger.record_many(journal)
    return batch


@transaction.atomic
def gather(*, batch: Proceeding, files: Collection[UUID], actor: Actor, now: datetime) -> int:
    """Put files into the batch, all or none; how many.

    Raises NotAllowed, and Conflict where one of them is no longer where the batch gathers from.
    """
    row = locked([batch])[0]
    policy.require(actor, "batches.gather", row)
    before = _held(row)
    found = list(
        queries.candidates(row).filter(pk__in=files).select_for_update(of=("self",)).order_by("pk")
    )
    if len(found) != len(set(files)):
        raise Conflict(
            Text(
                zh="所选申报中有的已不在可列入批次的阶段，请刷新后再选。",
                en="Some of these files can no longer be put into the batch. Reload and choose "
                "again.",
            )
        )
    Proceeding.objects.filter(pk__in=[each.pk for each in found]).update(
        part_of=row, version=F("version") + 1
    )
    _write(row, "batch.gathered", before, actor, now, files=len(found))
    return len(found)


@transaction.atomic
def take_out(*, line: Proceeding, reason: str, actor: Actor, now: datetime) -> None:
    """Take a file out of its batch again, where that is not at its end; it stays where it stands.

    A reason is needed once the batch was on notice. Raises NotAllowed and BadInput.
    """
    if line.part_of is None or line.closed_at is not None:
        raise NotAllowed
    row = locked([line.part_of])[0]
    policy.require(actor, "batches.gather", row)
    if row.procedure.stage(row.stage).public and not reason.strip():
        raise BadInput(Text(zh="请写明理由。", en="Give a reason."))
    before = _held(row)
    Proceeding.objects.filter(pk=line.pk, part_of=row).update(
        part_of=None, version=F("version") + 1
    )
    _write(row, "batch.left_out", before, actor, now, file=str(line.pk), reason=reason.strip())


@transaction.atomic
def object_to(*, batch: Proceeding, line: UUID, text: str, now: datetime) -> Proceeding:
    """Object to a line of a batch on notice; the same words again are the same objection.

    Raises NotAllowed where nobody may object now, BadInput without a text, and Conflict while very
    many objections to the line are under way.
    """
    settle(now=now, matters=[batch.matter])
    row = locked([batch])[0]
    procedure = queries.objectable(row, now)
    about = queries.lines(row).filter(pk=line, closed_at=None).first()
    if procedure is None or about is None:
        raise NotAllowed
    said = text.strip()
    if not 0 < len(said) <= LONGEST:
        raise BadInput(
            Text(
                zh=f"请写明异议内容，不超过 {LONGEST} 字。",
                en=f"Say what you object to, in at most {LONGEST} letters.",
            )
        )
    others = Proceeding.objects.filter(procedure_id=procedure.id, about=line, closed_at=None)
    same = others.filter(steps__move="start", steps__reason=said).first()
    if same is not None:
        return same
    if others.count() >= CROWD:
        raise Conflict(
            Text(
                zh="对该单位的异议正在办理的已经很多，请稍后再提交。",
                en="Very many objections to this unit are under way. Try again later.",
            )
        )
    new = Proceeding(
        id=uuid4(), rulebook=row.rulebook, procedure_id=procedure.id, unit=about.unit, about=line,
        matter=about.matter, exercise=row.exercise, channel=about.channel, stage_since=now,
        created_at=now,
    )  # fmt: skip
    journal: list[Record] = []
    (made,) = open_proceedings([new], ANYONE, now, journal, said)
    ledger.record_many(journal)
    return made


def _held(batch: Proceeding) -> list[str]:
    """The ids of the files in the batch, in one order."""
    rows = Proceeding.objects.filter(part_of=batch).order_by("pk")
    return [str(pk) for pk in rows.values_list("pk", flat=True)]


def _write(
    batch: Proceeding, verb: str, before: list[str], actor: Actor, now: datetime, **details: object
) -> None:
    Proceeding.objects.filter(pk=batch.pk).update(version=F("version") + 1)
    ledger.record(actor=actor.name, verb=verb, subject=batch, at=now, before=before,
                  after=_held(batch), **details)  # fmt: skip
