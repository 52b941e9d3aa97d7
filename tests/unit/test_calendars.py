"""Opening hours and the time counted in them (NEEDS A5)."""

from __future__ import annotations

import os
import random
import time
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.oracle import CHANGING, ODD, any_places, changing_places, compared, random_calendar
from socialdesk.domain.calendars import (
    ALWAYS,
    Calendar,
    Shift,
    Timeline,
    timeline,
    zone,
)
from socialdesk.domain.zones import offsets

MADRID = zone("Europe/Madrid")
SPLIT = (Shift(10 * 60, 14 * 60), Shift(17 * 60, 20 * 60))
WEEK = ((SPLIT,) * 5) + ((), ())
SHOP = Calendar("Europe/Madrid", WEEK)
HOUR = 3_600


def madrid(*parts: int) -> datetime:
    """An instant by Madrid's wall clock."""
    return datetime(*parts, tzinfo=MADRID)  # type: ignore[arg-type,misc]


def every_day(*shifts: Shift, where: str = "Europe/Madrid") -> Timeline:
    """A shop with the same hours every day."""
    return Timeline(Calendar(where, (shifts,) * 7))


def test_a5_split_shifts_count_only_while_the_shop_is_open() -> None:
    line = Timeline(SHOP)
    assert line.add(madrid(2026, 11, 23, 13), 2 * HOUR) == madrid(2026, 11, 23, 18)
    assert line.add(madrid(2026, 11, 27, 19, 30), HOUR) == madrid(2026, 11, 30, 10, 30)
    assert line.open_seconds(madrid(2026, 11, 23), madrid(2026, 11, 30)) == 5 * 7 * HOUR


def test_a5_a_promise_used_up_at_closing_time_is_due_then_and_not_at_the_next_opening() -> None:
    assert Timeline(SHOP).add(madrid(2026, 11, 23, 10), 4 * HOUR) == madrid(2026, 11, 23, 14)
    assert Timeline(SHOP).add(madrid(2026, 11, 23, 9), 7 * HOUR) == madrid(2026, 11, 23, 20)


def test_a5_hours_are_half_open_open_at_the_first_minute_and_closed_at_the_last() -> None:
    line = Timeline(SHOP)
    assert line.is_open(madrid(2026, 11, 23, 10))
    assert line.is_open(madrid(2026, 11, 23, 13, 59, 59))
    assert not line.is_open(madrid(2026, 11, 23, 14))
    assert not line.is_open(madrid(2026, 11, 23, 9, 59, 59))
    assert line.closes(madrid(2026, 11, 23, 10)) == madrid(2026, 11, 23, 14)
    assert line.closes(madrid(2026, 11, 23, 14)) is None


def test_a5_the_next_opening_is_now_while_open_and_after_the_weekend_on_friday_night() -> None:
    line = Timeline(SHOP)
    open_now, night = madrid(2026, 11, 23, 12), madrid(2026, 11, 27, 20)
    assert line.next_open(open_now) == open_now
    assert line.next_open(night) == madrid(2026, 11, 30, 10)
    assert every_day().next_open(night) is None


def test_a5_an_opening_more_than_400_days_off_is_none_and_a_promise_that_never_ends_has_no_deadline() -> None:
    once = Timeline(Calendar("UTC", ((),) * 7, {}, {date(2028, 6, 1): (Shift(600, 660),)}))
    assert once.next_open(datetime(2027, 1, 1, tzinfo=UTC)) is None
    assert once.next_open(datetime(2027, 6, 1, tzinfo=UTC)) == datetime(2028, 6, 1, 10, tzinfo=UTC)
    assert once.add(datetime(2027, 1, 1, tzinfo=UTC), HOUR) == datetime(2028, 6, 1, 11, tzinfo=UTC)
    assert once.add(datetime(2027, 1, 1, tzinfo=UTC), HOUR + 1) is None
    assert once.add(datetime(2020, 1, 1, tzinfo=UTC), 1) is None


def test_a5_midnight_at_24_00_joins_the_next_day_without_a_second_lost() -> None:
    line = every_day(Shift(0, 1440))
    start = madrid(2026, 11, 23, 23, 30)
    assert line.add(start, HOUR) == madrid(2026, 11, 24, 0, 30)
    assert line.spans(start, madrid(2027, 1, 2)) == [(start, madrid(2027, 1, 2))]
    assert line.closes(start) is None
    late = every_day(Shift(20 * 60, 1440))
    assert late.closes(madrid(2026, 12, 31, 21)) == madrid(2027, 1, 1)
    assert late.add(madrid(2026, 12, 31, 23), 2 * HOUR) == madrid(2027, 1, 1, 21)


