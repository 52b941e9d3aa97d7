"""Calendars as people write them: hours, local days, public holidays, iCalendar files (NEEDS A5)."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.oracle import random_calendar
from helpers.shop_calendar import calendar_file, event
from socialdesk.calendars import notation
from socialdesk.calendars.compile import compile_calendar, compile_policy, days_off, years_now
from socialdesk.calendars.holidays import regions
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
from socialdesk.errors import ConfigError

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
    with pytest.raises(ConfigError, match=r"calendars\.Sol\.zone: no such time zone: Europe/Madird"):
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
