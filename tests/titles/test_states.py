"""The state of titles on any day, as known at any moment, against an independent reckoning."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from tests.oracles.naive_titles import Happened, state

from shifan.titles.models import ENDS, UNDOES, Event, State, Title, What
from shifan.titles.states import as_of
from shifan.units.models import Division, Unit

pytestmark = pytest.mark.django_db
BEGIN = date(2020, 1, 1)


def made_up(chance):
    """A history of up to twelve events that undo only what they may."""
    events = []
    moment = datetime(2020, 1, 1, tzinfo=UTC)
    for order in range(chance.randint(1, 12)):
        moment += timedelta(hours=chance.randint(0, 3000))
        what = chance.choice([What.AWARDED, What.SUSPENDED, *What]) if events else What.AWARDED
        undone = None
        if what in UNDOES:
            fits = [e for e in events if e.what in UNDOES[what]]
            if not fits:
                continue
            undone = chance.choice(fits).order
        holds = moment.date() + timedelta(days=chance.choice([0, 0, 0, -40, 40, 400]))
        until = holds + timedelta(days=chance.randint(0, 900))
        if what != What.AWARDED or chance.random() < 0.2:
            until = None
        events.append(Happened(order, what, holds, moment, until, undone))
    return events


def test_sql_says_what_the_oracle_says_of_a_thousand_histories(divisions):
    chance = random.Random(20261126)
    place = Division.objects.get(code="530402")
    histories = [made_up(chance) for _ in range(1000)]
    units = Unit.objects.bulk_create(
        Unit(name=f"甲{n}", unit_type="school", division=place) for n in range(len(histories))
    )
    titles = Title.objects.bulk_create(
        Title(unit=unit, programme="p", level="l", number=n) for n, unit in enumerate(units)
    )
    rows = {}
    for order in range(12):
        batch = [
            (n, e, Event(
                title=titles[n], what=e.what, holds_from=e.holds_from, until=e.until,
                recorded_at=e.recorded_at,
                undoes=rows[n, e.undoes] if e.undoes is not None else None,
            ))
            for n, history in enumerate(histories) for e in history if e.order == order
        ]  # fmt: skip
        Event.objects.bulk_create(event for *_, event in batch)
        rows |= {(n, e.order): event for n, e, event in batch}
    seen = set()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE titles_event")
    for _ in range(12):
        on = BEGIN + timedelta(days=chance.randint(0, 1500))
        known = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(hours=chance.randint(0, 36_000))
        found = {t.pk: t for t in as_of(Title.objects.all(), on, known)}
        for number, title in enumerate(titles):
            said = found[title.pk]
            expected, by = state(histories[number], on, known)
            assert said.stands["state"] == expected, (histories[number], on, known)
            if by is not None:
                assert said.stands["term"] == rows[number, by].pk
            seen.add(expected)
    assert seen == set(State)


def test_ends_are_what_ends():
    assert set(ENDS) == {What.REVOKED, What.LAPSED, What.SURRENDERED, What.SUPERSEDED}


def test_no_plan_goes_through_everybody_s_events_for_every_event(divisions):
    """Statistics may be stale: here no index is used at all, the worst that a planner can do."""
    place = Division.objects.get(code="530402")
    units = Unit.objects.bulk_create(
        Unit(name=f"乙{n}", unit_type="school", division=place) for n in range(400)
    )
    titles = Title.objects.bulk_create(
        Title(unit=unit, programme="p", level="l", number=n) for n, unit in enumerate(units)
    )
    moment = datetime(2020, 1, 1, tzinfo=UTC)
    Event.objects.bulk_create(
        Event(title=title, what=what, holds_from=moment.date(), recorded_at=moment)
        for title in titles for what in (What.AWARDED, What.SUSPENDED, What.AWARDED)
    )  # fmt: skip

    with connection.cursor() as cursor:
        for way in ("indexscan", "indexonlyscan", "bitmapscan"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute("SET LOCAL statement_timeout = '20s'")
        assert {each.stands["state"] for each in as_of(Title.objects.all(), moment.date())} == {
            "suspended"
        }
