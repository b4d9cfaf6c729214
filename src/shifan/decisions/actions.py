"""The decision that ends a file well: the designation."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from shifan.accounts import policy
from shifan.accounts.actor import Actor
from shifan.applications.actions import make_move
from shifan.applications.models import Application
from shifan.process.terms import term_end
from shifan.units.actions import grant_title
from shifan.units.models import Title


@transaction.atomic
def designate(*, application: Application, move_id: str, actor: Actor, now: datetime) -> Title:
    """Name the unit, and those that applied jointly with it: make the last move and enter the
    titles, all or nothing.

    A title carries the batch, the validity of the rule book, and the version it was judged under.
    What is returned is the leading unit's.
    """
    policy.require(actor, "decisions.designate", application)
    step = make_move(application=application, move_id=move_id, actor=actor, now=now, granting=True)
    application = step.application
    award = next(
        move.awards
        for move in application.measures.application.stage(step.from_stage).moves
        if move.id == step.move and move.awards
    )
    cycle, measures = application.cycle, application.measures
    day = now.astimezone(ZoneInfo(measures.time_zone)).date()
    partners = application.partners.filter(agreed=True).select_related("unit")
    title, *_ = [
        grant_title(
            unit=unit,
            programme=measures.programme,
            level=measures.tiers[0].id,
            batch=cycle.batch,
            exercise=cycle.exercise,
            awarded_on=day,
            awarded_precision="day",
            valid_until=term_end(award, day),
            rulebook=str(cycle.rulebook),
            rulebook_digest=cycle.rulebook.digest,
            total=application.total,
            source=f"shifan:{application.pk}",
            actor=actor,
            now=now,
        )
        for unit in (application.unit, *(each.unit for each in partners))
    ]
    return title
