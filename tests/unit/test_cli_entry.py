"""From the command line to a command: what is loaded, and how trouble is told."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from textual.app import App

from helpers.commands import Run
from socialdesk import __version__, i18n
from socialdesk.cli import parser, queue, screen
from socialdesk.cli.entry import run as run_entry
from socialdesk.paths import find
from socialdesk.sync.child import EngineChild
from socialdesk.sync.enginelock import EngineLock, lock_of


def python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        env={**os.environ, **environment},
    )


def test_the_screen_is_reached_without_loading_the_commands() -> None:
    code = """
import sys
import time
from socialdesk.cli import screen
screen.need_terminal = lambda: None
screen.show = lambda context, trouble: ''
from socialdesk.__main__ import main
sys.argv = ["socialdesk"]
assert main() == 0
heavy = {"argparse", "sqlalchemy", "sqlmodel", "httpx", "keyring", "alembic", "babel", "tomllib", "json"}
print(sorted(heavy & set(sys.modules)))
"""
    done = python(code)
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


def test_without_a_terminal_the_commands_are_pointed_at(run: Run) -> None:
    result = run()
    assert result.code == 1
    assert "terminal" in result.err and "--help" in result.err


def test_the_version_is_told(run: Run) -> None:
    assert run("--version").out == f"socialdesk {__version__}\n"


def test_every_command_explains_itself_in_both_languages(run: Run) -> None:
    for name in parser.COMMANDS:
        for language in i18n.LANGUAGES:
            result = run("--language", language, name, "--help")
            assert result.code == 0, name
            assert f"socialdesk {name}" in result.out


def test_an_unexpected_error_is_one_line_and_a_log(
    run: Run, monkeypatch: pytest.MonkeyPatch, sealed_home: Path
) -> None:
    def broken(*_: Any) -> int:
        raise RuntimeError("password=hunter2 was in here")

    monkeypatch.setattr(queue, "run", broken)
    result = run("queue")
    log = sealed_home / "logs/errors.log"
    assert result.code == 1
    assert result.err.count("\n") == 1 and str(log) in result.err
    assert "Traceback" in log.read_text() and "hunter2" not in log.read_text()


def test_a_broken_screen_is_one_line_and_a_log_as_well(
    run: Run, monkeypatch: pytest.MonkeyPatch, sealed_home: Path
) -> None:
    class Broken(App[str]):
        def __init__(self, *_: Any, **__: Any) -> None:
            super().__init__()

        def on_mount(self) -> None:
            customer = "Ana's telephone number"
            raise RuntimeError(f"broken at {len(customer)}")

        def run(self, **_: Any) -> str | None:
            return super().run(headless=True)

    monkeypatch.setattr(screen, "need_terminal", lambda: None)
    monkeypatch.setattr("socialdesk.app.DeskApp", Broken)
    result = run()
    assert result.code == 1
    assert result.err.count("\n") == 1 and "errors.log" in result.err
    log = (sealed_home / "logs/errors.log").read_text()
    assert "broken at 22" in log and "telephone" not in log


@pytest.mark.parametrize(("error", "code"), [(KeyboardInterrupt(), 130), (BrokenPipeError(), 1)])
def test_ctrl_c_and_a_reader_that_leaves_are_quiet(
    run: Run, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int
) -> None:
    def stopped(*_: Any) -> int:
        raise error

    monkeypatch.setattr(queue, "run", stopped)
    assert run("queue") == (code, "", "")


def test_a_pipe_that_closes_early_leaves_no_noise(sealed_home: Path) -> None:
    done = subprocess.run(
        f"{sys.executable} -m socialdesk --help | true",
        shell=True,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.stderr == ""


def test_a_wrong_setting_stops_what_needs_it_but_neither_help_nor_doctor(run: Run, sealed_home: Path) -> None:
    sealed_home.mkdir(mode=0o700)
    (sealed_home / "config.toml").write_text('theme = "darc"\n')
    (sealed_home / "config.toml").chmod(0o600)
    result = run("queue")
    assert result.code == 1
    assert "config.toml, line 1: theme" in result.err and '"dark"' in result.err
    assert run("--help").code == 0
    doctor = run("doctor")
    assert doctor.code == 1
    assert "config.toml, line 1: theme" in doctor.out


def test_a_foreign_file_is_refused_and_left_untouched(run: Run, sealed_home: Path) -> None:
    (sealed_home / "data").mkdir(parents=True, mode=0o700)
    file = sealed_home / "data/desk.db"
    file.write_text("my novel")
    result = run("queue")
    assert result.code == 1
    assert "is not a desk file" in result.err and "left untouched" in result.err
    assert file.read_text() == "my novel"
    assert run("doctor").code == 1


def test_a_full_disk_is_told_as_such(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> int:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(queue, "run", full)
    assert "database or disk is full" in run("queue").err


def test_a_home_of_nobody_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOCIALDESK_HOME", "~nobody-of-that-name/desk")
    assert run_entry(["queue"]) == 1
    assert "SOCIALDESK_HOME=~nobody-of-that-name" in capsys.readouterr().err
    assert run_entry(["--help"]) == 0


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(30, "Read-only file system", "/x/log"), "/x/log: Read-only file system"),
        (OSError(28, "No space left on device"), "No space left on device"),
    ],
)
def test_what_the_system_refuses_is_told_in_its_words(
    run: Run, monkeypatch: pytest.MonkeyPatch, error: OSError, told: str
) -> None:
    def refused(*_: Any) -> int:
        raise error

    monkeypatch.setattr(queue, "run", refused)
    result = run("queue")
    assert result.code == 1
    assert told in result.err and "doctor" in result.err


@pytest.mark.parametrize("output", [">&-", "2>&-", ">/dev/full"])
def test_an_output_that_takes_nothing_causes_no_alarm(sealed_home: Path, output: str) -> None:
    done = subprocess.run(
        f"{sys.executable} -m socialdesk outbox {output}",
        shell=True,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == ("full" in output)
    assert "unexpected" not in done.stderr and "Traceback" not in done.stderr
    assert not (sealed_home / "logs").exists()


def test_a_terminal_of_few_characters_shows_what_it_can(sealed_home: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "socialdesk", "--language", "es", "outbox", "--help"],
        capture_output=True,
        timeout=30,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
    )
    assert done.returncode == 0
    assert b"?" in done.stdout and done.stderr == b""


def test_a_usage_error_found_late_is_in_the_same_language(run: Run) -> None:
    result = run("--language", "es", "outbox", "undo")
    assert result.code == 2
    assert result.err.startswith("uso: ")


def test_the_settings_choose_the_language(run: Run, sealed_home: Path) -> None:
    sealed_home.mkdir()
    (sealed_home / "config.toml").write_text('language = "es"\n')
    assert run("bogus").err.startswith("uso: ")


def test_another_engine_is_left_alone(run: Run) -> None:
    lock = EngineLock(lock_of(find().database))
    assert lock.take()
    try:
        result = run("sync", "--once")
    finally:
        lock.release()
    assert result.code == 1
    assert "already" in result.err


def test_the_child_engine_lives_as_long_as_its_screen(run: Run, sealed_home: Path) -> None:
    assert run("account", "list").code == 0  # makes the desk
    engine = EngineChild(find(), find().database)
    engine.start()
    deadline = time.monotonic() + 20
    while not engine.is_running():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    engine.wake()
    engine.stop(patience=20)
    assert not engine.is_running(), "a stopped engine is not started again"


def test_a_run_needs_no_context() -> None:
    assert run_entry(["--version"]) == 0
