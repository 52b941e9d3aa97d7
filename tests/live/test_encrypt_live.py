"""An encrypted desk whose key lies in a real keyring: gnome-keyring's Secret Service on a message bus of its own (issue 5)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.sealed import needs_cipher, tellers

TOOLS = ("dbus-run-session", "gnome-keyring-daemon")
missing = [tool for tool in TOOLS if shutil.which(tool) is None]

pytestmark = [
    pytest.mark.live,
    needs_cipher,
    pytest.mark.skipif(bool(missing), reason=f"not installed: {', '.join(missing)}"),
]

SESSION = """
echo pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1
desk() { "$0" -P -m socialdesk "$@"; }
desk import history.jsonl
desk encrypt --yes
desk queue
desk encrypt --show-key
desk backup
"""


def test_a_desk_with_its_key_in_a_real_keyring(tmp_path: Path, sealed_home: Path) -> None:
    """Each command is a process of its own, which asks the keyring; nothing else knows the key."""
    (tmp_path / "history.jsonl").write_text(
        '{"account": "luna", "channel": "bluesky", "conversation": "c", "id": "1", "direction": "in",'
        ' "at": "2026-11-22T09:00:00+00:00", "text": "zapatos-de-prueba", "author": {"handle": "ana"}}\n'
    )
    environment = {k: v for k, v in os.environ.items() if k != "PYTHON_KEYRING_BACKEND"}
    done = subprocess.run(
        ["dbus-run-session", "--", "sh", "-ec", SESSION, sys.executable],
        env=environment | {"XDG_RUNTIME_DIR": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "The desk is encrypted." in done.stdout
    assert "ana" in done.stdout
    assert tellers(sealed_home, b"zapatos-de-prueba") == []
    key = next(line for line in done.stdout.splitlines() if len(line.split()) == 8 == len(line.split()[0]))
    for form in (key, key.replace(" ", "")):
        assert tellers(sealed_home, form.encode()) == []
    assert tellers(sealed_home, bytes.fromhex(key)) == []
