"""Signing in by a conversation: an address to open anywhere, a code to paste, nothing kept before it works (NEEDS B1)."""

from __future__ import annotations

import io
import sys
from collections.abc import Mapping
from typing import ClassVar

import pytest

from helpers.canaries import canary
from helpers.commands import Run
from socialdesk.cli import account_add, keeping
from socialdesk.cli.context import Context
from socialdesk.connectors import registry
from socialdesk.connectors.byhand import PhoneConnector
from socialdesk.connectors.contract import AuthRequired, Connector, Dialog, Identity, Rejected, Setting
from socialdesk.storage.standing import enrolled

TOKEN = canary("token")


class Forum(PhoneConnector):
    """A network that gives a token for the code of its page, and says how long a post may be."""

    name = "forum"
    label = "Forum"
    signs_in = True
    settings = (
        Setting("server", "Server"),
        Setting(
            "token", "Access token", "Leave it empty to sign in with a browser.", secret=True, required=False
        ),
    )
    asked: ClassVar[list[str]] = []

    async def sign_in(self, dialog: Dialog) -> Mapping[str, str]:
        """Ask for the code."""
        await dialog.tell(
            "Open this address.", f"https://{self.host.options['server']}/authorize?a=1&b=\x1b[2J"
        )
        if await dialog.ask("Code") != "1234":
            raise AuthRequired("no such code")
        return {"token": TOKEN}

    async def check(self) -> Identity:
        """Accept the token."""
        if await self.host.vault.secret("token") != TOKEN:
            raise AuthRequired("no such token")
        return Identity("id-1", "@luz@forum.example", learned={"most": "321"})


@pytest.fixture(autouse=True)
def forum(monkeypatch: pytest.MonkeyPatch) -> None:
    """The only connector there is, and a person at the terminal who wants passwords in a file of their own."""
    found: dict[str, type[Connector]] = {"forum": Forum}
    monkeypatch.setattr(registry, "names", lambda: tuple(found))
    monkeypatch.setattr(registry, "load", found.__getitem__)
    for module in (account_add, keeping):
        monkeypatch.setattr(module, "at_terminal", lambda: True)
    monkeypatch.setattr("socialdesk.cli.ask.at_terminal", lambda: True)
    monkeypatch.setattr(account_add, "ask_secret", lambda _question: "")
    monkeypatch.setattr(keeping, "keep", lambda _secrets, value: "env:FORUM" if value == TOKEN else "")
    monkeypatch.setenv("FORUM", TOKEN)


ADD = ("account", "add", "forum", "--server", "forum.example", "--brand", "Luz", "--name", "luz")


def test_the_address_is_shown_and_the_code_makes_a_secret(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The token goes where passwords are kept; what the server says of itself is kept with the account."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n1234\n"))
    added = run(*ADD)
    assert added.code == 0, added.err
    assert "\nhttps://forum.example/authorize?a=1&b=" in added.err and "\x1b" not in added.err
    assert TOKEN not in added.err + added.out
    with_context = Context()
    account = enrolled(with_context.database.read())[0]
    with_context.close()
    assert account.secrets == {"token": "env:FORUM"}
    assert account.account.options == {"server": "forum.example", "most": "321"}


def test_a_wrong_code_keeps_nothing(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told, and may be tried again; after the third time there is no account."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("9999\n" * 3))
    added = run(*ADD)
    assert added.code != 0 and "Nothing was saved" in added.err
    assert run("account", "list", "--json").json == []


def test_a_script_gives_the_token_itself(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is asked where the secret is at hand."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    assert run(*ADD, "--secret-env", "FORUM").code == 0


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (Rejected("192.0.2.1", code="private_address"), "--allow-private-hosts"),
        (AuthRequired("", code="code_refused"), "Begin again"),
        (AuthRequired("no such code"), "no such code"),
    ],
)
def test_what_helps_is_told_where_it_helps_a_new_account(
    run: Run, monkeypatch: pytest.MonkeyPatch, error: Exception, told: str
) -> None:
    """Not "sign in again", which is for accounts that are there already."""

    async def refuse(_self: Forum, _dialog: Dialog) -> Mapping[str, str]:
        raise error

    monkeypatch.setattr(Forum, "sign_in", refuse)
    added = run(*ADD)
    assert added.code != 0 and told in added.err and "account sign-in" not in added.err
