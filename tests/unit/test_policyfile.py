"""Promises, situations, warnings and calendars in the settings: what they mean, and how a wrong one is named (NEEDS A2, A3, A5)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from socialdesk.calendars.compile import compile_policy
from socialdesk.calendars.spec import Closure, LocalDay, Opening, PolicySpec
from socialdesk.configfile import parse, read
from socialdesk.configreading import places
from socialdesk.domain.calendars import ALWAYS, Shift, timeline
from socialdesk.domain.promises import Guess, Kept, Runs, kept_for, situation_of
from socialdesk.errors import ConfigError

HOUR = timedelta(hours=1)
SOL = "Panadería Sol"
WEEK = """
[calendars."Panadería Sol"]
zone = "Europe/Madrid"
mon = "10:00-14:00, 17:00-20:00"
sat = "22:00-06:00"
sun = "closed"
"""


def spec(folder: Path, text: str) -> PolicySpec:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return read(path).policy


def complaint(folder: Path, text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        spec(folder, text)
    return caught.value.detail


def test_a2_without_a_word_of_promises_the_presets_hold(tmp_path: Path) -> None:
    assert spec(tmp_path, 'agent = "Ana"') == PolicySpec()


def test_a2_the_most_special_promise_of_the_file_wins_and_fills_up_from_the_others(tmp_path: Path) -> None:
    policy = compile_policy(
        spec(
            tmp_path,
            """
[promises]
default = "4h"
x = "2h"
[[promise]]
brand = "Sol"
next = "1h"
resolution = "3d"
[[promise]]
brand = "Sol"
channel = "x"
first = "90m"
[[promise]]
situation = "stranded"
first = "10m"
""",
        )
    )
    assert kept_for(policy, "Luna", "bluesky", "").first == 4 * HOUR
    assert kept_for(policy, "Luna", "facebook", "").first == 24 * HOUR
    assert kept_for(policy, "Luna", "x", "").first == 2 * HOUR
    assert kept_for(policy, "Sol", "x", "") == Kept(1.5 * HOUR, HOUR, 72 * HOUR, Runs.WALL)
    assert kept_for(policy, "Sol", "x", "stranded").first == 10 * timedelta(minutes=1)


def test_a3_a_situation_has_label_promise_and_rules_in_one_place(tmp_path: Path) -> None:
    found = spec(
        tmp_path,
        """
[[situation]]
id = "allergy"
label = "Alergia"
words = ["alergia", "sin gluten"]
first = "30m"
runs = "wall"
[[situation]]
id = "allergy"
tag = "celíaco"
[[situation]]
id = "stranded"
words = ["aeropuerto"]
language = "es"
""",
    )
    assert found.situations["allergy"] == "Alergia"
    assert found.situations["stranded"] == PolicySpec().situations["stranded"]
    assert found.guesses[1] == Guess("allergy", tag="celíaco")
    policy = compile_policy(found)
    assert kept_for(policy, "", "x", "allergy") == Kept(HOUR / 2, HOUR / 2, None, Runs.WALL)
    assert situation_of(policy, "¿Es SIN GLUTEN?", "es", "x", ()) == "allergy"
    assert situation_of(policy, "en el aeropuerto", "es", "x", ()) == "stranded"
    assert situation_of(policy, "en el aeropuerto", "pt", "x", ()) == ""


def test_a5_a_calendar_says_shifts_holidays_closures_and_openings(tmp_path: Path) -> None:
    found = spec(
        tmp_path,
        WEEK
        + """holidays = "ES-MD"
