"""A keyring that hangs whoever asks it hangs nobody (promise 12 of docs/reliability.md).

Short form, with nothing installed: a message bus that takes calls and never answers. The long form, on a real bus, with a
mute service and with gnome-keyring, is tests/live/test_keyring.py.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from helpers.buses import mute_bus, on_bus
from helpers.canaries import canary
from helpers.commands import Run
from socialdesk import keyringproc
from socialdesk.errors import SecretError
from socialdesk.secrets import Secrets


def test_a_mute_bus_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    """Promise 12: reading and keeping end by themselves, and the doctor says it in plain words."""
    with mute_bus(tmp_path) as address:
        for name in set(os.environ) - set(on_bus(address, tmp_path)):
            monkeypatch.delenv(name)
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        with pytest.raises(SecretError) as error:
            Secrets(tmp_path / "plain").keep_in_keyring(canary("mute"))
        assert error.value.code == "keyring_mute"
        assert "The system's keyring does not answer." in run("doctor").out
    assert not (tmp_path / "plain").exists()


def test_a_locked_ring_is_not_asked_unless_somebody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Promise 12: no window out of nowhere asks for a password, and none disappears while it is typed."""
    monkeypatch.setattr(keyringproc, "is_locked", lambda _ring: True)
    request = {"do": "get", "service": "s", "user": "u"}
    assert keyringproc.answer(request, None)["error"] == "keyring_locked"  # type: ignore[arg-type]
    with pytest.raises(AttributeError):  # now it is asked, and here is none
        keyringproc.answer({**request, "patient": True}, None)  # type: ignore[arg-type]
