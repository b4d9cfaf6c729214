"""What a move brings about beside the stage, for an application."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from shifan.accounts.actor import Actor
from shifan.proceedings.models import Proceeding, Step
from shifan.process.terms import term_end, term_start
from shifan.rulebook.effects import Award
from shifan.titles import actions as titles
from shifan.titles.actions import Cause, Term


def award(proceeding: Proceeding, awarded: Award, step: Step, actor: Actor, now: datetime) -> None:
    """Enter the title of the unit, and of each that applied jointly with it.

    A title carries the batch, its term as the rule book gives it, and the version it was judged
    under. Called inside the transaction of the move.
    """
    cycle, measures = proceeding.cycle, proceeding.measures
    decided = now.astimezone(ZoneInfo(measures.time_zone)).date()
    partners = proceeding.partners.filter(agreed=True).select_related("unit")
    for unit in (proceeding.unit, *(each.unit for each in partners)):
        titles.award(
            unit=unit,
            programme=measures.programme,
            level=measures.tiers[0].id,
            term=Term(
                term_start(awarded, decided),
                term_end(awarded, decided),
                grade=awarded.grade,
                batch=cycle.batch,
                rulebook=str(cycle.rulebook),
                rulebook_digest=cycle.rulebook.digest,
                total=proceeding.total,
            ),
            cause=Cause(step, step.reason, awarded.article),
            exercise=cycle.exercise,
            actor=actor,
            now=now,
        )
