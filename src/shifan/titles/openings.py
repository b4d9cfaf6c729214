"""How procedures about titles and units begin: by the clock, each occasion once, or by a party."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.db.models import Q

from shifan.accounts import policy
from shifan.accounts.actor import SYSTEM, Actor
from shifan.cycles.models import PublishedRuleBook
from shifan.cycles.queries import in_force
from shifan.errors import Conflict, NotAllowed
from shifan.ledger.actions import Record, record_many
from shifan.proceedings.actions.opening import open_proceedings
from shifan.proceedings.actions.settling import settle
from shifan.proceedings.models import Proceeding
from shifan.process.deadlines import counted
from shifan.rulebook.base import Text
from shifan.rulebook.deadlines import WorkCalendar
from shifan.rulebook.procedures import ByClock, ByParty, Procedure
from shifan.titles.models import State, Title
from shifan.titles.queries import Standing, read
from shifan.titles.states import as_of
from shifan.units.models import Unit

MOST = 100
"""So often at most the clock begins a procedure in one term that sets no other limit."""


def strike(*, now: datetime) -> int:
    """All that the clock does: begin what is due and make the moves that are due, until nothing is.

    How much was begun and made.
    """
    count = 0
    while done := open_due(now=now) + settle(now=now):
        count += done
    return count


@transaction.atomic
def open_due(*, now: datetime) -> int:
    """Begin what the clock begins about titles that stand, once an occasion; how many began.

    An occasion is a term of the title and the number of the time. What a stop of the clock missed
    is made up for, from the moment it was due, even if the term ran out meanwhile. Titles on record
    from elsewhere run no procedure here.
    """
    books = {book.digest: book for book in PublishedRuleBook.objects.order_by("pk")}
    latest = {book.programme: book for book in books.values()}
    wanted: list[Proceeding] = []
    decided_here = Title.objects.filter(events__step__isnull=False).distinct()
    rows = as_of(decided_here.select_related("unit__division"), now.date())
    running = Q(state__in=(State.VALID, State.SUSPENDED)) | Q(state=State.EXPIRED, ended_id=None)
    for standing in read(rows.filter(running).order_by("pk")):
        title = standing.title
        if standing.term is None or standing.term.step_id is None:
            continue
        book = books.get(standing.term.rulebook_digest) or latest.get(title.programme)
        if book is None or title.level != book.book.measures.tiers[0].id:
            continue
        wanted += _of(standing, book, now)
    known = set(
        Proceeding.objects.filter(about__in={each.about for each in wanted})
        .exclude(occasion="")
        .values_list("procedure_id", "about", "occasion")
    )
    new = [e for e in wanted if (e.procedure_id, e.about, e.occasion) not in known]
    if new:
        journal: list[Record] = []
        open_proceedings(new, SYSTEM, now, journal)
        record_many(journal)
    return len(new)


@dataclass(frozen=True)
class Matter:
    """What somebody may begin: a procedure about a unit, or about one of its titles."""

    book: PublishedRuleBook
    procedure: Procedure
    unit: Unit
    title: Title | None = None

    @property
    def about(self) -> UUID:
        return self.unit.pk if self.title is None else self.title.pk


def matters(actor: Actor, units: Sequence[Unit], today: date) -> list[Matter]:
    """What the actor may begin about these units and the titles they hold, by the rule books in
    force; an application is begun in its round instead."""
    held: dict[UUID, list[Title]] = defaultdict(list)
    for each in read(as_of(Title.objects.filter(unit__in=units).order_by("pk"), today)):
        if each.state in (State.VALID, State.SUSPENDED):
            held[each.title.unit_id].append(each.title)
    found, books = [], in_force(today).values()
    for unit in units:
        for book in books:
            measures = book.book.measures
            for procedure in measures.procedures:
                opens = procedure.opens
                if not isinstance(opens, ByParty) or procedure == measures.application:
                    continue
                if unit.kind_in(book.programme) not in book.book.indicators:
                    continue
                if not policy.begins(actor, unit, book.programme, opens.by):
                    continue
                if procedure.about == "unit":
                    found.append(Matter(book, procedure, unit))
                if procedure.about == "title":
                    found += [
                        Matter(book, procedure, unit, title)
                        for title in held[unit.pk]
                        if (title.programme, title.level) == (book.programme, measures.tiers[0].id)
                    ]
    return found


@transaction.atomic
def begin(
    *, unit: Unit, programme: str, procedure_id: str, about: UUID, actor: Actor, now: datetime
) -> Proceeding:
    """Begin a procedure that the rule book lets the actor begin.

    Raises NotAllowed where it does not, and Conflict while one about the same runs.
    """
    key = (programme, procedure_id, about)
    for each in matters(actor, [unit], now.date()):
        if (each.book.programme, each.procedure.id, each.about) == key:
            break
    else:
        raise NotAllowed
    Unit.objects.select_for_update().get(pk=unit.pk)  # two that begin it at once
    running = Proceeding.objects.filter(procedure_id=procedure_id, about=about, closed_at=None)
    if running.exists():
        raise Conflict(Text(zh="同一事项正在办理。", en="The same matter is under way."))
    journal: list[Record] = []
    made = open_proceedings(
        [
            Proceeding(
                id=uuid4(), rulebook=each.book, procedure_id=procedure_id, unit=unit, about=about,
                matter=about, exercise=each.title is not None and each.title.exercise,
                stage_since=now, created_at=now,
            )
        ],
        actor, now, journal,
    )  # fmt: skip
    record_many(journal)
    return made[0]


def _of(standing: Standing, book: PublishedRuleBook, now: datetime) -> Iterator[Proceeding]:
    """The proceedings that should have begun about the title in its present term."""
    measures = book.book.measures
    zone = ZoneInfo(measures.time_zone)
    for procedure in measures.procedures:
        if procedure.about != "title" or not isinstance(procedure.opens, ByClock):
            continue
        for number, due in enumerate(_times(standing, procedure, zone, measures.calendar)):
            if due > now:
                break
            yield Proceeding(
                id=uuid4(), rulebook=book, procedure_id=procedure.id, unit=standing.title.unit,
                about=standing.title.pk, matter=standing.title.pk,
                exercise=standing.title.exercise, stage_since=due, created_at=due,
                occasion=f"{standing.term.pk if standing.term else 0}:{number}",
            )  # fmt: skip


def _times(
    standing: Standing, procedure: Procedure, zone: ZoneInfo, calendar: WorkCalendar
) -> Iterator[datetime]:
    """When the procedure is due in the title's term, the first time first."""
    opens, term = procedure.opens, standing.term
    assert isinstance(opens, ByClock) and term is not None
    day = term.holds_from if opens.when.moment == "term_start" else term.until
    if day is None:
        return
    first, _ = counted(opens.when, datetime.combine(day, time(), zone), zone, calendar)
    most = opens.at_most or (MOST if opens.every_months else 1)
    for number in range(most):
        due = first + relativedelta(months=number * (opens.every_months or 0))
        if _over(due, term.until, zone):
            return
        yield due


def _over(due: datetime, until: date | None, zone: ZoneInfo) -> bool:
    return until is not None and due.astimezone(zone).date() > until
