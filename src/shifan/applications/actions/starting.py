"""An application begun."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from shifan.accounts import policy
from shifan.accounts.actor import Actor
from shifan.cycles.models import Cycle
from shifan.errors import BadInput, Conflict
from shifan.ledger.actions import Record, record_many
from shifan.proceedings.actions import open_proceedings
from shifan.proceedings.models import Proceeding
from shifan.proceedings.queries import open_to
from shifan.rulebook.base import Text
from shifan.units.models import Unit


@transaction.atomic
def start(
    *, unit: Unit, cycle: Cycle, actor: Actor, now: datetime, channel: str = ""
) -> Proceeding:
    """Begin the unit's application in the cycle, at the rule book's first stage.

    ``channel`` is the id of the channel it applies through, empty for the ordinary way. Raises
    NotAllowed, Conflict, and BadInput for a channel that is not for units of its type.
    """
    policy.require(actor, "applications.start", unit)
    Unit.objects.select_for_update().get(pk=unit.pk)
    if cycle not in open_to(unit, now):
        raise Conflict(
            Text(
                zh="该单位在本周期已有申报，或本规则尚无其类型的指标。",
                en="The unit already has an application in this cycle, or the rule book has no "
                "indicators for its type.",
            )
        )
    kind = unit.kind_in(cycle.measures.programme)
    if channel and channel not in {c.id for c in cycle.measures.channels_for(kind)}:
        raise BadInput(
            Text(
                zh="该类单位不能经此渠道申报。",
                en="Units of this type do not apply through this channel.",
            )
        )
    journal: list[Record] = []
    new = Proceeding(
        rulebook=cycle.rulebook, procedure_id=cycle.measures.application.id, unit=unit, cycle=cycle,
        about=unit.pk, matter=unit.pk, exercise=cycle.exercise, channel=channel, stage_since=now,
        created_at=now,
    )  # fmt: skip
    opened = open_proceedings([new], actor, now, journal)[0]
    record_many(journal)
    return opened
