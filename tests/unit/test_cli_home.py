"""A newcomer's way from the first screen to a first account, and back (G1)."""

from __future__ import annotations

import io
import sys

import pytest

from socialdesk import i18n
from socialdesk.cli import ask, home, screen
from socialdesk.cli.context import Context
from socialdesk.clock import ManualClock


def test_ctrl_c_in_the_questions_goes_back_to_the_welcome(
    clock: ManualClock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Stopped:
        def readline(self) -> str:
            raise KeyboardInterrupt

    wishes = iter(["account", "account", ""])
    monkeypatch.setattr(screen, "show", lambda _context: next(wishes))
    monkeypatch.setattr(sys, "stdin", Stopped())
    context = Context(clock)
    assert home.open_home(context) == 0
    assert context.desk.accounts() == []
    context.close()
    assert next(wishes, "none left") == "none left"
    said = capsys.readouterr()
    assert said.out.count("Ctrl+C goes back to the welcome.") == 2
    assert "Which network? [bluesky] " in said.err


def test_a_question_ends_as_its_language_wants(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    i18n.choose("es")
    monkeypatch.setattr(sys, "stdin", io.StringIO("uno\ndos\n"))
    assert ask.ask(i18n._("Which network?")) == "uno"
    assert ask.ask("Servidor", "aquí") == "dos"
    assert capsys.readouterr().err == "¿Qué red? Servidor [aquí]: "
