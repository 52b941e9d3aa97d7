"""How long it takes until a person is told that the keyring does not answer, wherever it is asked."""

from __future__ import annotations

import time
from pathlib import Path
from typing import NamedTuple

from helpers.canaries import canary
from helpers.careless import Careless
from helpers.ptys import InPty

PATIENCE = 30.0
SESSION = ("account", "add", "leaky", "--deed", "session", "--brand", "Lola", "--name", "mine")


class Told(NamedTuple):
    """Seconds from the command to the words, and from the command to its answer where there is no bus at all."""

    took: float
    otherwise: float


def times_told(folder: Path, address: str) -> tuple[dict[str, Told], float]:
    """Return how long it takes to be told, and the screen's slowest answer to a key while its engine waits."""
    folder.mkdir()
    made = Careless(folder)
    made.add("session", "keyring", "")
    took = _commands(made, address, "keyring does not answer")
    otherwise = _commands(made, f"unix:path={folder}/nobody", "no safe keyring")
    slowest = _screen(made, address)
    made.database.close()
    return {name: Told(seconds, otherwise[name]) for name, seconds in took.items()}, slowest


def _environment(made: Careless, address: str) -> dict[str, str]:
    environment = made.environment(NO_RING="1", DBUS_SESSION_BUS_ADDRESS=address)
    environment.pop("PYTHON_KEYRING_BACKEND", None)
    return environment


def _commands(made: Careless, address: str, words: str) -> dict[str, float]:
    environment, folder, took = _environment(made, address), made.folder, {}
    for command in (("doctor",), ("account", "check")):
        with InPty(environment, folder, *command) as terminal:
            took[" ".join(command)] = terminal.until(words, PATIENCE)
    with InPty(environment, folder, *SESSION) as terminal:
        terminal.until("Password", PATIENCE)
        terminal.press(canary("typed") + "\r")
        terminal.until("Signing in", PATIENCE)
        took["account add"] = terminal.until(words, PATIENCE)
        terminal.until("plain", PATIENCE)
    return took


def _screen(made: Careless, address: str) -> float:
    with InPty(_environment(made, address), made.folder) as screen:
        screen.until("Help", PATIENCE)  # in the line of keys: the screen is painted
        slowest = _slowest_key(screen, 5.0)
        _wait_for_engine(made)
    return slowest


def _slowest_key(screen: InPty, seconds: float) -> float:
    """Open and leave the help for so long; returns the slowest answer to a key."""
    until, slowest = time.monotonic() + seconds, 0.0
    while time.monotonic() < until:
        for key in ("?", "\x1b"):
            began, before = time.monotonic(), len(screen.written)
            screen.press(key)
            while len(screen.written) == before:
                assert time.monotonic() - began < PATIENCE
                screen.read(0.01)
            slowest = max(slowest, time.monotonic() - began)
            screen.read(0.3)
    return slowest


def _wait_for_engine(made: Careless) -> None:
    """Wait until the account's trouble is on the desk, for every screen to show."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        rows = made.database.read().all("SELECT problem FROM account")
        if [tuple(row) for row in rows] == [("keyring_mute",)]:
            return
        time.sleep(0.05)
    raise AssertionError(rows)
