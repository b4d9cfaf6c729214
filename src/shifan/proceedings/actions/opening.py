"""Proceedings begun: by a party, by a move of another one, by the clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from shifan.accounts.actor import Actor
from shifan.ledger.actions import Record
from shifan.proceedings import rooms
from shifan.proceedings.actions.carrying import begin, state_of
from shifan.proceedings.models import APPLICANT, Party, Proceeding
from shifan.proceedings.queries import in_full


def open_proceedings(
    new: Sequence[Proceeding], actor: Actor, now: datetime, journal: list[Record], reason: str = ""
) -> list[Proceeding]:
    """Begin these proceedings, each at the first stage of its procedure, for a ``reason``.

    For actions that have asked whether they may begin. The unit concerned is its first party. An
    opening of the same procedure, subject and occasion that is there already is left alone.
    """
    for each in new:
        each.stage = each.procedure.stages[0].id
    known = {
        (row.procedure_id, row.about, row.occasion)
        for row in Proceeding.objects.filter(about__in={e.about for e in new}).exclude(occasion="")
    }
    rows = [e for e in new if (e.procedure_id, e.about, e.occasion) not in known]
    Proceeding.objects.bulk_create(rows)
    Party.objects.bulk_create(
        Party(proceeding=each, capacity=APPLICANT, unit_id=each.unit_id, named_at=now)
        for each in rows
        if each.unit_id is not None
    )
    found = {row.pk: row for row in in_full(Proceeding.objects.filter(pk__in=[e.pk for e in rows]))}
    opened = [found[each.pk] for each in rows]
    by_moment: dict[datetime, list[Proceeding]] = {}
    for each in opened:
        by_moment.setdefault(each.created_at, []).append(each)
    for at, group in by_moment.items():
        begin(rooms.read(group, now), actor, now, at, reason)
    for each in opened:
        noun = "application.started" if each.applies else "proceeding.opened"
        details = {"unit": each.called, "channel": each.channel}
        if not each.applies:
            details = {"unit": each.called, "procedure": each.procedure_id}
        journal.append(Record(actor.name, noun, each, now, None, state_of(each), details))
    return opened