def test_a5_an_overnight_shift_belongs_to_the_evening_it_began() -> None:
    friday_only = Timeline(Calendar("Europe/Madrid", ((), (), (), (), (Shift(22 * 60, 30 * 60),), (), ())))
    assert friday_only.is_open(madrid(2026, 11, 28, 5, 59))
    assert not friday_only.is_open(madrid(2026, 11, 28, 6))
    assert not friday_only.is_open(madrid(2026, 11, 27, 5))
    assert friday_only.open_seconds(madrid(2026, 11, 23), madrid(2026, 11, 30)) == 8 * HOUR
    over_new_year = every_day(Shift(22 * 60, 30 * 60))
    assert over_new_year.closes(madrid(2026, 12, 31, 23)) == madrid(2027, 1, 1, 6)
    assert over_new_year.spans(madrid(2026, 12, 31, 12), madrid(2027, 1, 1, 12)) == [
        (madrid(2026, 12, 31, 22), madrid(2027, 1, 1, 6))
    ]


def test_a5_a_closed_day_starts_no_shift_but_the_evening_before_runs_to_its_end() -> None:
    night = Calendar("Europe/Madrid", ((Shift(22 * 60, 26 * 60),),) * 7, {date(2026, 12, 25): "Navidad"})
    line = Timeline(night)
    assert line.is_open(madrid(2026, 12, 25, 1, 30))
    assert not line.is_open(madrid(2026, 12, 25, 23))
    assert not line.is_open(madrid(2026, 12, 26, 1))


def test_a5_the_hours_of_one_day_win_over_its_holiday_and_its_week() -> None:
    sunday, monday = date(2026, 12, 20), date(2026, 12, 21)
    line = Timeline(
        SHOP._replace(
            closed={sunday: "closed", monday: "closed"}, special={sunday: (Shift(600, 840),), monday: ()}
        )
    )
    assert line.open_seconds(madrid(2026, 12, 20), madrid(2026, 12, 22)) == 4 * HOUR


def test_a5_overlapping_hours_count_once() -> None:
    assert (
        every_day(Shift(600, 840), Shift(700, 900)).open_seconds(madrid(2026, 11, 23), madrid(2026, 11, 24))
        == 5 * HOUR
    )


@pytest.mark.parametrize(
    ("day", "opened"),
    [(29, 2 * HOUR), (28, 3 * HOUR)],
    ids=["the hour that is skipped", "the day before"],
)
def test_a5_in_spring_the_skipped_hour_holds_no_opening_time(day: int, opened: int) -> None:
    line = every_day(Shift(60, 240))
    assert line.open_seconds(madrid(2026, 3, day), madrid(2026, 3, day + 1)) == opened


def test_a5_in_autumn_the_repeated_hour_counts_twice() -> None:
    line = every_day(Shift(60, 240))
    assert line.open_seconds(madrid(2026, 10, 25), madrid(2026, 10, 26)) == 4 * HOUR
    first_half_past_two = madrid(2026, 10, 25, 2, 30)
    assert line.add(first_half_past_two, HOUR) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    only_two = every_day(Shift(120, 180))
    assert only_two.spans(madrid(2026, 10, 25), madrid(2026, 10, 26)) == [
        (datetime(2026, 10, 25, 0, tzinfo=UTC), datetime(2026, 10, 25, 2, tzinfo=UTC))
    ]
    quarter = every_day(Shift(135, 150))
    assert len(quarter.spans(madrid(2026, 10, 25), madrid(2026, 10, 26))) == 2


def test_a5_a_day_that_a_country_left_out_has_no_hours() -> None:
    """Apia had no 30 December 2011."""
    apia = zone("Pacific/Apia")
    line = every_day(Shift(600, 660), where="Pacific/Apia")
    start, end = datetime(2011, 12, 29, tzinfo=apia), datetime(2012, 1, 1, tzinfo=apia)
    assert line.open_seconds(start, end) == 2 * HOUR


def test_a5_the_zone_tells_when_its_clock_is_changed() -> None:
    line = Timeline(SHOP)
    assert line.offset_changes(madrid(2026, 1, 1), madrid(2027, 1, 1)) == [
        (datetime(2026, 3, 29, 1, tzinfo=UTC), HOUR),
        (datetime(2026, 10, 25, 1, tzinfo=UTC), -HOUR),
    ]
    assert line.offset_changes(madrid(2026, 4, 1), madrid(2026, 10, 1)) == []


def test_a5_deadlines_are_those_of_the_minute_by_minute_oracle() -> None:
    """A sample; make torture tries a hundred thousand."""
    rng = random.Random(20_121_018)
    places = [*rng.sample(changing_places(rng, each=1), 12), *any_places(rng, 6)]
    trial = compared(7, places)
    assert trial.tried >= 360
    assert trial.answered > trial.tried // 2
    assert trial.wrong == []


def test_a5_the_oracle_is_asked_about_every_change_of_the_four_zones() -> None:
    names = [name for name, _ in changing_places(random.Random(1), each=1)]
    assert [names.count(name) for name in CHANGING] == [38, 38, 22, 38]


