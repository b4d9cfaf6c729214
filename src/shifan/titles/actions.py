"""What happens to titles: each an event appended, with its cause."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import connection, transaction

from shifan.accounts.actor import Actor
from shifan.bulk import copy_in
from shifan.errors import Conflict
from shifan.ledger import actions as ledger
from shifan.proceedings.models import Step
from shifan.rulebook.base import Text
from shifan.titles.models import UNDOES, Event, Title, What
from shifan.units.models import Unit

_NUMBERS = 0x5449_544C  # "TITL": one at a time counts the titles


@dataclass(frozen=True)
class Term:
    """What an award gives: from its first day until its last (None: no end), and under what."""

    holds_from: date
    until: date | None = None
    grade: str = ""
    batch: int | None = None
    conditions: tuple[dict[str, Any], ...] = ()
    rulebook: str = ""
    rulebook_digest: str = ""
    total: int | None = None
    precision: str = "day"


@dataclass(frozen=True)
class Cause:
    """Why something happens to a title: the step that brought it about, or a source outside."""

    step: Step | None = None
    reason: str = ""
    article: int | None = None
    source: str = ""

    @property
    def fields(self) -> dict[str, Any]:
        return {
            "step": self.step, "reason": self.reason, "article": self.article,
            "source": self.source,
        }  # fmt: skip


@dataclass(frozen=True)
class Award:
    """An award to be made: to whom, at which level, for which term."""

    unit: Unit
    programme: str
    level: str
    term: Term
    cause: Cause
    exercise: bool = False
    joint_holders: tuple[Unit, ...] = field(default=())


@transaction.atomic
def award(
    *,
    unit: Unit,
    programme: str,
    level: str,
    term: Term,
    cause: Cause,
    actor: Actor,
    now: datetime,
    exercise: bool = False,
    joint_holders: tuple[Unit, ...] = (),
) -> Event:
    """Append a term to the unit's title of the programme at the level, which is made if it is new.

    The very same award from the same source is one award.
    """
    wanted = Award(unit, programme, level, term, cause, exercise, joint_holders)
    title = titles_for([wanted])[key_of(wanted)]
    known = title.events.filter(
        what=What.AWARDED, holds_from=term.holds_from, batch=term.batch, step=cause.step,
        source=cause.source,
    ).first()  # fmt: skip
    if known is not None:
        return known
    event = record([(title, What.AWARDED, None, cause, term)], now)[0]
    ledger.record(actor=actor.name, verb="title.awarded", subject=title, at=now, event=event.pk,
                  after=state_of(event), unit=unit.name, level=level, batch=term.batch)  # fmt: skip
    return event


def titles_for(awards: Sequence[Award]) -> dict[tuple[Any, ...], Title]:
    """The titles that the awards are of, by unit, programme, level and exercise; made if new."""
    keys = {key_of(each): each for each in awards}
    found = {key: title for key, title in _existing(keys.values()).items() if key in keys}
    new = [each for key, each in keys.items() if key not in found]
    if new:
        number_alone()
        found |= _existing(new)
        new = [each for each in new if key_of(each) not in found]
        found |= _made(new)
    return found


def number_alone() -> None:
    """Wait until nobody else counts titles, to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_NUMBERS])


def key_of(award: Award) -> tuple[Any, ...]:
    """What makes two awards awards of one title."""
    return award.unit.pk, award.programme, award.level, award.exercise


def _existing(awards: Iterable[Award]) -> dict[tuple[Any, ...], Title]:
    rows = Title.objects.filter(unit__in={each.unit.pk for each in awards})
    return {(row.unit_id, row.programme, row.level, row.exercise): row for row in rows}


def _made(awards: Sequence[Award]) -> dict[tuple[Any, ...], Title]:
    numbers: dict[tuple[Any, ...], int] = {}
    titles = {}
    for each in awards:
        group = each.programme, each.level, each.exercise
        if group not in numbers:
            last = Title.objects.filter(programme=group[0], level=group[1], exercise=group[2])
            numbers[group] = last.order_by("-number").values_list("number", flat=True).first() or 0
        numbers[group] += 1
        titles[key_of(each)] = Title(
            unit=each.unit, programme=group[0], level=group[1], exercise=group[2],
            number=numbers[group],
        )  # fmt: skip
    copy_in(list(titles.values()))
    for each in awards:
        if each.joint_holders:
            titles[key_of(each)].joint_holders.add(*each.joint_holders)
    return titles


Happening = tuple[Title, What, Event | None, Cause, Term]
"""What is to be recorded: of which title, what, what it undoes, why, and from when (with the term,
of an award)."""


def record(happenings: Sequence[Happening], now: datetime) -> list[Event]:
    """Append the events, in their order. The caller writes the ledger.

    Raises Conflict for an event that would undo one which it cannot.
    """
    events = []
    for title, what, undoes, cause, term in happenings:
        allowed = UNDOES.get(what, ())
        if (undoes is not None or allowed) and (undoes is None or undoes.what not in allowed):
            raise Conflict(
                Text(
                    zh=f"“{what.label}”没有可以针对的事项。",
                    en=f"“{what.label}”: there is nothing it could undo.",
                )
            )
        given = {} if what != What.AWARDED else {
            "until": term.until, "grade": term.grade, "batch": term.batch,
            "conditions": list(term.conditions), "rulebook": term.rulebook,
            "rulebook_digest": term.rulebook_digest, "total": term.total,
            "precision": term.precision,
        }  # fmt: skip
        events.append(
            Event(
                title=title, what=what, undoes=undoes, holds_from=term.holds_from,
                recorded_at=now, **cause.fields, **given,
            )
        )  # fmt: skip
    return Event.objects.bulk_create(events)


@transaction.atomic
def happen(*, title: Title, what: What, holds_from: date, cause: Cause, actor: Actor,
           now: datetime, undoes: Event | None = None) -> Event:  # fmt: skip
    """Append one event that is no award. Raises Conflict if there is nothing for it to undo."""
    event = record([(title, what, undoes, cause, Term(holds_from))], now)[0]
    ledger.record(actor=actor.name, verb=f"title.{what}", subject=title, at=now, event=event.pk,
                  after=state_of(event), unit=title.unit.name, level=title.level)  # fmt: skip
    return event


def state_of(event: Event) -> dict[str, Any]:
    """What the ledger seals of an event."""
    return {
        "title": str(event.title_id), "what": str(event.what), "undoes": event.undoes_id,
        "holds_from": event.holds_from.isoformat(), "grade": event.grade,
        "until": event.until.isoformat() if event.until else None, "batch": event.batch,
    }  # fmt: skip


def valid_until(awarded_on: date, years: int) -> date:
    """The last day of a title awarded on a day and valid for so many years."""
    end: date = awarded_on + relativedelta(years=years, days=-1)
    return end
