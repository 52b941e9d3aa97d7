"""The promises screen, line by line: what has to fit in 80 cells (A5)."""

from __future__ import annotations

import pytest

from socialdesk import i18n
from socialdesk.domain.calendars import Calendar
from socialdesk.domain.promises import Policy
from socialdesk.screens.promise_lines import promise_items

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
