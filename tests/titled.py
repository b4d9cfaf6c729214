"""Titles and files as tests need them: awarded, ended; at some office."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from shifan.accounts.actor import SYSTEM, Actor, Office
from shifan.cycles.models import Cycle
from shifan.decisions.actions import gather, open_batch
from shifan.proceedings.actions import make_move
from shifan.proceedings.models import Party, Proceeding, touch
from shifan.proceedings.turns import retake
from shifan.statements.assessment import assess
from shifan.titles.actions import Cause, Term, award, happen
from shifan.titles.models import Event, Title, What
from shifan.units.models import Unit


def titled(unit: Unit, level: str, on: date, *, exercise: bool = False, **term: Any) -> Title:
    """The unit's title of the level, awarded on the day."""
    from tests.conftest import NOW

    return award(
        unit=unit, programme="neac", level=level, term=Term(on, **term),
        cause=Cause(source="test"), actor=SYSTEM, now=NOW, exercise=exercise,
    ).title  # fmt: skip


def came_to(file: Proceeding, offices: Collection[str]) -> None:
    """The file has come to these offices, and to no other."""
    from tests.conftest import NOW

    Party.objects.filter(proceeding=file).exclude(office="").delete()
    Party.objects.bulk_create(
        Party(
            proceeding=file, capacity=file.measures.tier_of(office), office=office, named_at=NOW,
            programme=file.measures.programme,
            place=file.unit.division.path,
        )
        for office in sorted(offices)
    )  # fmt: skip
    touch(file)


def at(file: Proceeding, stage: str, offices: Collection[str], since: datetime) -> Proceeding:
    """The file stands at the stage, having come to these offices; its turns are taken."""
    Proceeding.objects.filter(pk=file.pk).update(stage=stage, stage_since=since)
    came_to(file, offices)
    row = Proceeding.objects.get(pk=file.pk)
    retake([assess(row, since)])
    return row


def begun(unit: Unit, cycle: Cycle, stage: str, offices: Collection[str]) -> Proceeding:
    """A file of the unit in the cycle that stands at the stage."""
    from tests.conftest import NOW

    file = Proceeding.objects.create(
        rulebook=cycle.rulebook, procedure_id=cycle.measures.application.id, unit=unit, cycle=cycle,
        about=unit.pk, matter=unit.pk, exercise=cycle.exercise, stage=stage, stage_since=NOW,
        created_at=NOW,
    )  # fmt: skip
    Party.objects.create(capacity="applicant", proceeding=file, unit=unit, named_at=NOW)
    return at(file, stage, offices, NOW)


def gathered(file: Proceeding) -> Proceeding:
    """The round's list with this file alone, not announced yet."""
    from tests.conftest import NOW

    who = national(file, "officer")
    batch = open_batch(cycle=file.cycle, procedure_id="batch", area="/", actor=who, now=NOW)
    gather(batch=batch, files=[file.pk], actor=who, now=NOW)
    return batch


def listed(file: Proceeding) -> Proceeding:
    """The round's list with this file alone, on notice since now."""
    from tests.conftest import NOW

    batch = gathered(file)
    make_move(proceeding=batch, move_id="publish", actor=national(file, "officer"), now=NOW)
    return Proceeding.objects.get(pk=batch.pk)


def released(batch: Proceeding, now: datetime) -> None:
    """The list is named and published."""
    make_move(
        proceeding=batch, move_id="release", actor=national(batch, "approver"), now=now,
        document="民委发〔2027〕1号",
    )  # fmt: skip


def national(file: Proceeding, role: str) -> Actor:
    """Somebody with the role in the national office of the file's programme."""
    office = Office(file.measures.programme, "national", role, "/")
    return Actor(name=f"national {role}", offices=frozenset({office}))


def ended(title: Title, on: date, what: What = What.REVOKED) -> Event:
    """The title is revoked, or lapses, from the day on."""
    from tests.conftest import NOW

    return happen(
        title=title, what=what, holds_from=on, cause=Cause(source="test"), actor=SYSTEM, now=NOW
    )