MOMENTS = st.datetimes(datetime(2012, 1, 1), datetime(2030, 12, 31)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001
PROMISED = st.integers(0, 30 * 86_400)
CALENDARS = st.builds(
    lambda seed, where, around: random_calendar(random.Random(seed), where, around.date()),
    st.integers(0, 10**6),
    st.sampled_from(CHANGING + ODD),
    MOMENTS,
)


@given(CALENDARS, MOMENTS, PROMISED)
def test_a5_the_deadline_lies_so_many_open_seconds_after_the_start(
    calendar: Calendar, start: datetime, seconds: int
) -> None:
    line = Timeline(calendar)
    end = line.add(start, seconds)
    if end is None:
        assert line.open_seconds(start, start + timedelta(days=3 * 366)) < seconds
    else:
        assert line.open_seconds(start, end) == seconds
        assert sum((b - a for a, b in line.spans(start, end)), timedelta(0)) == timedelta(seconds=seconds)


@given(CALENDARS, MOMENTS, PROMISED, st.integers(0, 10**6), st.integers(0, 10**6))
def test_a5_a_later_start_or_a_longer_promise_is_never_due_earlier(
    calendar: Calendar, start: datetime, seconds: int, later: int, longer: int
) -> None:
    line = Timeline(calendar)
    end = line.add(start, seconds)
    after = line.add(start + timedelta(seconds=later), seconds + longer)
    assert end is None or after is None or end <= after


@given(CALENDARS, MOMENTS)
def test_a5_open_closed_and_the_next_opening_agree(calendar: Calendar, at: datetime) -> None:
    line = Timeline(calendar)
    opens, closes = line.next_open(at), line.closes(at)
    assert line.is_open(at) == (opens == at)
    if opens is not None and opens > at:
        assert line.is_open(opens)
        assert line.open_seconds(at, opens) == 0
    if closes is not None:
        assert not line.is_open(closes)
        assert line.open_seconds(at, closes) == (closes - at) // timedelta(seconds=1)


@given(CALENDARS, MOMENTS, PROMISED)
def test_a5_counting_in_milliseconds_gives_the_same(
    calendar: Calendar, start: datetime, seconds: int
) -> None:
    start = start.replace(microsecond=start.microsecond // 1_000 * 1_000)
    line = Timeline(calendar)
    end = line.add(start, seconds)
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    found = line.add_ms((start - epoch) // timedelta(milliseconds=1), seconds)
    assert found == (None if end is None else (end - epoch) // timedelta(milliseconds=1))


def test_a5_a_fraction_of_a_second_is_kept() -> None:
    start = datetime(2026, 11, 23, 9, 0, 0, 123_456, tzinfo=UTC)
    assert Timeline(Calendar()).add(start, HOUR) == start + timedelta(hours=1)


@pytest.mark.parametrize("where", ["Pacific/Kiritimati", "America/Los_Angeles", "UTC"])
def test_a5_the_zone_of_the_machine_changes_nothing(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    begin, end = datetime(2026, 3, 20, tzinfo=UTC), datetime(2026, 4, 10, tzinfo=UTC)

    def answers() -> list[object]:
        line = Timeline(SHOP)
        return [line.spans(begin, end), line.add(begin, 100 * HOUR), line.offset_changes(begin, end)]

    offsets.cache_clear()
    here = answers()
    monkeypatch.setitem(os.environ, "TZ", where)
    time.tzset()
    offsets.cache_clear()
    assert answers() == here


def test_a5_a_time_without_a_zone_is_refused_rather_than_guessed() -> None:
    with pytest.raises(TypeError):
        Timeline(SHOP).add(datetime(2026, 11, 23, 10), HOUR)  # noqa: DTZ001


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "../etc/passwd", "Europe"])
def test_a5_an_unknown_zone_is_named(name: str) -> None:
    with pytest.raises(ValueError, match="no such time zone"):
        Timeline(Calendar(name))


def test_equal_calendars_share_a_timeline_and_different_ones_do_not() -> None:
    first, same = Calendar("Europe/Madrid", WEEK), Calendar("Europe/Madrid", WEEK)
    assert timeline(first) is timeline(same) is timeline(first)
    assert timeline(first) is not timeline(Calendar("Europe/Madrid", ALWAYS))
    assert timeline(first) is not timeline(first._replace(closed={date(2026, 12, 25): "Navidad"}))
    assert timeline(first) is not timeline(first._replace(special={date(2026, 12, 25): ()}))


@pytest.mark.parametrize("year", [1, 1600, 1900, 9_999])
def test_a_date_far_off_breaks_nothing(year: int) -> None:
    at = datetime(year, 6, 1, tzinfo=UTC)
    line = Timeline(SHOP)
    assert line.open_seconds(at, at) == 0
    line.is_open(at)
    line.add(at, HOUR)
    line.next_open(at)
