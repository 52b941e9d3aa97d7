"""Troubles, states and moments in plain words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from socialdesk import errors, i18n, wording
from socialdesk.domain.models import AccountState, Delivery, State
from socialdesk.troubles import TROUBLES


def tree(kind: type[errors.SocialdeskError]) -> Iterator[type[errors.SocialdeskError]]:
    for child in kind.__subclasses__():
        yield child
        yield from tree(child)


def test_every_kind_of_trouble_has_sentences_of_its_own() -> None:
    generic = wording.explain("no such code").happened
    for kind in tree(errors.SocialdeskError):
        assert wording.explain(kind.code).happened != generic, kind.code


def test_every_code_that_the_source_raises_has_sentences() -> None:
    source = Path(wording.__file__).parent
    texts = [path.read_text(encoding="utf-8") for path in source.rglob("*.py")]
    codes = {code for text in texts for code in re.findall(r'\bcode="([a-z_]+)"', text)}
    assert len(codes) > 20
    assert codes - set(TROUBLES) == set()


def test_a_trouble_says_what_happened_what_was_kept_and_what_to_do() -> None:
    told = wording.explain("auth_required", "Invalid identifier or password")
    assert told.happened == "The network does not accept our sign-in: Invalid identifier or password."
    assert "Nothing is lost" in told.kept
    assert "socialdesk account sign-in" in told.todo
    assert str(told) == f"{told.happened} {told.kept} {told.todo}"


def test_a_finer_code_falls_back_to_its_family() -> None:
    assert wording.explain("desk_file_on_the_moon") == wording.explain("desk_file")


def test_a_plugins_own_code_is_told_without_its_detail_being_lost() -> None:
    assert wording.explain("moon_phase", "full moon").happened == "Something went wrong: full moon."


def test_every_state_has_a_name_in_both_languages() -> None:
    for spoken in i18n.LANGUAGES:
        i18n.choose(spoken)
        names = [wording.state_name(s) for s in State]
        assert all(names + [wording.delivery_name(d) for d in Delivery])
        assert all(wording.account_state_name(a) for a in AccountState)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (59.9, "59 s"),
        (60, "1 min"),
        (3599, "59 min"),
        (3600, "1 h"),
        (11_100, "3 h 05 min"),
        (86_400, "1 d"),
        (322_200, "3 d 17 h"),
        (-300, "5 min"),
    ],
)
def test_lengths_of_time_are_short(seconds: float, text: str) -> None:
    assert wording.wait_text(seconds) == text


def test_the_time_left_and_the_delay_are_told_apart() -> None:
    assert wording.left_text(600) == "10 min left"
    assert wording.left_text(-600) == "10 min late"


NOON = datetime(2026, 11, 22, 12, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("spoken", "region", "expected"),
    [
        ("es", "es_ES.UTF-8", "22 nov 2026, 13:05"),
        ("en", "en_GB.UTF-8", "22 Nov 2026, 13:05"),
        ("en", "en_US.UTF-8", "Nov 22, 2026, 1:05\u202fPM"),
        ("en", "es_ES.UTF-8", "22 Nov 2026, 13:05"),
        ("es", "C.UTF-8", "22 nov 2026, 13:05"),
        ("es", "tlh_QO", "22 nov 2026, 13:05"),
    ],
)
def test_moments_follow_language_region_and_zone(
    monkeypatch: pytest.MonkeyPatch, spoken: str, region: str, expected: str
) -> None:
    monkeypatch.setenv("LANG", region)
    i18n.choose(spoken)
    assert wording.moment(NOON) == expected


def test_a_moment_leaves_out_what_now_makes_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    i18n.choose("es")
    monkeypatch.setenv("LANG", "es_ES.UTF-8")
    assert wording.moment(NOON, now=NOON.replace(hour=22)) == "13:05"
    assert wording.moment(NOON, now=NOON.replace(day=27)) == "22 nov, 13:05"
    assert wording.moment(NOON, now=NOON.replace(year=2027)) == "22 nov 2026, 13:05"
    assert wording.day(NOON) == "domingo, 22 de noviembre de 2026"
    assert wording.number(1234567.5) == "1.234.567,5"
