"""A newcomer's way from the first screen to a first account, and back (G1)."""

from __future__ import annotations

import io
import sys

import pytest

from socialdesk import i18n
from socialdesk.cli import account_add, ask, home, screen
from socialdesk.cli.context import Context
from socialdesk.clock import ManualClock
from socialdesk.errors import Refused


def test_ctrl_c_in_the_questions_goes_back_to_the_welcome(
    clock: ManualClock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Stopped:
        def readline(self) -> str:
            raise KeyboardInterrupt

    wishes = iter(["account", "account", ""])
    monkeypatch.setattr(screen, "show", lambda _context, _trouble: next(wishes))
    monkeypatch.setattr(sys, "stdin", Stopped())
    context = Context(clock)
    assert home.open_home(context) == 0
    assert context.desk.accounts() == []
    context.close()
    assert next(wishes, "none left") == "none left"
    said = capsys.readouterr()
    assert said.err.count("Ctrl+C goes back to the welcome.") == 2
    assert "Which network? " in said.err


def test_a_refused_sign_in_leads_back_to_the_welcome_with_the_reason(
    clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    wishes, told = iter(["account", "account", ""]), []

    def show(_context: Context, trouble: str) -> str:
        told.append(trouble)
        return next(wishes)

    def refuse(context: Context, _options: object) -> int:
        if len(told) == 1:
            raise Refused("Invalid identifier or password", code="not_added")
        raise KeyboardInterrupt

    monkeypatch.setattr(screen, "show", show)
    monkeypatch.setattr(account_add, "choose_network", lambda: "bluesky")
    monkeypatch.setattr(account_add, "run_add", refuse)
    assert home.open_home(Context(clock)) == 0
    assert told[0] == told[2] == ""
    assert "The sign-in did not work" in told[1] and "Invalid identifier or password" in told[1]


def test_a_question_ends_as_its_language_wants(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    i18n.choose("es")
    monkeypatch.setattr(sys, "stdin", io.StringIO("uno\ndos\n"))
    assert ask.ask(i18n._("Which network?")) == "uno"
    assert ask.ask("Servidor", "aquí") == "dos"
    assert capsys.readouterr().err == "¿Qué red? Servidor [aquí]: "
