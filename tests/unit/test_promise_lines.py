"""The promises screen, line by line: what has to fit in 80 cells (A5)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from socialdesk import i18n
from socialdesk.domain.calendars import Calendar, Shift
from socialdesk.domain.promises import Kept, Policy, Rule
from socialdesk.screens.promise_lines import calendar_items, promise_items

MARGINS = 4
"""Cells beside a line, and between its two halves, at the least."""


@pytest.mark.parametrize("language", ["es", "en"])
def test_a5_every_promise_is_readable_whole_in_80_cells(language: str) -> None:
    i18n.choose(language)
    policy = Policy(calendars={"Sol": Calendar("Europe/Madrid")})
    texts: list[str] = []
    for item in promise_items(policy, "Sol", ["google", "x"]):
        for line in item.lines:
            pieces = (*line.left, *line.right)
            texts.append("".join(text for text, _part in pieces))
    assert [text for text in texts if len(text) > 80 - MARGINS] == []
    assert any(("24 horas" if language == "es" else "24 hours") in text for text in texts)


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("brand", ["Sol", "Panadería Sol y Luna de Santiago"])
def test_a5_the_head_of_a_brand_fits_in_80_cells(language: str, brand: str) -> None:
    i18n.choose(language)
    week = ((Shift(600, 840),),) * 7
    policy = Policy(calendars={brand: Calendar("Atlantic/Canary", week)}, acknowledge=frozenset({brand}))
    now = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
    head = calendar_items(policy, brand, "ES-CN", date(2026, 11, 23), now, 78)[0]
    texts = ["".join(text for text, _part in (*line.left, *line.right)) for line in head.lines]
    assert [text for text in texts if len(text) > 78] == []
    said = " ".join(texts)
    for words in {
        "es": ("en horario de apertura", "acusa recibo fuera de horario", "cerrado hasta"),
        "en": ("in opening hours", "acknowledges out of hours", "closed until"),
    }[language]:
        assert words in said


def test_a5_promises_in_opening_hours_are_told_in_hours() -> None:
    i18n.choose("en")
    rules = (Rule(Kept(timedelta(hours=72)), brand="Sol"),)
    shop = Policy(rules, calendars={"Sol": Calendar("Europe/Madrid")})
    always = Policy(rules)
    for policy, words in ((shop, "72 h"), (always, "3 d")):
        line = promise_items(policy, "Sol", ["x"])[1].lines[0]
        assert any(words in text for text, _part in line.left), line
