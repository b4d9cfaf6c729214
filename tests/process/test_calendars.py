"""Working days of other countries, and days a rule book lists itself."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from shifan.cli import app
from shifan.process.calendar import add_working_days, is_working_day
from shifan.process.deadlines import counted
from shifan.rulebook.deadlines import Days, WorkCalendar

SCOTLAND = WorkCalendar(country="GB", subdivision="SCT")


@pytest.mark.parametrize(
    ("calendar", "day", "worked"),
    [
        (WorkCalendar(country="GB", subdivision="ENG"), date(2027, 1, 4), True),
        (SCOTLAND, date(2027, 1, 4), False),  # 2 January, a Saturday, is made up for on Monday
        (WorkCalendar(country="FR"), date(2026, 7, 14), False),
        (WorkCalendar(country="DE", subdivision="BY"), date(2026, 1, 6), False),
        (WorkCalendar(country="DE", subdivision="BE"), date(2026, 1, 6), True),
        (WorkCalendar(), date(2026, 2, 14), True),  # worked in exchange before Spring Festival
        (WorkCalendar(country="GB"), date(2026, 2, 14), False),
    ],
)
def test_day_is_worked_where_the_law_says_so(calendar, day, worked):
    assert is_working_day(day, calendar) == (worked, False)


def test_list_of_the_book_beats_the_law():
    listed = WorkCalendar(country="FR", free=(date(2026, 7, 13),), worked=(date(2026, 7, 14),))

    assert add_working_days(date(2026, 7, 10), 1, listed).day == date(2026, 7, 14)
    assert add_working_days(date(2026, 7, 10), 1, WorkCalendar(country="FR")).day == date(
        2026, 7, 13
    )


def test_what_can_only_be_estimated_is_provisional():
    assert add_working_days(date(2027, 3, 5), 5, WorkCalendar(country="AE")).provisional
    assert not add_working_days(date(2027, 3, 5), 5, SCOTLAND).provisional


@pytest.mark.parametrize(
    ("calendar", "sentence"),
    [
        ("{country: XX}", "no calendar of XX is known"),
        ("{country: GB, subdivision: YUN}", "GB has no part YUN"),
        ("{country: CN, subdivision: YN}", "no subdivisions"),
        ("{free: [2027-01-02], worked: [2027-01-02]}", "both free and worked"),
        ("{country: britain}", "country"),
    ],
)
def test_calendar_that_cannot_be_is_a_finding(tmp_path, calendar, sentence):
    folder = tmp_path / "book"
    shutil.copytree("src/shifan/rulebook/starter", folder)
    with (folder / "programme.yaml").open("a") as own:
        own.write(f"calendar: {calendar}\n")

    checked = CliRunner().invoke(app, ["rulebook", "check", str(folder), "--json"])

    findings = json.loads(checked.stdout)["books"][0]["findings"]
    assert any(sentence in each["message"] or sentence in each["where"] for each in findings), (
        findings
    )


@pytest.mark.parametrize(
    ("zone", "day", "hour"),
    [
        ("Africa/Cairo", date(2026, 4, 24), "01:00"),  # clocks go from 00:00 to 01:00
        ("America/Havana", date(2027, 3, 14), "01:00"),
        ("America/Asuncion", date(2023, 10, 1), "01:00"),
    ],
)
def test_day_that_has_no_midnight_ends_and_is_counted_like_any_other(zone, day, hour):
    """Days are counted as days, deadlines fall at the end of one, and its first moment is there."""
    place = ZoneInfo(zone)
    before = datetime.combine(day - timedelta(days=1), time(12), place)
    at, _ = counted(Days(days=1, after="opened", at=time(23, 59, 59)), before, place, FREE)
    assert at.date() == day
    length = at.astimezone(UTC) - before.astimezone(UTC)
    assert length.total_seconds() == 34 * 3600 + 3599  # an hour less than on other days

    midnight, _ = counted(Days(days=1, after="opened", at=time(0, 0)), before, place, FREE)
    assert f"{midnight.astimezone(UTC).astimezone(place):%H:%M}" == hour
    assert day_of(midnight, place) == day


FREE = WorkCalendar(country="GB")


def day_of(moment: datetime, place: ZoneInfo) -> date:
    return moment.astimezone(UTC).astimezone(place).date()
