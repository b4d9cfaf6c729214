"""How titles stand on a day, as known at a moment: one SQL expression over their events.

An event counts if it was recorded by then, holds by that day, is not annulled (an annulled decision
never was) and is not on hold. A term is an award that counts; it ends on its last day or by what
ends the terms awarded before it. Every suspension needs a lifting of its own.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When

from shifan.proceedings.models import Turn
from shifan.titles.models import ENDS, Event, State, Title, What

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class _OnTheDay(TypedDict):
        state: str
        term_id: int | None
        ended_id: int | None
        awarded_on: date | None

    Seen = WithAnnotations[Title, _OnTheDay]


def as_of(titles: QuerySet[Title], on: date, known: datetime | None = None) -> QuerySet[Seen]:
    """The titles with their ``state`` on the day, as known at ``known``.

    ``awarded_on`` is the day of the last award. Without ``known``, what the clock has to do by the
    day counts as done, although it may not have run yet.

    ``term_id`` is the award the title stands by; where it does not stand, the last that did.
    ``ended_id`` is the event that ended it, None where a term just ran out. Without ``known``, all
    that is recorded counts.
    """
    awards = counting(on, known).filter(title=OuterRef("pk"), what=What.AWARDED)
    awards = awards.order_by("-holds_from", "-pk")
    ends = counting(on, known).filter(title=OuterRef("pk"), what__in=ENDS)
    live = awards.filter(Q(until=None) | Q(until__gte=on)).exclude(Exists(_ending(on, known)))
    suspended = counting(on, known).filter(title=OuterRef("pk"), what=What.SUSPENDED)
    lifted = counting(on, known).filter(what=What.REINSTATED)
    suspended = suspended.exclude(pk__in=lifted.values("undoes")).exclude(
        Exists(_ending(on, known))
    )
    titles = titles.annotate(
        current_id=Subquery(live.values("pk")[:1]),
        last_id=Subquery(awards.values("pk")[:1]),
        awarded_on=Subquery(awards.values("holds_from")[:1]),
        rests=Exists(suspended),
    )
    ended = ends.filter(pk__gt=OuterRef("last_id")).order_by("-pk")
    titles = titles.annotate(ended_id=Subquery(ended.values("pk")[:1]))
    titles = titles.annotate(
        ended_by=Subquery(ended.values("what")[:1]),
        term_id=Case(When(current_id__isnull=False, then=F("current_id")), default=F("last_id")),
    )
    due = Turn.objects.filter(
        proceeding__matter=OuterRef("pk"), party=None, due_at__date__lte=on
    ).exclude(brings="")
    if known is not None:
        due = due.none()
    titles = titles.annotate(pending=Subquery(due.order_by("due_at").values("brings")[:1]))
    stands = Q(current_id__isnull=False)
    seen: QuerySet[Seen] = titles.annotate(
        state=Case(
            When(last_id=None, then=Value(State.NONE.value)),
            When(stands, pending=What.REVOKED, then=Value(State.REVOKED.value)),
            When(stands, pending=What.LAPSED, then=Value(State.EXPIRED.value)),
            When(stands, pending=What.SUSPENDED, then=Value(State.SUSPENDED.value)),
            When(stands, rests=True, then=Value(State.SUSPENDED.value)),
            When(stands, then=Value(State.VALID.value)),
            When(ended_by=What.REVOKED, then=Value(State.REVOKED.value)),
            When(ended_by=What.SURRENDERED, then=Value(State.SURRENDERED.value)),
            default=Value(State.EXPIRED.value),
        )
    )
    return seen


def _ending(on: date, known: datetime | None) -> QuerySet[Event]:
    """What ends the award or suspension of the outer query: recorded after it; a lapse ends only
    what held by then."""
    later = counting(on, known).filter(
        title=OuterRef("title"), what__in=ENDS, pk__gt=OuterRef("pk")
    )
    return later.exclude(what=What.LAPSED, holds_from__lt=OuterRef("holds_from"))


def counting(on: date, known: datetime | None) -> QuerySet[Event]:
    """The events that count on the day.

    What is undone is looked up by sets that depend on no row: each is read once, so that even with
    stale statistics no plan goes through the events of everybody for every event.
    """
    recorded = Event.objects.order_by()
    if known is not None:
        recorded = recorded.filter(recorded_at__lte=known)
    annulled = recorded.filter(what=What.ANNULLED)
    resumed = recorded.filter(what=What.RESUMED, holds_from__lte=on)
    stayed = recorded.filter(what=What.STAYED, holds_from__lte=on)
    stayed = stayed.exclude(pk__in=resumed.values("undoes"))
    return (
        recorded.filter(holds_from__lte=on)
        .exclude(pk__in=annulled.values("undoes"))
        .exclude(pk__in=stayed.values("undoes"))
    )
