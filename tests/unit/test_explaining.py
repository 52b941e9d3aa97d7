"""The arithmetic of a deadline in words: whole days, changed clocks, folded shifts, what never comes (NEEDS A5)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from socialdesk import i18n
from socialdesk.domain.calendars import Calendar, Shift
from socialdesk.domain.folding import Alike, folded
from socialdesk.domain.promises import EVERY_STEP, Kept, Policy, Rule, steps
from socialdesk.explaining import exact, why_lines

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
HOURS = (Shift(600, 840),)


def told(since: datetime, length: timedelta, calendar: Calendar, zone: str = "Europe/Madrid") -> list[str]:
    policy = Policy(rules=(Rule(Kept(length), brand="Sol"),), calendars={"Sol": calendar})
    return why_lines(steps(policy, "Sol", "x", "", since, most=EVERY_STEP), zone, NOW)


def test_days_off_in_a_row_are_one_line_without_hours() -> None:
    closed = {date(2026, 8, day): "Vacaciones" for day in range(1, 16)}
    since = datetime(2026, 7, 31, 11, 0, tzinfo=UTC)  # 13:00 in Madrid
    lines = told(since, timedelta(hours=2), Calendar("Europe/Madrid", (HOURS,) * 7, closed))
    assert "Sat 1 Aug – Sat 15 Aug: Vacaciones, closed" in lines
    assert lines[-1] == "Sun 16 Aug, 11:00: due"


def test_a_changed_clock_is_told() -> None:
    night = (Shift(0, 360),)
    lines = told(
        datetime(2026, 10, 24, 22, 0, tzinfo=UTC), timedelta(hours=6), Calendar("Europe/Madrid", (night,) * 7)
    )
    assert "Sun 25 Oct, 02:00: the clocks go back by 1 h" in lines
    assert lines[-1] == "Sun 25 Oct, 05:00: due"


def test_what_never_comes_is_said_so_and_another_year_is_named() -> None:
    lines = told(datetime(2025, 3, 3, tzinfo=UTC), timedelta(hours=1), Calendar("UTC", ((),) * 7), "UTC")
    assert lines[0].startswith("Mon 3 Mar 2025, 00:00:")
    assert lines[-1].startswith("It never falls due")


def test_it_is_told_in_spanish_too() -> None:
    i18n.choose("es")
    lines = told(
        datetime(2026, 11, 23, 9, 0, tzinfo=UTC), timedelta(hours=5), Calendar("Europe/Madrid", (HOURS,) * 7)
    )
    assert lines[1] == "Promesa: 5 h en horario de apertura, fijada para esta marca"
    assert lines[-1].endswith("vence")


def test_where_nothing_is_promised_no_length_is_told() -> None:
    policy = Policy(rules=(Rule(Kept(timedelta(hours=5))),))
    lines = why_lines(steps(policy, "Sol", "x", "", NOW, "resolution"), "UTC", NOW)
    assert lines[1] == "Promise: none"
    assert lines[-1].startswith("It never falls due")


def test_lengths_are_exact() -> None:
    assert [exact(seconds) for seconds in (0, 45, 3600, 106_200)] == ["0 min", "45 s", "1 h", "29 h 30 min"]


SPLIT = (Shift(600, 840), Shift(1020, 1200))
SHOP = Calendar("Europe/Madrid", (SPLIT,) * 5 + (HOURS, ()), {date(2026, 12, 8): "Inmaculada"})
MONDAY = datetime(2026, 11, 23, 9, 17, tzinfo=UTC)  # 10:17 in Madrid


def test_a5_days_with_the_same_hours_are_one_line() -> None:
    assert told(MONDAY, timedelta(hours=72), SHOP)[2:] == [
        "Mon 23 Nov, 10:17–14:00: open, 3 h 43 min counted, 68 h 17 min left",
        "Mon 23 Nov, 17:00–20:00: open, 3 h counted, 65 h 17 min left",
        "Tue 24 Nov – Fri 27 Nov: 4 days of 7 h, 28 h counted, 37 h 17 min left",
        "Sat 28 Nov, 10:00–14:00: open, 4 h counted, 33 h 17 min left",
        "Sun 29 Nov: closed",
        "Mon 30 Nov – Thu 3 Dec: 4 days of 7 h, 28 h counted, 5 h 17 min left",
        "Fri 4 Dec, 10:00–14:00: open, 4 h counted, 1 h 17 min left",
        "Fri 4 Dec, 17:00–18:17: open, 1 h 17 min counted, nothing left",
        "Fri 4 Dec, 18:17: due",
    ]


def test_a5_equal_weeks_are_one_line_and_a_day_off_between_them_is_named() -> None:
    lines = told(MONDAY, timedelta(hours=250), SHOP)
    assert "Mon 14 Dec – Sun 3 Jan 2027: 3 weeks of 39 h, 117 h counted, 23 h 17 min left" in lines
    assert "Tue 8 Dec: Inmaculada, closed" in lines and lines[-1].endswith(": due")


NIGHTS = Calendar("Europe/Madrid", ((Shift(1320, 1800),),) * 7)
WEEKDAYS = Calendar("Europe/Madrid", ((Shift(0, 1440),),) * 5 + ((), ()))
ODD = Calendar(
    "Pacific/Auckland", (SPLIT, HOURS) * 3 + ((),), {date(2026, 12, n): f"Day {n}" for n in (3, 9)}
)


@pytest.mark.parametrize("calendar", [SHOP, NIGHTS, WEEKDAYS, ODD])
@pytest.mark.parametrize("hours", [1, 30, 72, 150, 300, 1_000])
def test_a5_the_longest_promise_is_told_in_twenty_lines_that_add_up(calendar: Calendar, hours: int) -> None:
    policy = Policy(rules=(Rule(Kept(timedelta(hours=hours)), brand="Sol"),), calendars={"Sol": calendar})
    every = steps(policy, "Sol", "x", "", MONDAY, most=EVERY_STEP)
    lines = folded(every, ZoneInfo(calendar.zone))
    assert len(lines) <= 20
    counted = [
        each.each * each.number if isinstance(each, Alike) else each.seconds * (each.kind == "shift")
        for each in lines
    ]
    assert sum(counted) == hours * 3_600
    left = [each.left for each in lines[1:] if isinstance(each, Alike) or each.kind != "clock_change"]
    assert left == sorted(left, reverse=True) and left[-1] == 0
