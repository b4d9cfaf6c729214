"""What every proceeding's situation is made of, whatever it is about; read for many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import prefetch_related_objects

from shifan.proceedings.models import Proceeding, Step
from shifan.process.situation import Made


@dataclass(frozen=True)
class Circumstances:
    """The fields of a situation by the same names; ``known`` as far as any proceeding knows it."""

    entered: Mapping[str, datetime]
    history: tuple[Made, ...]
    running: frozenset[str]
    runs: Mapping[str, tuple[tuple[datetime, datetime | None], ...]]
    assigned: Mapping[str, int]
    known: Mapping[str, datetime]


def circumstances(proceedings: Sequence[Proceeding]) -> dict[UUID, Circumstances]:
    """Of each proceeding, with two queries at most and one for parties not read yet."""
    prefetch_related_objects(list(proceedings), "parties")
    kin: dict[tuple[UUID, str, bool], list[_Made]] = defaultdict(list)
    rows = Step.objects.filter(proceeding__matter__in={each.matter for each in proceedings})
    for row in rows.order_by("at", "id").values_list(*_COLUMNS):
        made = _Made(*row)
        kin[made.matter, made.programme, made.exercise].append(made)
    origins = {each.origin_id for each in proceedings if each.origin_id is not None}
    opened_by = Step.objects.filter(pk__in=origins) if origins else Step.objects.none()
    moments = dict(opened_by.values_list("pk", "at"))
    return {
        each.pk: _of(each, kin[each.matter, each.rulebook.programme, each.exercise], moments)
        for each in proceedings
    }


class _Made(NamedTuple):
    """A step over a matter, with what is asked of its proceeding."""

    proceeding: UUID
    procedure: str
    matter: UUID
    about: UUID
    programme: str
    exercise: bool
    created_at: datetime
    closed_at: datetime | None
    move: str
    to_stage: str
    at: datetime


_COLUMNS = (
    "proceeding", "proceeding__procedure_id", "proceeding__matter", "proceeding__about",
    "proceeding__rulebook__programme", "proceeding__exercise", "proceeding__created_at",
    "proceeding__closed_at", "move", "to_stage", "at",
)  # fmt: skip


def _of(own: Proceeding, steps: Sequence[_Made], moments: Mapping[int, datetime]) -> Circumstances:
    runs: dict[str, dict[UUID, tuple[datetime, datetime | None]]] = defaultdict(dict)
    for each in steps:
        if each.proceeding != own.pk:
            runs[each.procedure][each.proceeding] = each.created_at, each.closed_at
    assigned: dict[str, int] = defaultdict(int)
    for party in own.present:
        assigned[party.capacity] += 1
    known = {"opened": own.created_at}
    if own.origin_id is not None:
        known["origin"] = moments[own.origin_id]
    return Circumstances(
        entered={each.to_stage: each.at for each in steps if each.proceeding == own.pk},
        history=tuple(
            Made(each.procedure, each.move, each.at, str(each.about), each.proceeding == own.pk)
            for each in steps
        ),
        running=frozenset(
            name for name, found in runs.items() if any(end is None for _, end in found.values())
        ),
        runs={name: tuple(found.values()) for name, found in runs.items()},
        assigned=dict(assigned),
        known=known,
    )
