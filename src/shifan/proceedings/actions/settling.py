"""The clock: moves that nobody makes, when their moment has come; each once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from shifan.accounts.actor import SYSTEM
from shifan.ledger.actions import Record, record_many
from shifan.proceedings import rooms
from shifan.proceedings.actions.carrying import Intent, carry_out
from shifan.proceedings.actions.counting import carried
from shifan.proceedings.models import Proceeding, Turn
from shifan.proceedings.queries import in_full
from shifan.process.guards import against
from shifan.rulebook.procedures import ByCapacity

AT_ONCE = 2_500
"""So many moves of the clock make one transaction."""


def settle(*, now: datetime, matters: Iterable[UUID] | None = None) -> int:
    """Make every move whose moment has come, the earliest first; how many were made.

    Over these ``matters`` only, if given. A move holds from its due moment and is recorded now.
    What another one settles at the same time is left to it. A move that a condition stands against
    when its moment comes is not made.
    """
    count, over = 0, None if matters is None else list(matters)
    while _due(now, over).exists():
        made, seen = _some(now, over)
        count += made
        if not seen:
            break
    return count


def go_on(proceedings: Iterable[Proceeding], now: datetime) -> None:
    """What the clock makes at once of the stages that these have just come to, if it is due."""
    timed = [
        each.matter
        for each in proceedings
        if any(move.after for move in each.procedure.stage(each.stage).moves)
    ]
    if timed:
        settle(now=now, matters=timed)


def _due(now: datetime, matters: list[UUID] | None) -> QuerySet[Turn]:
    due = Turn.objects.filter(party=None, due_at__lte=now).order_by("due_at", "pk")
    return due if matters is None else due.filter(proceeding__matter__in=matters)


@transaction.atomic
def _some(now: datetime, matters: list[UUID] | None) -> tuple[int, int]:
    """The next moves, one for each matter, and how many turns were looked at."""
    earliest: dict[UUID, Turn] = {}
    for turn in _due(now, matters).select_related("proceeding")[:AT_ONCE]:
        earliest.setdefault(turn.proceeding.matter, turn)
    if not earliest:
        return 0, 0
    ids = sorted({turn.proceeding_id for turn in earliest.values()}, key=str)
    rows = Proceeding.objects.select_for_update(skip_locked=matters is None)
    held = set(rows.filter(pk__in=ids).order_by("pk").values_list("pk", flat=True))
    turns = list(
        Turn.objects.filter(pk__in=[turn.pk for turn in earliest.values()], proceeding__in=held)
    )
    found = in_full(Proceeding.objects.filter(pk__in={turn.proceeding_id for turn in turns}))
    files = {file.proceeding.pk: file for file in rooms.read(list(found), now)}
    intents = []
    for turn in turns:
        file = files[turn.proceeding_id]
        situation = file.situation
        move = next((m for m in situation.stage.moves if m.id == turn.move), None)
        if move is None or turn.due_at is None:
            continue
        refused = any(against(need, situation) for need in move.needs)
        if isinstance(move.by, ByCapacity) and not carried(file, move, over=True):
            refused = True
        if not refused:
            intents.append(Intent(file, move, turn.due_at))
    Turn.objects.filter(pk__in=[turn.pk for turn in turns]).delete()
    if intents:
        journal: list[Record] = []
        carry_out(intents, SYSTEM, now, journal)
        record_many(journal)
    return len(intents), len(turns)
