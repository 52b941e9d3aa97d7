"""Budgets of networks that charge (issue 7): periods, what is kept for answers, the forecast, the pace."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from socialdesk.domain.spending import (
    NIGHT,
    Allowance,
    Spent,
    began,
    budget,
    ends,
    forecast,
    kept,
    pace,
    today,
)

MONTH = Allowance(10_000_000, monthly=True, zone="UTC", euros=1.0, look=0)
DAY = Allowance(10_000, monthly=False, zone="America/Los_Angeles", euros=0.0, look=2)
HOUR = timedelta(hours=1)


def test_a_month_ends_where_its_zone_says() -> None:
    late = datetime(2026, 12, 31, 23, 59, tzinfo=UTC)
    assert began(MONTH, late) == datetime(2026, 12, 1, tzinfo=UTC)
    assert ends(MONTH, late) == datetime(2027, 1, 1, tzinfo=UTC)
    assert today(DAY, late) == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("now", "hours"),
    [("2026-03-08T12:00+00:00", 23), ("2026-11-01T12:00+00:00", 25), ("2026-07-01T12:00+00:00", 24)],
)
def test_a_day_in_california_is_as_long_as_its_clocks_make_it(now: str, hours: int) -> None:
    moment = datetime.fromisoformat(now)
    assert ends(DAY, moment) - began(DAY, moment) == hours * HOUR


def test_less_and_less_is_kept_for_answers_and_never_nothing() -> None:
    moments = [datetime(2026, 11, day, 12, tzinfo=UTC) for day in range(1, 31)]
    shares = [kept(MONTH, moment) for moment in moments]
    assert shares == sorted(shares, reverse=True)
    assert 1_600_000 < shares[0] < 1_700_000 and shares[-1] > 200_000


def test_a_month_is_forecast_by_its_last_week() -> None:
    now = datetime(2026, 11, 21, tzinfo=UTC)
    quiet = [Spent(date(2026, 11, day), 0, 0) for day in range(1, 15)]
    busy = [Spent(date(2026, 11, day), 90_000, 10_000) for day in range(15, 21)]
    assert forecast(MONTH, quiet + busy, now) == 600_000 + round(600_000 * 10 / 6)
    assert forecast(MONTH, [], now) == 0


def test_the_first_minutes_of_a_month_foretell_no_fortune() -> None:
    now = datetime(2026, 11, 1, 0, 5, tzinfo=UTC)
    assert forecast(MONTH, [Spent(date(2026, 11, 1), 20_000, 0)], now) < 20_000 * 4 * 31
    stands = budget(MONTH, [Spent(date(2026, 11, 1), 9_000_000, 0)], timedelta(), now)
    assert stands.is_short and stands.spent == 9_000_000


def test_an_account_that_began_late_in_the_month_is_measured_from_then() -> None:
    now = datetime(2026, 11, 29, tzinfo=UTC)
    assert forecast(MONTH, [Spent(date(2026, 11, 28), 100_000, 0)], now) == 100_000 * 3


def test_a_day_is_forecast_by_its_hours() -> None:
    now = began(DAY, datetime(2026, 7, 1, 12, tzinfo=UTC)) + 12 * HOUR
    assert forecast(DAY, [Spent(today(DAY, now), 3_000, 1_000)], now) == 8_000


MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize("look", [0, 2])
def test_what_is_affordable_or_free_is_not_slowed(look: int) -> None:
    assert pace(look, 5_000, MINUTE, 8 * HOUR, 16 * HOUR, is_open=True).pause == MINUTE


@pytest.mark.parametrize("left", [1_000, 500, 200])
def test_a_small_quota_lasts_the_day_and_serves_opening_hours_first(left: int) -> None:
    opened, closed = 8 * HOUR, 16 * HOUR
    by_day = pace(2, left, MINUTE, opened, closed, is_open=True)
    by_night = pace(2, left, MINUTE, opened, closed, is_open=False)
    assert by_day.pause == by_day.open_pause == by_night.open_pause and by_night.pause == NIGHT
    looks = opened / by_day.pause + closed / by_night.pause
    assert 0.9 * left <= 2 * looks <= left + 0.001
    assert by_day.pause < NIGHT


def test_a_business_that_is_always_open_or_never_again_has_a_pace_too() -> None:
    always = pace(2, 500, MINUTE, 24 * HOUR, timedelta(), is_open=True)
    assert always.pause == 24 * HOUR / 250
    assert pace(2, 5, MINUTE, timedelta(), 24 * HOUR, is_open=False).pause == NIGHT
    assert pace(2, 0, MINUTE, HOUR, HOUR, is_open=True).pause == MINUTE, "an empty purse refuses by itself"