local_days = ["05-15 San Isidro", "2026-11-09 Almudena"]
closed = ["2026-08-01/2026-08-15 Vacaciones"]
open = ["2026-12-20 10:00-14:00"]
runs = "wall"
acknowledge = true
""",
    )
    calendar = found.calendars[SOL]
    assert calendar.week[0] == (Shift(600, 840), Shift(1020, 1200))
    assert calendar.week[1] == calendar.week[6] == ()
    assert calendar.week[5] == (Shift(1320, 1800),)
    assert (calendar.country, calendar.region) == ("ES", "MD")
    assert calendar.local_days == (LocalDay(5, 15, "San Isidro"), LocalDay(11, 9, "Almudena", 2026))
    assert calendar.closed == (Closure(date(2026, 8, 1), date(2026, 8, 15), "Vacaciones"),)
    assert calendar.opens == (Opening(date(2026, 12, 20), (Shift(600, 840),)),)
    assert found.runs == {SOL: Runs.WALL}
    assert found.acknowledge == {SOL}
    line = timeline(compile_policy(found, [2026]).calendars[SOL])
    assert not line.is_open(datetime(2026, 10, 12, 10, 0, tzinfo=UTC)), "Fiesta Nacional, a Monday"
    assert line.is_open(datetime(2026, 10, 19, 10, 0, tzinfo=UTC))
    assert line.is_open(datetime(2026, 12, 20, 10, 0, tzinfo=UTC)), "a Sunday that is open for once"


def test_a5_a_calendar_without_any_day_is_always_open(tmp_path: Path) -> None:
    assert spec(tmp_path, '[calendars.Sol]\nzone = "UTC"').calendars["Sol"].week == ALWAYS


def test_a5_an_icalendar_file_is_found_beside_the_settings(tmp_path: Path) -> None:
    (tmp_path / "cierres.ics").write_bytes(
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\n"
        b"DTSTART;VALUE=DATE:20260302\r\nSUMMARY:Inventario\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    found = spec(tmp_path, WEEK + 'ical = "cierres.ics"\n')
    assert compile_policy(found, [2026]).calendars[SOL].closed[date(2026, 3, 2)] == "Inventario"


def test_warnings_and_quiet_hours(tmp_path: Path) -> None:
    found = spec(tmp_path, '[warnings]\nat = [0.9, 0.25]\nquiet = "22:00-08:00"')
    assert (found.warn, found.quiet) == ((0.25, 0.9), (Shift(1320, 1920),))


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('[[promise]]\nfirst = "2h"\n[[promise]]\nfirst = "soon"', 4, "promise.first"),
        ('[[promise]]\nfirts = "2h"', 2, "first"),
        ('[[promise]]\nsituation = "lost"', 2, '"stranded"'),
        ('[[promise]]\nruns = "always"', 2, '"opening"'),
        ('[promise]\nfirst = "2h"', 1, "[[promise]]"),
        ('[[situation]]\nlabel = "Alergia"', 1, "id"),
        ('[[situation]]\nid = "Alergia alta"', 2, "small letters"),
        ('[[situation]]\nid = "a"\nwords = "alergia"', 3, "list"),
        ('[[situation]]\nid = "a"\nlanguage = "Spanish"', 3, "two letters"),
        ("[warnings]\nat = [50]", 2, "0.5"),
        ('[warnings]\nat = [0.5]\nquiet = "late"', 3, "late"),
        (WEEK + 'tue = "10:00-14:00, 13:00-15:00"', 7, "overlap"),
        (WEEK + 'tuesday = "10:00-14:00"', 7, "tue"),
        (WEEK + 'holidays = "Spain"', 7, "ES"),
        (WEEK + 'local_days = ["31-12 Nochevieja"]', 7, "31-12"),
        (WEEK + 'closed = ["2026-02-30 x"]', 7, "2026-02-30"),
        (WEEK + 'open = ["2026-12-20"]', 7, "hours"),
        (WEEK + 'ical = "nowhere.ics"', 7, "nowhere.ics"),
        ('[calendars.Sol]\nmon = "10-14"', 1, "zone"),
        ('[calendars.Sol]\nzone = "Madrid"', 2, "Europe/Madrid"),
        ("[calendars]\nSol = 1", 2, "calendars.Sol"),
        ('agent = "Ana"\ncalendars.Sol.zone = "x"', 2, "calendars.Sol.zone"),
    ],
)
def test_a_wrong_promise_or_calendar_is_named_with_its_line(
    tmp_path: Path, text: str, line: int, words: str
) -> None:
    said = complaint(tmp_path, text)
    assert f"line {line}:" in said, said
    assert words in said


def test_sections_are_found_whatever_way_they_are_written() -> None:
    found = places('[a."b c"]\n"d e" = 1\n[[f]]\n  [[ f ]]\ng.h = 2\n')
    assert found[("a", "b c"), 0] == 1
    assert found[("a", "b c", "d e"), 0] == 2
    assert (found[("f",), 0], found[("f",), 1]) == (3, 4)
    assert found[("f", "g", "h"), 1] == 5


@pytest.mark.parametrize("name", ["/dev/zero", "~nobody-at-all/x.ics", "a\\u0000b", "."])
def test_a5_a_calendar_that_is_no_plain_file_is_refused_with_its_line(tmp_path: Path, name: str) -> None:
    text = f'[calendars.Sol]\nzone = "UTC"\nical = "{name}"\n'
    with pytest.raises(ConfigError, match=r"line 3: calendars\.Sol\.ical"):
        parse(tmp_path / "config.toml", text)


def test_a6_a_clock_file_in_a_home_folder_that_there_is_not_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"line 2: clock\.file"):
        parse(tmp_path / "config.toml", '[clock]\nfile = "~nobody-at-all/x.html"\n')


@pytest.mark.parametrize("text", ["a = " + "[" * 3000, "a = " + "9" * 5000])
def test_settings_that_are_nested_or_long_without_measure_are_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError, match="line 1"):
        parse(tmp_path / "config.toml", text)


def test_a_wrong_value_cannot_command_the_terminal_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        parse(tmp_path / "config.toml", '[warnings]\nquiet = "\\u001b[31m"\n')
    assert "\x1b" not in str(caught.value)
