"""Seals every test off from the machine: its own home, fixed time zone and language, no keyring, no network.

And looks, at the end, whether a secret was written or printed (``helpers.canaries``).
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from helpers.blankdesks import blank_desks, real_migrations
from helpers.canaries import no_canary_escapes, pytest_runtest_logreport
from helpers.commands import Result, Run
from socialdesk import i18n, logs
from socialdesk.cli import entry
from socialdesk.cli.context import Context
from socialdesk.clock import ManualClock

__all__ = ["blank_desks", "no_canary_escapes", "pytest_runtest_logreport", "real_migrations"]
LOOPBACK = ("127.0.0.1", "::1", "localhost", "")
# The same cases each time, so that a red test is about the change; HYPOTHESIS_PROFILE=explore looks for new ones.
settings.register_profile("suite", derandomize=True, deadline=None)
settings.register_profile("explore", max_examples=5_000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


class NetworkRefused(AssertionError):
    """A test tried to reach another machine."""


@pytest.fixture
def anyio_backend() -> str:
    """Asynchronous tests run on asyncio, as the app does."""
    return "asyncio"


@pytest.fixture
def clock() -> ManualClock:
    """A clock that stands at Sunday 22 November 2026, 11:00 in Madrid, until a test moves it."""
    return ManualClock(NOW)


@pytest.fixture
def run(clock: ManualClock, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs one command at the manual clock's time."""

    def command(*arguments: str) -> Result:
        code = entry.run(arguments, Context(clock))
        i18n.choose("en")
        return Result(code, *capsys.readouterr())

    return command


@pytest.fixture(autouse=True)
def sealed_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Everything socialdesk reads or writes lies in this test's own folder, which is returned."""
    home = tmp_path / "home"
    home.mkdir()
    for name in (
        "XDG_CONFIG_HOME",
        "XDG_DATA_HOME",
        "XDG_STATE_HOME",
        "XDG_CACHE_HOME",
        "DBUS_SESSION_BUS_ADDRESS",
    ):
        monkeypatch.delenv(name, raising=False)
    for name in ("NO_COLOR", "EDITOR", "VISUAL", "TMUX", "SSH_CONNECTION", "SOCIALDESK_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("SOCIALDESK_HOME", str(home / "socialdesk"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    monkeypatch.setattr(logs, "_secrets", {})
    return home / "socialdesk"


@pytest.fixture(autouse=True)
def sealed_language(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """English, on a machine in Madrid, whatever this machine speaks."""
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LC_TIME", "LC_NUMERIC"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    with monkeypatch.context() as zone:
        zone.setenv("TZ", "Europe/Madrid")
        time.tzset()
        i18n.choose("en")
        yield
        i18n.choose("en")
    time.tzset()


@pytest.fixture(autouse=True)
def sealed_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections stay on this machine; anything else fails the test that tried."""

    def only_loopback(real: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(self: socket.socket, *args: Any) -> Any:
            address = args[-1]
            if self.family != socket.AF_UNIX and address[0] not in LOOPBACK:
                raise NetworkRefused(f"a test reached for {address[0]}")
            return real(self, *args)

        return guarded

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, only_loopback(getattr(socket.socket, name)))
    resolve = socket.getaddrinfo

    def guarded_resolve(host: Any, *args: Any, **kwargs: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name is not None and name not in LOOPBACK:
            raise NetworkRefused(f"a test looked up {name}")
        return resolve(host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", guarded_resolve)
