"""Applying jointly: the unit that leads names others, and each gives its word."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from shifan.accounts import policy
from shifan.accounts.actor import Actor
from shifan.applications import queries
from shifan.applications.actions import announce
from shifan.errors import BadInput, Conflict
from shifan.ledger import actions as ledger
from shifan.proceedings import rooms
from shifan.proceedings.models import PARTNER, Party, Proceeding, touch
from shifan.proceedings.queries import applying_in
from shifan.proceedings.turns import retake
from shifan.rulebook.base import Text
from shifan.statements.actions.facts import locked
from shifan.units.models import Unit


@transaction.atomic
def name_partner(*, proceeding: Proceeding, unit: Unit, actor: Actor, now: datetime) -> Party:
    """Ask a unit to apply jointly.

    Raises NotAllowed, and BadInput where the rule book knows no joint applications, not for units
    of this type, or not of so many.
    """
    proceeding = locked(proceeding)
    policy.require(actor, "applications.name_partner", proceeding)
    joint = proceeding.measures.joint
    if joint is None or not queries.units_to_join(proceeding, unit.name).filter(pk=unit.pk):
        raise BadInput(Text(zh="该单位不能参加联合申报。", en="This unit cannot be part of it."))
    if proceeding.partners.exclude(agreed=False).count() + 1 >= joint.most:
        raise BadInput(
            Text(
                zh=f"联合申报的单位不超过 {joint.most} 个。",
                en=f"At most {joint.most} units apply jointly.",
            )
        )
    partner = Party.objects.create(
        proceeding=proceeding, capacity=PARTNER, unit=unit, named_by_id=actor.user_id, named_at=now
    )
    touch(proceeding)
    ledger.record(actor=actor.name, verb="partner.named", subject=proceeding, at=now,
                  unit=str(unit.pk))  # fmt: skip
    announce.asked_to_join(partner, now)
    return partner


@transaction.atomic
def answer_partner(*, partner: Party, agreed: bool, actor: Actor, now: datetime) -> Party:
    """Give or refuse the unit's word.

    Raises NotAllowed, and Conflict if it was given already, if the file has gone on, or if the unit
    applies in the same cycle by itself or with others.
    """
    policy.require(actor, "applications.answer_partner", partner)
    proceeding = locked(partner.proceeding)
    assert partner.unit_id is not None, "a partner is a unit"
    unit = Unit.objects.select_for_update().get(pk=partner.unit_id)
    row = Party.objects.select_related("unit").filter(pk=partner.pk, agreed=None).first()
    first = proceeding.measures.application.stages[0].id
    if row is None or proceeding.stage != first:
        raise Conflict(Text(zh="该邀请已失效。", en="Nothing is asked any more."))
    if agreed and applying_in(unit).filter(pk=proceeding.cycle_id or 0).exists():
        raise Conflict(
            Text(
                zh="贵单位在本周期已有申报。",
                en="Your unit has an application in this cycle already.",
            )
        )
    row.agreed, row.answered_by_id, row.answered_at = agreed, actor.user_id, now
    row.save()
    touch(proceeding)
    retake(rooms.read([Proceeding.objects.get(pk=proceeding.pk)], now))
    ledger.record(actor=actor.name, verb="partner.agreed" if agreed else "partner.refused",
                  subject=proceeding, at=now, unit=str(row.unit_id))  # fmt: skip
    announce.answered(row, actor, now)
    return row


@transaction.atomic
def drop_partner(*, partner: Party, actor: Actor, now: datetime) -> None:
    """Go on without a unit that was named; the lead's word, while the file is a draft."""
    proceeding = locked(partner.proceeding)
    policy.require(actor, "applications.name_partner", proceeding)
    deleted, _ = Party.objects.filter(pk=partner.pk).delete()
    if deleted:
        touch(proceeding)
        ledger.record(actor=actor.name, verb="partner.dropped", subject=proceeding, at=now,
                      unit=str(partner.unit_id))  # fmt: skip
