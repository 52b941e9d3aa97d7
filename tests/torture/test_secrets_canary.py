"""Secrets in plain text nowhere but where consent was typed, however things go wrong (promise 11 of docs/reliability.md).

Real processes on a desk whose connectors leak in every way there is: engine, commands, screen; every kind of place for
secrets; crashes, kills, servers that repeat what they were told. Searched: every file, outputs, command lines,
environments, core files. ``SOCIALDESK_TRIALS`` sets how many desks the long form has.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import time
from pathlib import Path
from random import Random

import pytest
from leaky import DEEDS, FATAL

from helpers.canaries import canary
from helpers.careless import STORES, Careless, careless
from helpers.echo import echoing
from helpers.killing import seed
from helpers.ptys import InPty

COMMANDS = (
    ("doctor", "--json"),
    ("account", "list", "--json"),
    ("account", "check"),
    ("outbox", "--json"),
    ("queue", "--json"),
    ("audit", "--json"),
    ("backup",),
    ("export", "ana", "given.json"),
    ("account", "remove", "print-plain", "--yes"),
    ("account", "add", "leaky", "--deed", "value", "--brand", "Lola", "--secret-env", "PASSWORD_0"),
)


def test_a_careless_connector_tells_nobody(tmp_path: Path) -> None:
    """Short form: every deed once; what an engine writes, its processes show and the doctor says."""
    with echoing() as (near, far):
        made = careless(tmp_path, DEEDS, near.address, ("env", "plain", "command", "env", "plain"))
        with made.watched():
            assert made.run("sync", "--once", "--json") == 3
            made.run("doctor", "--json")
        assert len(near.heard) >= 8 and far.heard == []
        made.database.close()
        assert made.found() == []


@pytest.mark.parametrize("deed", ["abort", "leave"])
def test_an_engine_that_dies_of_its_connector_tells_nobody(tmp_path: Path, deed: str) -> None:
    """Short form: by a crash, with Python's own report and leave to write a core file, and by ``sys.exit``."""
    made = careless(tmp_path, [deed], "")
    made.run("sync", "--once")
    made.database.close()
    assert made.found() == []


def answer_all(made: Careless) -> None:
    """Answer every customer, so that sending tells as well."""
    for conversation in made.database.read().all("SELECT id FROM conversation"):
        made.run("reply", str(conversation[0]), "--text", "Sí, de nueve a dos.", "--now")


def live_on(made: Careless, random: Random) -> None:
    """Let an engine run as a screen's child does, and end it at a random moment in a random way."""
    with made.begun("sync", "--child") as process:
        time.sleep(random.uniform(0.5, 4))
        process.send_signal(random.choice([signal.SIGKILL, signal.SIGABRT, signal.SIGTERM, signal.SIGSEGV]))
        assert process.stdout is not None
        made.said[f"{len(made.said)} child"] = process.stdout.read()


def look_on(made: Careless, *, breaks: bool, end: int) -> None:
    """Open the screen on a terminal, look at the accounts, and end it."""
    more = {"BREAK_SCREEN": canary("screen")} if breaks else {}
    made.variables |= {f"VARIABLE_{name}": value for name, value in more.items()}
    with InPty(made.environment(**more), made.folder) as screen:
        screen.read(3)
        screen.press("A")
        screen.read(2)
        if end:
            os.kill(screen.process.pid, end)
        screen.press("q")
        screen.read(2)
        made.said[f"{len(made.said)} screen"] = screen.written


def sign_in_at_a_terminal(made: Careless, service: str) -> None:
    """Add accounts by hand: refused three times, refused once, kept in the keyring, kept in plain text with consent."""
    for deed, attempts, more in (
        ("auth", 3, {}),
        ("echo/400", 1, {}),
        ("session", 1, {}),
        ("find", 1, {"NO_RING": "1"}),
    ):
        words = ["account", "add", "leaky", "--deed", deed, "--brand", "Lola", "--name", f"by hand {deed}"]
        words += ["--service", service, "--allow-private-hosts"]
        with InPty(made.environment(**more), made.folder, *words) as terminal:
            for _ in range(attempts):
                terminal.until("Password", 20)
                terminal.press(canary("typed", " de día") + "\r")
            if more:
                terminal.until("plain", 20)
                terminal.press("plain\r")
            terminal.read(20)
            made.said[f"{len(made.said)} terminal"] = terminal.written


def trial(folder: Path, random: Random, service: str, rotation: int) -> Careless:
    """Do everything once; the stores take other turns each time."""
    made = careless(folder, DEEDS, service, STORES[rotation:] + STORES[:rotation])
    with made.watched():
        made.run("sync", "--once", "--json")
        answer_all(made)
        live_on(made, random)
        for words in COMMANDS:
            made.run(*words)
        look_on(made, breaks=rotation % 3 == 0, end=(0, signal.SIGABRT, signal.SIGKILL)[rotation % 3])
        sign_in_at_a_terminal(made, service)
        made.add(random.choice(FATAL), random.choice(STORES), service)
        made.run("sync", "--once")
    made.database.close()
    return made


@pytest.mark.torture
@pytest.mark.timeout(7200)
def test_a_careless_connector_tells_nobody_in_any_trial(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Long form: all commands, the screen, sign-ins at a terminal, kills and crashes at random."""
    number, trials = seed(), int(os.environ.get("SOCIALDESK_TRIALS", "12"))
    random, texts, files = Random(number), 0, 0
    with echoing() as (near, far):
        for rotation in range(trials):
            home = tmp_path / str(rotation)
            home.mkdir()
            monkeypatch.setenv("HOME", str(home / "home"))
            monkeypatch.setenv("SOCIALDESK_HOME", str(home / "home" / "socialdesk"))
            made = trial(home, random, near.address, rotation % len(STORES))
            assert made.found() == [], f"seed {number}, trial {rotation}"
            texts, files = texts + len(made.said), files + sum(1 for one in home.rglob("*") if one.is_file())
        heard = len(near.heard)
        assert heard > trials * 8 and far.heard == []
    print(f"{trials} desks of {len(DEEDS)} accounts: {files} files, {texts} outputs, command lines and")
    print(f"environments, {heard} requests answered with what they said: 0 hits")


def test_the_trial_sees_what_is_let_out(tmp_path: Path) -> None:
    """It could fail: where the output is not guarded, it does."""
    made = careless(tmp_path, ["print", "value"], "", ("command",))
    (made.plugins / "sitecustomize.py").write_text(
        "import socialdesk.discretion, socialdesk.logs\n"
        "socialdesk.discretion.begin = lambda: None\n"
        "socialdesk.logs.hide = lambda secret: None\n"
    )
    made.run("sync", "--once", "--json")
    made.database.close()
    found = made.found()
    assert any(re.search("sync --once", one) for one in found) and "home/socialdesk/data/desk.db" in found
    shutil.rmtree(tmp_path / "home")
