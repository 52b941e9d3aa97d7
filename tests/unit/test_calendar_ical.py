"""iCalendar files as closures and hours of single days, and files that must be refused (NEEDS A5)."""

from __future__ import annotations

from datetime import date

import pytest
import recurring_ical_events  # type: ignore[import-untyped]

from helpers.shop_calendar import calendar_file, event
from socialdesk.calendars import ical
from socialdesk.calendars.ical import closures
from socialdesk.domain.calendars import Shift

SPLIT = (Shift(600, 840), Shift(1020, 1200))


def read(*parts: str) -> tuple[dict[date, str], dict[date, tuple[Shift, ...]]]:
    """What a shop in Madrid reads out of these events in 2025 to 2027."""
    found = closures(calendar_file(*parts), range(2025, 2028), "Europe/Madrid")
    return dict(found.closed), dict(found.special)


def test_a5_an_event_of_whole_days_closes_them_its_end_not_included() -> None:
    closed, special = read(
        event("DTSTART;VALUE=DATE:20260801", "DTEND;VALUE=DATE:20260804", "SUMMARY:Vacaciones  de\\nverano"),
        event("DTSTART;VALUE=DATE:20261224", "SUMMARY:Nochebuena"),
    )
    days = [date(2026, 8, 1), date(2026, 8, 2), date(2026, 8, 3)]
    assert closed == {**dict.fromkeys(days, "Vacaciones de verano"), date(2026, 12, 24): "Nochebuena"}
    assert special == {}


def test_a5_a_recurring_event_closes_each_time_but_not_where_it_is_excepted_or_moved() -> None:
    series = event("DTSTART;VALUE=DATE:19990515", "RRULE:FREQ=YEARLY", "EXDATE;VALUE=DATE:20260515")
    moved = series.replace("RRULE:FREQ=YEARLY\r\n", "").replace(
        "EXDATE;VALUE=DATE:20260515", "RECURRENCE-ID;VALUE=DATE:20270515"
    )
    closed, _ = read(series, moved.replace("19990515", "20270517"))
    assert sorted(closed) == [date(2025, 5, 15), date(2027, 5, 17)]


def test_a5_a_last_saturday_of_the_month_is_understood() -> None:
    closed, _ = read(event("DTSTART;VALUE=DATE:20260131", "RRULE:FREQ=MONTHLY;BYDAY=-1SA;COUNT=3"))
    assert sorted(closed) == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 28)]


def test_a5_an_event_with_times_says_the_hours_of_its_day_on_the_brands_wall_clock() -> None:
    closed, special = read(
        event("DTSTART;TZID=Europe/Madrid:20261220T100000", "DTEND;TZID=Europe/Madrid:20261220T140000"),
        event("DTSTART:20261220T160000Z", "DURATION:PT3H"),
        event("DTSTART;TZID=Atlantic/Canary:20261221T090000", "DTEND;TZID=Atlantic/Canary:20261221T100030"),
        event("DTSTART:20261231T220000", "DTEND:20270101T020000"),
    )
    assert closed == {}
    assert special == {
        date(2026, 12, 20): SPLIT,
        date(2026, 12, 21): (Shift(600, 661),),
        date(2026, 12, 31): (Shift(1320, 1560),),
    }


def test_a5_a_recurring_time_keeps_to_the_wall_clock_through_the_change_of_clocks() -> None:
    weekly = ("DTSTART;TZID=Europe/Madrid:20261018T100000", "DURATION:PT4H", "RRULE:FREQ=WEEKLY;COUNT=3")
    assert set(read(event(*weekly))[1].values()) == {(Shift(600, 840),)}


def test_a5_an_event_with_times_of_several_days_closes_the_days_it_covers_wholly() -> None:
    closed, special = read(event("DTSTART:20261224T140000", "DTEND:20261227T100000", "SUMMARY:Navidad"))
    assert closed == {date(2026, 12, 25): "Navidad", date(2026, 12, 26): "Navidad"}
    assert special == {}
    assert sorted(read(event("DTSTART:20261224T000000", "DTEND:20261225T000000"))[0]) == [date(2026, 12, 24)]


def test_a5_cancelled_events_and_years_not_asked_for_do_not_count() -> None:
    closed, _ = read(
        event("DTSTART;VALUE=DATE:20260801", "STATUS:CANCELLED"),
        event("DTSTART;VALUE=DATE:20240801"),
        event("DTSTART;VALUE=DATE:20241230", "DTEND;VALUE=DATE:20250103"),
        event("DTSTART;VALUE=DATE:20271230", "DTEND;VALUE=DATE:20990103"),
    )
    assert sorted(closed) == [
        date(2025, 1, 1),
        date(2025, 1, 2),
        date(2027, 12, 30),
        date(2027, 12, 31),
    ]


