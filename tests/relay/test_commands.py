"""``socialdesk relay`` as it is typed, and its settings (issue 7, point 6)."""

from __future__ import annotations

import builtins
import socket
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from helpers.canaries import canary
from helpers.commands import Run
from socialdesk.clock import ManualClock
from socialdesk.relay.store import Incoming, Store


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the relay's operator works; the app's secret is in a variable."""
    place = tmp_path / "relay"
    place.mkdir()
    monkeypatch.chdir(place)
    monkeypatch.setenv("APP_SECRET", canary("app-secret"))
    return place


def made(run: Run, *more: str) -> Any:
    return run("relay", "new-mailbox", "shop", "--kind", "meta", *(more or ("--secret-env", "APP_SECRET")))


def last_word(text: str, beginning: str) -> str:
    line = next(line for line in text.splitlines() if line.startswith(beginning))
    return line.rpartition(" ")[2]


def test_a_new_mailbox_shows_what_the_network_and_the_desk_need_this_once(run: Run, folder: Path) -> None:
    told = made(run)
    assert told.code == 0 and "/hooks/shop" in told.out and "this once" in told.out
    token, key = last_word(told.out, "Verify token"), last_word(told.out, "Desk key")
    with_key = Store(folder / "relay.db")
    assert with_key.opened_by(key) == "shop" and with_key.mailboxes()[0].token == token
    with_key.close()
    kept = b"".join(one.read_bytes() for one in folder.iterdir())
    assert key.encode() not in kept and canary("app-secret").encode() not in kept
    for again in (run("relay", "list"), run("relay", "list", "--json")):
        assert key not in again.out and "shop" in again.out


def test_x_has_no_verify_token(run: Run) -> None:
    told = run("relay", "new-mailbox", "tweets", "--kind", "x", "--secret-env", "APP_SECRET")
    assert "Verify token" not in told.out and "/hooks/tweets" in told.out


def test_a_secret_is_never_an_argument(run: Run) -> None:
    assert run("relay", "new-mailbox", "shop", "--kind", "meta").code == 2
    assert run("relay", "new-mailbox", "shop", "--kind", "meta", "--secret", "abc").code == 2


def test_a_secret_that_cannot_be_read_yet_is_told_of(run: Run) -> None:
    told = made(run, "--secret-env", "NOT_THERE")
    assert told.code == 0 and "cannot be read here" in told.err
    refused = run("relay", "serve")
    assert refused.code == 1 and "NOT_THERE" in refused.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("new-mailbox", "Shop", "--kind", "meta", "--secret-env", "APP_SECRET"), "small letters"),
        (("new-mailbox", "../x", "--kind", "meta", "--secret-env", "APP_SECRET"), "small letters"),
        (("new-mailbox", "shop", "--kind", "meta", "--secret-env", "APP_SECRET"), "a mailbox of that name"),
        (("new-key", "shopp"), "no mailbox of that name"),
        (("remove", "shopp", "--yes"), "no mailbox of that name"),
    ],
)
def test_mistakes_are_told_plainly(run: Run, words: tuple[str, ...], said: str) -> None:
    made(run)
    told = run("relay", *words)
    assert told.code == 1 and said in told.err and "Nothing was changed" in told.err


@pytest.mark.parametrize("words", [("serve",), ("list",), ("new-key", "shop"), ("remove", "shop", "--yes")])
def test_a_mistyped_folder_is_no_new_relay(run: Run, folder: Path, words: tuple[str, ...]) -> None:
    made(run)
    told = run("relay", *words, "--config", "elsewhere/relay.toml")
    assert told.code == 1 and "elsewhere/relay.db" in told.err and "new-mailbox" in told.err
    assert not (folder / "elsewhere").exists()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("port = 0", "port"),
        ("port = 'a'", "port"),
        ("port = true", "port"),
        ("host = ''", "host"),
        ("most_kb = 99999999", "most_kb"),
        ("file = 3", "file"),
        ("prot = 1", "prot"),
        ("port = ", "Invalid value"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(run: Run, folder: Path, text: str, named: str) -> None:
    made(run)
    (folder / "relay.toml").write_text(text)
    told = run("relay", "list")
    assert told.code == 1 and "relay.toml" in told.err and named in told.err


def test_another_key_replaces_the_former(run: Run, folder: Path) -> None:
    former = last_word(made(run).out, "Desk key")
    key = last_word(run("relay", "new-key", "shop").out, "Desk key")
    store = Store(folder / "relay.db")
    assert (store.opened_by(former), store.opened_by(key)) == ("", "shop")
    store.close()


def test_the_list_says_what_a_desk_has_still_to_fetch(run: Run, folder: Path, clock: ManualClock) -> None:
    made(run)
    assert run("relay", "list", "--json").json[0] == {
        "name": "shop",
        "kind": "meta",
        "newest": 0,
        "confirmed": 0,
        "waiting": 0,
        "last_at": None,
    }
    store = Store(folder / "relay.db")
    store.keep([Incoming("shop", clock.now(), "", b"%d" % n) for n in range(3)])
    store.confirm("shop", store.after("shop", 0, 9, 99)[0][0].position, clock.now())
    store.close()
    listed = run("relay", "list", "--json").json[0]
    assert listed["waiting"] == 2
    assert datetime.fromisoformat(listed["last_at"]).astimezone(UTC) == clock.now()


def test_removing_asks_first(run: Run, folder: Path) -> None:
    made(run)
    assert run("relay", "remove", "shop").code == 1
    assert len(run("relay", "list", "--json").json) == 1
    assert run("relay", "remove", "shop", "--yes").code == 0
    assert run("relay", "list", "--json").json == []


@pytest.mark.parametrize("missing", ["starlette", "uvicorn"])
def test_what_is_not_installed_is_named_with_the_way_to_install_it(
    run: Run, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    made(run)
    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name.partition(".")[0] == missing:
            raise ImportError(name)
        return real(name, *rest)

    for name in [one for one in sys.modules if one.startswith("socialdesk.relay.serv")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", without)
    told = run("relay", "serve")
    assert told.code == 1 and "socialdesk[relay]" in told.err
    assert run("relay", "list").code == 0


def test_an_address_that_is_taken_is_told_of(run: Run, folder: Path) -> None:
    made(run)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        (folder / "relay.toml").write_text(f"port = {port}\n")
        told = run("relay", "serve")
    assert told.code == 1 and f"127.0.0.1:{port}" in told.err and "relay.toml" in told.err
    assert "listens" not in told.out


def test_a_person_reads_spanish(run: Run) -> None:
    made(run)
    told = run("--language", "es", "relay", "new-key", "nada")
    assert told.code == 1 and "buzón" in told.err
