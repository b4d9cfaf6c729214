"""What changes units, the registry of creation work, and titles."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import transaction

from shifan.accounts.actor import Actor
from shifan.ledger import actions as ledger
from shifan.rulebook.model import UnitType
from shifan.units.models import CreationRecord, Division, Title, Unit


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


@transaction.atomic
def grant_title(
    *, unit: Unit, programme: str, level: str, actor: Actor, now: datetime, **fields: Any
) -> Title:
    """Enter a title; the same title twice is one title."""
    title, created = Title.objects.get_or_create(
        unit=unit, programme=programme, level=level, batch=fields.pop("batch", None),
        exercise=fields.pop("exercise", False), defaults=fields,
    )  # fmt: skip
    if created:
        ledger.record(actor=actor.name, verb="title.granted", subject=title, at=now,
                      after={"unit": unit.pk, "level": level, "batch": title.batch},
                      unit=unit.name, level=level, batch=title.batch)  # fmt: skip
    return title


def valid_until(awarded_on: date, years: int) -> date:
    """The last day of a title awarded on a day and valid for so many years."""
    end: date = awarded_on + relativedelta(years=years, days=-1)
    return end
