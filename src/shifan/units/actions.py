"""What changes units and the registry of creation work."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from shifan.accounts.actor import Actor
from shifan.ledger import actions as ledger
from shifan.rulebook.model import UnitType
from shifan.units.models import CreationRecord, Division, Unit


@transaction.atomic
def register_unit(
    *, name: str, kind: UnitType, division: Division, actor: Actor, now: datetime
) -> Unit:
    """The unit of this name, type and division; entered if it is new."""
    unit, created = Unit.objects.get_or_create(
        name=name, unit_type=kind.id, division=division,
        defaults={"is_area": kind.area == division.level},
    )  # fmt: skip
    if created:
        ledger.record(actor=actor.name, verb="unit.registered", subject=unit, at=now,
                      name=name, unit_type=kind.id, division=division.code)  # fmt: skip
    return unit


@transaction.atomic
def record_creation(
    *, division: Division, started_on: date, source: str, actor: Actor, now: datetime
) -> CreationRecord:
    """Enter in the registry that creation work is under way in a township."""
    record, created = CreationRecord.objects.get_or_create(
        division=division, started_on=started_on, defaults={"source": source}
    )
    if created:
        ledger.record(actor=actor.name, verb="creation.recorded", subject=record, at=now,
                      division=division.code, started_on=started_on.isoformat())  # fmt: skip
    return record
