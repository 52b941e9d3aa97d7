"""Promises and calendars changed on the screen are written as a person would write them (NEEDS A2, A5)."""

import tomllib
from pathlib import Path

import pytest

from socialdesk.configedit import Change, changed
from socialdesk.policyedit import (
    Scope,
    add_day,
    days_of,
    remove_day,
    set_calendar,
    set_promise,
)

PATH = Path("config.toml")
FILE = """# mine
theme = "dark"  # calm

[promises]
default = "4h"  # as agreed
x = "2h"

# the bakery
[calendars."Panadería Sol"]
zone = "Europe/Madrid"
mon = "10:00-14:00, 17:00-20:00"  # siesta
closed = [
    "2026-08-01/2026-08-15 Vacaciones",  # every year
]
"""


def made(*changes: Change, text: str = FILE) -> str:
    for change in changes:
        text = changed(PATH, text, change)
    return text


def test_one_days_hours_change_one_line() -> None:
    after = made(set_calendar("Panadería Sol", {"mon": "9:00-15:00"}))
    assert after == FILE.replace("10:00-14:00, 17:00-20:00", "9:00-15:00")


def test_a_brand_without_a_calendar_gets_one_at_the_end() -> None:
    after = made(set_calendar("Café Luna", {"zone": "Europe/Madrid", "sun": "closed"}))
    assert after.startswith(FILE)
    assert tomllib.loads(after)["calendars"]["Café Luna"] == {"zone": "Europe/Madrid", "sun": "closed"}
    assert '[calendars."Café Luna"]' in after


def test_a_closure_is_added_and_taken_away_and_the_comments_stay() -> None:
    more = made(add_day("Panadería Sol", "closed", "2026-12-24 Nochebuena"))
    assert "# every year" in more
    assert days_of(tomllib.loads(more), "Panadería Sol")[1] == ("closed", "2026-12-24 Nochebuena")
    again = made(remove_day("Panadería Sol", "closed", "2026-12-24 Nochebuena"), text=more)
    assert tomllib.loads(again) == tomllib.loads(FILE) and "# every year" in again
    none = made(remove_day("Panadería Sol", "closed", "2026-08-01/2026-08-15 Vacaciones"))
    assert days_of(tomllib.loads(none), "Panadería Sol") == []


def test_a_short_promise_stays_short() -> None:
    assert made(set_promise(Scope(channel="x"), {"first": "1h"})) == FILE.replace('x = "2h"', 'x = "1h"')
    assert made(set_promise(Scope(), {"first": "3h"})) == FILE.replace('"4h"', '"3h"')


@pytest.mark.parametrize(
    "scope",
    [Scope(brand="Panadería Sol", channel="x"), Scope(situation="stranded"), Scope(channel="google")],
)
def test_any_other_promise_is_a_rule_that_is_found_again(scope: Scope) -> None:
    once = made(set_promise(scope, {"first": "30m", "resolution": "2d"}))
    twice = made(set_promise(scope, {"first": "45m", "resolution": ""}), text=once)
    assert tomllib.loads(twice)["promise"] == [{**scope.given(), "first": "45m"}]
    assert twice.startswith(FILE.split("# the bakery")[0])


def test_a_situation_of_ones_own_keeps_its_promise_where_it_is_described() -> None:
    text = '[[situation]]\nid = "wedding"\nlabel = "Wedding"\nfirst = "1h"\n'
    after = made(set_promise(Scope(situation="wedding"), {"first": "30m"}), text=text)
    assert after == text.replace("1h", "30m")


def test_nothing_is_written_for_nothing() -> None:
    assert made(set_promise(Scope(brand="Café Luna"), {"first": "", "next": ""})) == FILE


def test_an_empty_file_is_a_beginning() -> None:
    after = made(
        set_calendar("Café Luna", {"mon": "10:00-14:00"}),
        set_promise(Scope("Café Luna"), {"first": "1h"}),
        text="",
    )
    assert tomllib.loads(after) == {
        "calendars": {"Café Luna": {"mon": "10:00-14:00"}},
        "promise": [{"brand": "Café Luna", "first": "1h"}],
    }
