"""Read batches, their lines, and what is on public notice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q, QuerySet

from shifan.accounts import policy
from shifan.accounts.actor import Actor
from shifan.cycles.models import Cycle
from shifan.cycles.queries import cycles, rulebooks
from shifan.proceedings.models import Proceeding
from shifan.proceedings.queries import in_full, proceedings_for
from shifan.process.deadlines import Due, Moments, due
from shifan.rulebook.procedures import ByAnyone, ByParty, Procedure
from shifan.units.queries import of_area

MOST = 1000
"""Files put into a batch in one go at most."""
PLACE = "unit__division__parent"


def batches_for(actor: Actor) -> QuerySet[Proceeding]:
    """The batches the actor may see, the newest first."""
    return proceedings_for(actor).filter(unit=None)


def startable(actor: Actor) -> Iterator[tuple[Cycle, Procedure, str]]:
    """The batches the actor may begin: of which round, by which procedure, for which area."""
    for cycle in cycles():
        for procedure in cycle.measures.procedures:
            if procedure.about == "batch" and isinstance(procedure.opens, ByParty):
                programme = cycle.rulebook.programme
                for area in sorted(policy.areas(actor, programme, procedure.opens.by)):
                    yield cycle, procedure, area


def running(cycle: Cycle, procedure: Procedure, area: str) -> QuerySet[Proceeding]:
    """The batch of the round that is not at its end, if there is one."""
    return Proceeding.objects.filter(
        unit=None, cycle=cycle, procedure_id=procedure.id, area=area, closed_at=None
    )


def candidates(batch: Proceeding) -> QuerySet[Proceeding]:
    """The files that the batch could gather at its stage, the highest score first."""
    said = batch.procedure.stage(batch.stage).gathers
    rows = in_full(Proceeding.objects.filter(cycle=batch.cycle_id, part_of=None, closed_at=None))
    if said is None:
        return rows.none()
    if batch.area != "/":
        rows = rows.filter(of_area(batch.area, "unit__"))
    rows = rows.filter(procedure_id=said.of, stage=said.at).select_related(PLACE)
    return rows.order_by("-total", "unit__name")


def lines(batch: Proceeding) -> QuerySet[Proceeding]:
    """The files in the batch that are still there, or were decided by it; the highest first."""
    rows = in_full(Proceeding.objects.filter(part_of=batch))
    granted = Q(pk__in=())
    for procedure in batch.measures.procedures:
        granted |= Q(procedure_id=procedure.id, stage__in=procedure.granted)
    rows = rows.filter(Q(closed_at=None) | granted).select_related(PLACE)
    return rows.order_by("-total", "unit__name")


def on_notice(*, over: bool = True, programme: str = "") -> QuerySet[Proceeding]:
    """The batches that anyone may read about now, those whose notice is ``over`` too or not, of all
    programmes or of one; the latest first."""
    shown = Q(pk__in=())
    for book in rulebooks():
        if programme not in ("", book.programme):
            continue
        for procedure in book.book.measures.procedures:
            public = [s.id for s in procedure.stages if s.public and (over or s.moves)]
            if procedure.about == "batch" and public:
                shown |= Q(rulebook=book, procedure_id=procedure.id, stage__in=public)
    return in_full(Proceeding.objects.filter(shown, unit=None)).order_by("-stage_since", "pk")


def notice_end(batch: Proceeding) -> Due | None:
    """When the notice ends, where the rule book says so."""
    stage = batch.procedure.stage(batch.stage)
    name = next((move.after for move in stage.moves if move.after is not None), None)
    if name is None:
        return None
    moments = Moments(batch.year, {batch.stage: batch.stage_since}, extended=batch.extended)
    return due(batch.measures, batch.procedure, name, moments)


def objectable(batch: Proceeding, now: datetime) -> Procedure | None:
    """The procedure by which anyone may object to a line of the batch now, if there is one."""
    end = notice_end(batch)
    if end is not None and now > end.at:
        return None
    for procedure in batch.measures.procedures:
        opens = procedure.opens
        if isinstance(opens, ByAnyone) and (opens.of, opens.while_at) == (
            batch.procedure_id, batch.stage,
        ):  # fmt: skip
            return procedure
    return None


def objections() -> QuerySet[Proceeding]:
    """What anyone began, of whatever programme; who has the address may follow it."""
    begun = Q(pk__in=())
    for book in rulebooks():
        for procedure in book.book.measures.procedures:
            if isinstance(procedure.opens, ByAnyone):
                begun |= Q(rulebook=book, procedure_id=procedure.id)
    return in_full(Proceeding.objects.filter(begun))
