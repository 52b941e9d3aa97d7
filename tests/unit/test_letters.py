"""Terminals that have few characters (issue 2: the desk can be read on any of them)."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from socialdesk.terminal.letters import PlainLetters, needed


@pytest.mark.parametrize(
    ("environment", "stream", "locale", "encoding"),
    [
        ({"TERM": "xterm-256color"}, "utf-8", "UTF-8", None),
        ({"TERM": "tmux-256color"}, None, "UTF-8", None),
        ({"TERM": "linux"}, "utf-8", "UTF-8", "utf-8"),
        ({}, "utf-8", "ANSI_X3.4-1968", "utf-8"),
        ({}, "iso8859-15", "ISO-8859-15", "iso8859-15"),
        ({}, "nobody knows", "UTF-8", "ascii"),
    ],
)
def test_which_terminals_need_it(
    environment: dict[str, str], stream: str | None, locale: str, encoding: str | None
) -> None:
    found = needed(environment, stream, locale)
    assert (None if found is None else found._encoding) == encoding


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "iso8859-15", "utf-8"])
def test_nothing_moves_and_everything_can_be_written(encoding: str) -> None:
    text = "▶ ● ✓ Peña · ¿Qué tal? 日本 👩 e\u0301 … → ─│╭ ▅ ✎"
    plain = PlainLetters(encoding).plain(text)
    assert cell_len(plain) == cell_len(text)
    assert plain.encode(encoding)
    assert encoding == "ascii" or "Peña · ¿Qué tal?" in plain
