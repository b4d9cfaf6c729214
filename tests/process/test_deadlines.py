"""Every kind of deadline, and how long what a move awards stands."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from shifan.process.deadlines import Moments, due
from shifan.process.terms import term_end, term_start
from shifan.rulebook.deadlines import Deadline
from shifan.rulebook.effects import Award

AT = datetime(2027, 1, 31, 9, 30, 15, tzinfo=UTC)


def falls(measures, when, moments, **more):
    """When a deadline of the appeal falls, in words of ISO 8601."""
    deadline = Deadline(id="x", name={"zh": "期限"}, article=1, when=when, **more)
    procedure = measures.procedure("appeal").model_copy(update={"deadlines": (deadline,)})
    found = due(measures, procedure, "x", moments)
    return found and found.at.isoformat()


@pytest.mark.parametrize(
    ("when", "at"),
    [
        ({"hours": 48, "after": "origin"}, "2027-02-02T10:30:15+01:00"),
        ({"days": 30, "after": "origin"}, "2027-03-02T23:59:59+01:00"),
        ({"days": 0, "after": "origin"}, "2027-01-31T23:59:59+01:00"),
        ({"months": 1, "after": "origin"}, "2027-02-28T23:59:59+01:00"),
        ({"months": 6, "before": "origin"}, "2026-07-31T23:59:59+02:00"),
        ({"years": 2, "after": "origin", "at": "12:00:00"}, "2029-01-31T12:00:00+01:00"),
        ({"on": "11-30"}, "2027-11-30T23:59:59+01:00"),
    ],
)
def test_deadline_falls_in_the_time_zone_of_the_programme(geopark, when, at):
    assert falls(geopark, when, Moments(2027, known={"origin": AT})) == at


def test_deadline_counted_from_what_has_not_come_has_no_date(geopark):
    assert falls(geopark, {"days": 30, "after": "origin"}, Moments(2027)) is None
    stage = {"days": 3, "after": {"stage": "hearing"}}
    assert falls(geopark, stage, Moments(2027, known={"origin": AT})) is None
    assert falls(geopark, stage, Moments(2027, {"hearing": AT})) == "2027-02-03T23:59:59+01:00"


def test_name_of_a_moment_is_the_end_of_its_day(geopark):
    found = due(
        geopark,
        geopark.procedure("revalidation"),
        "term_end",
        Moments(2027, known={"term_end": AT}),
    )

    assert found is not None
    assert found.at.isoformat() == "2027-01-31T23:59:59+01:00"


def test_clock_stands_while_another_procedure_runs(geopark):
    """Two suspensions of ten and five days, overlapping by two, put it off by thirteen."""
    first = (AT + timedelta(days=5), AT + timedelta(days=15))
    second = (AT + timedelta(days=13), AT + timedelta(days=18))
    before = (AT - timedelta(days=9), AT - timedelta(days=2))
    later = (AT + timedelta(days=400), None)
    runs = {"revalidation": (second, before, first, later)}
    when, stops = {"days": 30, "after": "origin"}, ("revalidation",)

    put_off = falls(geopark, when, Moments(2027, {}, {"origin": AT}, runs), stops_for=stops)
    assert put_off == "2027-03-15T23:59:59+01:00"
    still = {"revalidation": ((AT + timedelta(days=5), None),)}
    assert falls(geopark, when, Moments(2027, {}, {"origin": AT}, still), stops_for=stops) is None


@pytest.mark.parametrize(
    ("award", "old_end", "term"),
    [
        ({"years": 4}, None, ("2027-06-10", "2031-06-09")),
        ({"months": 18}, None, ("2027-06-10", "2028-12-09")),
        ({"until": "04-30"}, None, ("2027-06-10", "2028-04-30")),
        ({"until": "06-10"}, None, ("2027-06-10", "2027-06-10")),
        ({}, None, ("2027-06-10", None)),
        ({"years": 1, "from": "09-01"}, None, ("2027-09-01", "2028-08-31")),
        ({"years": 2, "from": "old_end"}, date(2027, 12, 31), ("2028-01-01", "2029-12-31")),
        ({"years": 3, "from": "old_end"}, date(2027, 3, 31), ("2027-06-10", "2030-03-31")),
        ({"years": 3, "from": "old_end"}, None, ("2027-06-10", "2030-06-09")),
        ({"until": "02-29"}, None, ("2027-06-10", "2028-02-29")),
    ],
)
def test_term_of_what_is_awarded(award, old_end, term):
    """A renewal goes on where the old term ends; one restored later holds from the decision."""
    made = Award.model_validate(award)
    decided = date(2027, 6, 10)

    start, end = term_start(made, decided, old_end), term_end(made, decided, old_end)

    assert (start.isoformat(), end.isoformat() if end else None) == term


@pytest.mark.parametrize(
    "award", [{"years": 4, "months": 1}, {"years": 1, "until": "01-01"}, {"from": "old_end"}]
)
def test_award_ends_in_one_way(award):
    with pytest.raises(ValueError, match=r"give one of them|needs a term"):
        Award.model_validate(award)
