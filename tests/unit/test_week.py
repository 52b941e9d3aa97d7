"""The week of a brand, drawn (NEEDS A5): what is open is seen at a glance, to the quarter of an hour."""

from datetime import date

import pytest

from socialdesk.domain.calendars import Calendar, Shift
from socialdesk.terminal.letters import PlainLetters
from socialdesk.widgets.week import Day, bar, bar_width, day_line, hours_text, scale, week
from socialdesk.widgets.wrapping import cells

MONDAY = date(2026, 12, 21)
SPLIT = (Shift(10 * 60, 14 * 60), Shift(17 * 60, 20 * 60 + 30))
SHOP = Calendar(
    "Europe/Madrid",
    (SPLIT,) * 5 + ((Shift(20 * 60, 26 * 60),), ()),
    {date(2026, 12, 25): "Navidad"},
    {date(2026, 12, 24): (Shift(600, 840),)},
)


def text(day: Day, width: int = 80, minute: int | None = None) -> str:
    return "".join(piece for piece, _part in day_line(day, f"d {day.date.day}", width, minute).left)


def test_a_split_shift_is_two_bars() -> None:
    drawn = bar(SPLIT, 48)
    assert drawn == "·" * 20 + "█" * 8 + "·" * 6 + "█" * 7 + "·" * 7


@pytest.mark.parametrize(
    ("shift", "drawn"),
    [
        (Shift(0, 24 * 60), "█" * 24),
        (Shift(30, 90), "▐▌" + "·" * 22),
        (Shift(23 * 60, 24 * 60), "·" * 23 + "█"),
        (Shift(0, 10), "·" * 24),
        (Shift(0, 20), "▌" + "·" * 23),
    ],
)
def test_a_bar_is_exact_to_half_a_cell(shift: Shift, drawn: str) -> None:
    assert bar([shift], 24) == drawn


def test_a_shift_after_midnight_is_drawn_on_the_day_it_happens() -> None:
    days = week(SHOP, MONDAY)
    assert days[5].open == (Shift(20 * 60, 24 * 60),) and days[6].open == (Shift(0, 120),)
    assert text(days[5]).endswith("20-2") and "closed" in text(days[6])


def test_a_holiday_is_named_and_one_days_own_hours_are_marked() -> None:
    days = week(SHOP, MONDAY)
    assert "█" not in text(days[4]) and text(days[4]).rstrip().endswith("Navidad")
    assert text(days[3]).endswith("10-14 *")
    assert day_line(days[4], "vie", 80).left[-1][1] == "warn"


def test_now_is_marked_in_todays_bar() -> None:
    line = day_line(week(SHOP, MONDAY)[0], "lun 21", 80, 12 * 60)
    assert ("│", "here") in line.left
    assert "".join(p for p, _ in line.left).index("│") == 7 + 24


@pytest.mark.parametrize("width", [50, 60, 76, 116])
def test_every_line_fits_and_the_hours_stand_above_their_cells(width: int) -> None:
    long = Day(MONDAY, SPLIT, SPLIT, "Inmaculada Concepción de María en toda España")
    assert cells(text(long, width)) <= width
    marks = scale(width).left[0][0]
    assert marks.index("12") == 7 + bar_width(width) // 2 and cells(marks) <= width


def test_hours_in_words() -> None:
    assert hours_text(()) == "closed"
    assert hours_text([Shift(0, 1440)]) == "24 hours"
    assert hours_text([Shift(570, 810), Shift(1020, 1440)]) == "9:30-13:30, 17-24"
    assert hours_text([Shift(1020, 1470)]) == "17-0:30"


def test_open_and_closed_differ_on_every_terminal() -> None:
    for plain in (PlainLetters("utf-8").plain, PlainLetters("ascii").plain):
        assert plain("█▌▐") == "###" and plain("·") in "·." and plain("│") == "|"
