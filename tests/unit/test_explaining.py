"""The arithmetic of a deadline in words: whole days, changed clocks, folded shifts, what never comes (NEEDS A5)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from socialdesk import i18n
from socialdesk.domain.calendars import Calendar, Shift
from socialdesk.domain.promises import Kept, Policy, Rule, steps
from socialdesk.explaining import exact, why_lines

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
HOURS = (Shift(600, 840),)


def told(since: datetime, length: timedelta, calendar: Calendar, zone: str = "Europe/Madrid") -> list[str]:
    policy = Policy(rules=(Rule(Kept(length), brand="Sol"),), calendars={"Sol": calendar})
    return why_lines(steps(policy, "Sol", "x", "", since), zone, NOW)


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
