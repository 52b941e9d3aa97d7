"""The system's keyring for real: gnome-keyring's Secret Service on a message bus of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TOOLS = ("dbus-run-session", "gnome-keyring-daemon")
missing = [tool for tool in TOOLS if shutil.which(tool) is None]

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(bool(missing), reason=f"not installed: {', '.join(missing)}"),
]

TRIAL = """
import pathlib, sys
from socialdesk.errors import SecretError
from socialdesk.secrets import Secrets
secrets = Secrets(pathlib.Path(sys.argv[1]), keyring_limit=20)
try:
    reference = secrets.keep_in_keyring("contraseña: día 1")
    print(secrets.read(reference))
    secrets.forget(reference)
    secrets.read(reference)
except SecretError as error:
    print(error.code)
"""


def on_a_bus(tmp_path: Path, before: str) -> list[str]:
    """Return what the trial prints in a session of its own, after that shell command."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHON_KEYRING_BACKEND"}
    done = subprocess.run(
        [
            "dbus-run-session",
            "--",
            "sh",
            "-c",
            f'{before}; exec "$@"',
            "sh",
            sys.executable,
            "-c",
            TRIAL,
            str(tmp_path / "plain.json"),
        ],
        env=environment | {"XDG_RUNTIME_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert not (tmp_path / "plain.json").exists()
    return done.stdout.split("\n")[:-1]


def test_an_unlocked_keyring_keeps_gives_back_and_forgets(tmp_path: Path) -> None:
    unlock = "echo pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1"
    assert on_a_bus(tmp_path, unlock) == ["contraseña: día 1", "secret"]


def test_a_locked_keyring_is_told_apart_from_none(tmp_path: Path) -> None:
    assert on_a_bus(tmp_path, "true") == ["keyring_mute"]
