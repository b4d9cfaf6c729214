"""More time than the rule book gives, for a whole round."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from shifan.accounts import policy
from shifan.accounts.actor import Actor
from shifan.cycles.models import Cycle, Extension
from shifan.errors import BadInput
from shifan.ledger import actions as ledger
from shifan.proceedings.models import Proceeding
from shifan.proceedings.queries import in_full
from shifan.proceedings.rooms import read
from shifan.proceedings.turns import retake
from shifan.process.deadlines import Moments, due
from shifan.rulebook.base import Text

AT_ONCE = 500
"""Files whose turns are written anew in one go."""


@transaction.atomic
def extend(
    *, cycle: Cycle, procedure_id: str, deadline_id: str, until: date, reason: str, document: str,
    actor: Actor, now: datetime,
) -> Extension:  # fmt: skip
    """Extend a deadline of the round to the end of a day, by a document and for a reason.

    The turns of all files of the round follow. Raises NotAllowed, and BadInput where the day is no
    later than what holds now, or not ahead, or anything is missing.
    """
    row = Cycle.objects.select_for_update(of=("self",)).select_related("rulebook").get(pk=cycle.pk)
    measures = row.measures
    policy.require(actor, "programmes.run", measures)
    procedure = next((each for each in measures.procedures if each.id == procedure_id), None)
    known = {each.id for each in procedure.deadlines} if procedure is not None else set()
    if procedure is None or deadline_id not in known:
        raise BadInput(Text(zh="没有这个期限。", en="There is no such deadline."))
    if not reason.strip() or not document.strip():
        raise BadInput(Text(zh="请写明延期文件和理由。", en="Name the document and the reason."))
    held = due(measures, procedure, deadline_id,
               Moments(row.year, extended=row.extended_in(procedure_id)))  # fmt: skip
    last = held.at.date() if held is not None else row.extended_in(procedure_id).get(deadline_id)
    today = now.astimezone(ZoneInfo(measures.time_zone)).date()
    if until < today or (last is not None and until <= last):
        raise BadInput(
            Text(
                zh=f"延期后的日期须晚于{last or today}。",
                en=f"An extension goes beyond {last or today}.",
            )
        )
    made = Extension.objects.create(
        cycle=row, procedure_id=procedure_id, deadline_id=deadline_id, until=until,
        reason=reason.strip()[:1000], document=document.strip()[:120], by_id=actor.user_id, at=now,
    )  # fmt: skip
    row.extended.setdefault(procedure_id, {})[deadline_id] = until.isoformat()
    row.save(update_fields=["extended"])
    running = Proceeding.objects.filter(cycle=row, procedure_id=procedure_id, closed_at=None)
    ids = list(running.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), AT_ONCE):
        files = in_full(Proceeding.objects.filter(pk__in=ids[start : start + AT_ONCE]))
        retake(read(list(files), now))
    ledger.record(actor=actor.name, verb="deadline.extended", subject=row, at=now,
                  procedure=procedure_id, deadline=deadline_id, until=until.isoformat(),
                  reason=made.reason, document=made.document)  # fmt: skip
    return made
