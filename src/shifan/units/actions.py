"""What changes units and the registry of creation work."""

from __future__ import annotations

from collections.abc import Sequence
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
    *, divisions: Sequence[Division], started_on: date, source: str, actor: Actor, now: datetime
) -> None:
    """Enter in the registry that creation work is under way in these townships, each once."""
    known = set(
        CreationRecord.objects.filter(division__in=divisions, started_on=started_on)
        .values_list("division_id", flat=True)
    )  # fmt: skip
    new = CreationRecord.objects.bulk_create(
        CreationRecord(division=each, started_on=started_on, source=source)
        for each in divisions if each.pk not in known
    )  # fmt: skip
    ledger.record_many(
        [
            ledger.Record(actor.name, "creation.recorded", each, now, details={
                "division": each.division_id, "started_on": started_on.isoformat()
            })
            for each in new
        ]
    )  # fmt: skip
