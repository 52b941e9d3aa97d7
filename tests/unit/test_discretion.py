"""What a process that knows secrets says and leaves behind (promise 11 of docs/reliability.md)."""

from __future__ import annotations

import io
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.canaries import betrays, canary
from socialdesk import discretion, logs

TROUBLE = """
import os, sys, threading, warnings
from socialdesk import discretion, logs
from socialdesk.cli.entry import run
run(["--version"])
secret = os.environ["SECRET"]
logs.hide(secret)
discretion.begin()
print("printed", secret)
print("in pieces", secret[:9], end="")
print(secret[9:], end="", flush=True)
print()
warnings.warn(f"warned of {secret}")
def breaks(): raise ValueError(f"thread with {secret}")
thread = threading.Thread(target=breaks); thread.start(); thread.join()
class Gone:
    def __del__(self): raise ValueError(f"destroyed with {secret}")
Gone()
sys.stderr.writelines([secret[:7], secret[7:], chr(10)])
{end}
"""


def has_died(tmp_path: Path, end: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a process that is as careless as can be, and allow it a core file."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
    return subprocess.run(
        [sys.executable, "-c", TROUBLE.replace("{end}", end)],
        cwd=tmp_path,
        env={**os.environ, "SECRET": canary("careless", " día"), **more},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (hard, hard)),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("end", "code"),
    [
        ("", 0),
        ("raise ValueError(secret)", 1),
        ("sys.exit(secret)", 1),
        ("os.abort()", -6),
        ("os.kill(os.getpid(), 11)", -11),
    ],
)
def test_a_careless_plugin_lets_no_secret_out(tmp_path: Path, end: str, code: int) -> None:
    """Printed, warned of, in a thread, in a destructor, at the end; with Python's own crash report, without a core file."""
    done = has_died(tmp_path, end, PYTHONFAULTHANDLER="1")
    assert done.returncode == code
    said = done.stdout + done.stderr
    assert not betrays(said), said
    for word in ("printed [hidden]", "warned of [hidden]", "thread with [hidden]", "destroyed with [hidden]"):
        assert word in said
    assert ("Fatal Python error" in said) is (code < 0)
    assert [one.name for one in tmp_path.iterdir()] == ["home"], "no image of the memory"


@pytest.mark.parametrize(
    ("is_terminal", "said"),
    [
        (True, "password: make one at the network, [hidden]"),
        (False, "password: [hidden] one at the network, [hidden]"),
    ],
)
def test_a_person_is_told_of_passwords_in_general(
    monkeypatch: pytest.MonkeyPatch, is_terminal: bool, said: str
) -> None:
    """What only looks like a secret is kept out of files and journals; at a terminal it is a sentence of ours."""
    stream = io.StringIO()
    monkeypatch.setattr(stream, "isatty", lambda: is_terminal)
    for name in ("stdout", "stderr"):
        monkeypatch.setattr(sys, name, stream)
    logs.hide(canary("general"))
    discretion.begin()
    discretion.begin()
    print(f"password: make one at the network, {canary('general')}")
    discretion.say_aloud("shown because it was asked for")
    assert stream.getvalue() == f"{said}\nshown because it was asked for\n"
