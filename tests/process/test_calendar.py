"""Working days as the State Council arranged them."""

from datetime import date

from shifan.process.calendar import add_working_days, is_working_day


def test_exchanged_saturday_is_worked_and_holiday_is_not():
    assert is_working_day(date(2021, 2, 7)) == (True, False)
    assert is_working_day(date(2021, 2, 11)) == (False, False)


def test_year_not_announced_is_provisional():
    assert is_working_day(date(2090, 1, 2)) == (True, True)
    assert add_working_days(date(2090, 1, 2), 1).provisional is True


def test_seven_working_days_skip_a_weekend():
    assert add_working_days(date(2021, 6, 7), 7).day == date(2021, 6, 17)  # Dragon Boat on 14 June


def test_no_days_is_the_day_itself():
    assert add_working_days(date(2021, 6, 7), 0).day == date(2021, 6, 7)
