"""What commands say to whoever sits at the terminal (B1: plain to read)."""

from __future__ import annotations

import io
import os
import shutil

import pytest

from socialdesk.cli.output import flowing, say

HINT = "Where the account lives: what stands in the browser's address, as in mastodon.social."


class Terminal(io.StringIO):
    """A screen."""

    def isatty(self) -> bool:
        """It is one."""
        return True


def test_on_a_terminal_lines_end_between_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """An address in a sentence stays whole."""
    monkeypatch.setattr("sys.stderr", Terminal())
    monkeypatch.setattr(shutil, "get_terminal_size", lambda: os.terminal_size((80, 24)))
    lines = flowing(HINT, "  ").split("\n")
    assert " ".join(line.strip() for line in lines) == HINT
    assert len(lines) == 2 and all(len(line) < 80 and line.startswith("  ") for line in lines)


def test_elsewhere_a_sentence_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """A script finds it whole."""
    monkeypatch.setattr("sys.stderr", io.StringIO())
    assert flowing(HINT, "  ") == f"  {HINT}"


def test_what_a_command_has_to_say_is_broken_for_a_screen_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is piped stays one line."""
    say(HINT)
    assert capsys.readouterr().out == f"{HINT}\n"
    screen = Terminal()
    monkeypatch.setattr("sys.stdout", screen)
    monkeypatch.setattr(shutil, "get_terminal_size", lambda: os.terminal_size((40, 24)))
    say(HINT)
    assert all(len(line) < 40 for line in screen.getvalue().splitlines())
