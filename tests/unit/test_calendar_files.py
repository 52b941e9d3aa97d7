"""Calendars as people write them: hours, local days, public holidays, iCalendar files (NEEDS A5)."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.oracle import random_calendar
from socialdesk.calendars import ical, notation
from socialdesk.calendars.compile import compile_calendar, compile_policy, days_off, years_now
from socialdesk.calendars.holidays import regions
from socialdesk.calendars.ical import closures
from socialdesk.calendars.spec import (
    CalendarSpec,
    Closure,
    LocalDay,
    Opening,
    PolicySpec,
    dump,
    load,
    load_spec,
)
from socialdesk.domain.calendars import Calendar, Shift
from socialdesk.domain.promises import PRESETS, Guess, Kept, Policy, Rule, Runs

SPLIT = (Shift(600, 840), Shift(1020, 1200))


# hours and days as they are written


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("10:00-14:00, 17:00-20:00", SPLIT),
        ("17-20,10-14", SPLIT),
        ("closed", ()),
        ("0:00-24:00", (Shift(0, 1440),)),
        ("22:00-06:00", (Shift(1320, 1800),)),
        ("20:00-00:00", (Shift(1200, 1440),)),
        ("20:00-24:00", (Shift(1200, 1440),)),
    ],
)
def test_a5_hours_are_read_as_people_write_them(text: str, hours: tuple[Shift, ...]) -> None:
    assert notation.shifts(text) == hours


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("10:00", "not a time of opening"),
        ("10:00-25:00", "not a time between"),
        ("10:75-12:00", "not a time between"),
        ("10:00-10:00", "no length"),
        ("24:00-02:00", "begins before 24:00"),
        ("10:00-14:00, 13:00-15:00", "overlap"),
        ("10:00-14:00,", "“” is not a time of opening"),
        ("morning", "not a time of opening"),
        ("١٠:٠٠-١٤:٠٠", "not a time between"),
    ],
)
def test_a5_hours_that_cannot_be_read_say_why(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        notation.shifts(text)


def test_a5_days_are_read_and_written_back() -> None:
    assert notation.local_day("05-15 San Isidro") == LocalDay(5, 15, "San Isidro")
    assert notation.local_day("2026-05-15 San Isidro") == LocalDay(5, 15, "San Isidro", 2026)
    holidays = Closure(date(2026, 8, 1), date(2026, 8, 15), "Vacaciones de verano")
    assert notation.closure("2026-08-01/2026-08-15 Vacaciones de verano") == holidays
    assert notation.closure("2026-12-24") == Closure(date(2026, 12, 24), date(2026, 12, 24))
    assert notation.opening("2026-12-20 10:00-14:00") == Opening(date(2026, 12, 20), (Shift(600, 840),))
    assert (notation.region("ES-MD"), notation.region("es")) == (("ES", "MD"), ("ES", ""))
    for text in ("05-15 San Isidro", "2026-05-15", "02-29 Bisiesto"):
        assert notation.local_day_text(notation.local_day(text)) == text
    for text in ("2026-08-01/2026-08-15 Vacaciones", "2026-12-24"):
        assert notation.closure_text(notation.closure(text)) == text
    opens = "2026-12-20 10:00-14:00, 22:00-02:00"
    assert notation.opening_text(notation.opening(opens)) == opens


@pytest.mark.parametrize(
    ("read", "text", "reason"),
    [
        (notation.local_day, "15 de mayo", "not a date"),
        (notation.local_day, "02-30 Nunca", "no calendar has"),
        (notation.closure, "2026-08-15/2026-08-01", "comes before"),
        (notation.closure, "2026-08-15/2062-08-15", "three years"),
        (notation.closure, "", "“” is not a date"),
        (notation.opening, "2026-12-20", "no hours"),
        (notation.opening, "2026-12-20 closed", "no hours"),
        (notation.region, "Madrid", "not a country"),
    ],
)
def test_a5_days_that_cannot_be_read_say_why(read: object, text: str, reason: str) -> None:
    assert callable(read)
    with pytest.raises(ValueError, match=reason):
        read(text)


@given(st.lists(st.integers(0, 1440), min_size=2, max_size=6, unique=True).map(sorted))
def test_a5_hours_written_back_are_the_same(times: list[int]) -> None:
    hours = tuple(
        Shift(start, end) for start, end in zip(times[::2], times[1::2], strict=False) if start < 1440
    )
    assert notation.shifts(notation.shifts_text(hours)) == hours


# public holidays


@pytest.mark.parametrize(
    ("region", "day", "name"),
    [
        ("MD", date(2026, 5, 2), "Comunidad de Madrid"),
        ("CT", date(2026, 9, 11), "Catalu"),
        ("CN", date(2025, 5, 30), "Canarias"),
        ("AN", date(2026, 2, 28), "Andaluc"),
        ("GA", date(2025, 7, 25), "Galicia"),
        ("VC", date(2026, 10, 9), "Valenciana"),
    ],
)
def test_a5_each_autonomous_community_has_its_own_day(region: str, day: date, name: str) -> None:
    own, spain = days_off("ES", region, [day.year]), days_off("ES", "", [day.year])
    assert name in own[day]
    assert day not in spain
    assert {date(day.year, 1, 1), date(day.year, 12, 25), date(day.year, 5, 1)} <= set(own)


def test_a5_holidays_are_named_in_the_brands_language_whatever_the_machine_speaks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for machine in ("en_US", "ca", "th"):
        monkeypatch.setenv("LANGUAGE", machine)
        monkeypatch.setenv("LANG", f"{machine}.UTF-8")
        assert days_off("ES", "CT", [2026])[date(2026, 12, 25)] == "Natividad del Señor"
        assert days_off("ES", "CT", [2026], "ca")[date(2026, 12, 25)] == "Nativitat del Senyor"
        assert days_off("ES", "CT", [2026], "en")[date(2026, 12, 25)] == "Christmas Day"
        assert days_off("ES", "CT", [2026], "eu")[date(2026, 12, 25)] == "Natividad del Señor"


def test_a5_a_country_or_a_region_without_known_holidays_is_named() -> None:
    with pytest.raises(ValueError, match="country XX"):
        days_off("XX", "", [2026])
    with pytest.raises(ValueError, match="no region QQ in ES; there are AN, "):
        days_off("ES", "QQ", [2026])
    assert {"MD", "CT", "CN"} <= set(regions("es"))


# what becomes of a calendar


def test_a5_a_calendar_brings_together_holidays_local_days_closures_and_openings() -> None:
    spec = CalendarSpec(
        zone="Europe/Madrid",
        week=(SPLIT,) * 7,
        country="ES",
        region="MD",
        local_days=(
            LocalDay(5, 15, "San Isidro"),
            LocalDay(11, 9, "La Almudena", 2026),
            LocalDay(2, 29, "Bisiesto"),
        ),
        closed=(Closure(date(2026, 8, 1), date(2026, 8, 3), "Vacaciones"),),
        opens=(Opening(date(2026, 12, 25), SPLIT[:1]),),
        ical="cierres.ics",
        ical_text=calendar_file(
            event("DTSTART;VALUE=DATE:20260803", "SUMMARY:Obras"),
            event("DTSTART:20260802T100000", "DTEND:20260802T120000"),
            event("DTSTART:20260804T100000", "DTEND:20260804T120000"),
        ),
    )
    made = compile_calendar(spec, range(2026, 2029))
    assert [year for year in (2026, 2027, 2028) if date(year, 5, 15) in made.closed] == [2026, 2027, 2028]
    assert date(2026, 11, 9) in made.closed
    assert date(2027, 11, 9) not in made.closed
    assert [day for day in made.closed if day.month == 2] == [date(2028, 2, 29)]
    assert "Comunidad de Madrid" in made.closed[date(2026, 5, 2)]
    assert [made.closed[date(2026, 8, day)] for day in (1, 2, 3)] == ["Vacaciones"] * 3
    assert made.shifts(date(2026, 8, 2)) == ()
    assert made.shifts(date(2026, 8, 4)) == (Shift(600, 720),)
    assert made.shifts(date(2026, 12, 25)) == SPLIT[:1]
    assert list(made.closed) == sorted(made.closed)


def test_a5_a_wrong_zone_is_said_before_anything_is_counted() -> None:
    with pytest.raises(ValueError, match="no such time zone: Europe/Madird"):
        compile_policy(PolicySpec(calendars={"Sol": CalendarSpec("Europe/Madird")}), [2026])


def test_a5_holidays_are_known_some_years_ahead() -> None:
    made = compile_policy(PolicySpec(calendars={"Sol": CalendarSpec("Europe/Madrid", country="ES")}))
    ahead = years_now()[-1]
    assert date(ahead, 1, 1) in made.calendars["Sol"].closed
    assert made.rules == PRESETS


def test_a2_policies_are_stored_and_read_back_the_same() -> None:
    common: Any = {
        "rules": (*PRESETS, Rule(Kept(next=timedelta(hours=1.5), runs=Runs.WALL), "Sol", "x", "vip")),
        "runs": {"Sol": Runs.OPENING},
        "guesses": (Guess("vip", ("señor",), "es", "x", "VIP"),),
        "situations": {"vip": "Cliente de años", "a": "A"},
        "warn": (0.5, 0.9),
        "quiet": (Shift(1320, 1920),),
        "acknowledge": frozenset({"Sol", "Luna"}),
    }
    spec = CalendarSpec(
        "Europe/Madrid",
        (SPLIT,) * 7,
        "ES",
        "MD",
        "ca",
        (LocalDay(5, 15, "San Isidro"),),
        (Closure(date(2026, 8, 1), date(2026, 8, 3), "“Vacaciones”\n"),),
        (Opening(date(2026, 12, 25), SPLIT),),
        "a.ics",
        "BEGIN",
    )
    written = PolicySpec(calendars={"Sol": spec}, **common)
    assert load_spec(dump(written)) == written
    days = {date(2026, 12, 25): "Navidad"}
    in_force = Policy(
        calendars={"Sol": Calendar("UTC", closed=days, special={date(2026, 12, 24): SPLIT})}, **common
    )
    assert load(dump(in_force)) == in_force
    assert list(load(dump(in_force)).situations) == ["vip", "a"]
    assert load(dump(Policy())) == Policy()
    assert load_spec(dump(PolicySpec())) == PolicySpec()


@given(st.randoms(use_true_random=False))
def test_a5_any_calendar_is_stored_and_read_back_the_same(rng: Random) -> None:
    made = random_calendar(rng, "Asia/Kathmandu", date(2026, 11, 22))
    policy = Policy(calendars={"Panadería “Sol”": made})
    assert load(dump(policy)) == policy


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"rules": 3}', "ni JSON"])
def test_a_stored_text_that_is_no_policy_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        load(text)
    with pytest.raises(ValueError, match=r".+"):
        load_spec(text)


# iCalendar files


NUMBERS = count()


def event(*lines: str) -> str:
    """One event of a file."""
    return "\r\n".join(["BEGIN:VEVENT", f"UID:{next(NUMBERS)}", *lines, "END:VEVENT"])


def calendar_file(*parts: str) -> str:
    """A whole file."""
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//t//t//ES", *parts, "END:VCALENDAR", ""])


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