DAY = "DTSTART;VALUE=DATE:20260801"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "BEGIN:VCALENDAR is missing"),
        ("<html>404</html>", "BEGIN:VCALENDAR is missing"),
        (calendar_file(event(DAY))[:60], "no whole iCalendar file"),
        (
            calendar_file(event("DTSTART;VALUE=DATE:2026agosto", "SUMMARY:Verano")),
            "event “Verano”.*2026agosto",
        ),
        (calendar_file(event("SUMMARY:Verano")), "event “Verano” has no beginning"),
        (calendar_file(event(DAY, "DTEND;VALUE=DATE:20250801", "SUMMARY:Verano")), "ends before it begins"),
        (calendar_file(event(DAY, DAY, "SUMMARY:Verano")), "event “Verano” says DTSTART twice"),
        (
            calendar_file(event("DTSTART;VALUE=DAY:202224", "RRULE:FREQ=YEARLY", "SUMMARY:Verano")),
            "cannot be understood: DTSTART",
        ),
        (calendar_file(event(DAY, "RRULE:FREQ=NEVER", "SUMMARY:Verano")), "event “Verano”"),
        (calendar_file(event(DAY, "DTEND:20260802T100000Z", "SUMMARY:Verano")), "event"),
        (calendar_file(event("DTSTART:20260801T100000", "RRULE:FREQ=SECONDLY")), "recurs within the day"),
        (calendar_file(event("DTSTART:20260801T100000", "RRULE:FREQ=DAILY;BYMINUTE=1,2")), "recurs within"),
        (
            calendar_file(event("DTSTART;TZID=Mars/Base:20260801T100000", "DURATION:PT1H")),
            "unknown: Mars/Base",
        ),
        (calendar_file(event(DAY, "DURATION:P9999999D")), "event"),
        ("BEGIN:VCALENDAR" + "x" * (5 * 1024 * 1024), "too large"),
        (calendar_file(*[event(DAY, "RRULE:FREQ=YEARLY")] * 201), "more than 200 recurring events"),
        ("BEGIN:VCALENDAR\x00\x01\x02", "no whole iCalendar file"),
    ],
)
def test_a5_a_file_that_cannot_be_understood_is_refused_rather_than_half_read(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        closures(text, range(2025, 2028), "Europe/Madrid")


def test_a5_a_file_that_goes_on_for_ever_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ical, "MAX_EVENTS", 400)
    daily = event("DTSTART;VALUE=DATE:19000101", "RRULE:FREQ=DAILY")
    with pytest.raises(ValueError, match="more than 400 events"):
        read(daily)


def test_a5_what_a_file_says_cannot_command_the_terminal() -> None:
    closed, _ = read(event("DTSTART;VALUE=DATE:20260801", "SUMMARY:\x1b[2JFiesta\u202e" + "x" * 500))
    assert closed[date(2026, 8, 1)].startswith("Fiestax")
    assert len(closed[date(2026, 8, 1)]) == 80
    with pytest.raises(ValueError, match="the event “Fiesta” has no beginning"):
        read(event("SUMMARY:\x1b[2JFiesta"))


def test_a5_a_file_of_many_years_is_taken_apart_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Eleven thousand events took 25 seconds when each year began anew."""
    begun: list[object] = []
    whole = recurring_ical_events.of

    def counted(calendar: object) -> object:
        begun.append(calendar)
        return whole(calendar)

    monkeypatch.setattr(recurring_ical_events, "of", counted)
    text = calendar_file(event("DTSTART;VALUE=DATE:20100515", "RRULE:FREQ=YEARLY", "SUMMARY:Fiesta"))
    found = closures(text, range(2005, 2032), "Europe/Madrid")
    assert sorted(found.closed) == [date(year, 5, 15) for year in range(2010, 2032)]
    assert len(begun) == 1


def test_a5_two_events_under_one_number_both_close() -> None:
    first = event("DTSTART;VALUE=DATE:20260801")
    closed, _ = read(first, first.replace("20260801", "20260901"))
    assert sorted(closed) == [date(2026, 8, 1), date(2026, 9, 1)]


def test_a5_a_file_without_events_closes_nothing() -> None:
    assert read() == ({}, {})


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (("DTSTART;VALUE=DATE:20260101", "RRULE:FREQ=DAILY;INTERVAL=0"), "at no interval"),
        (("DTSTART;VALUE=DATE:00010101", "RRULE:FREQ=DAILY"), "too long ago"),
    ],
)
def test_a5_a_series_that_would_never_be_read_to_its_end_is_refused(
    lines: tuple[str, ...], reason: str
) -> None:
    text = calendar_file(event("SUMMARY:Siempre", *lines))
    with pytest.raises(ValueError, match=f"Siempre.*{reason}"):
        closures(text, [2026], "Europe/Madrid")
