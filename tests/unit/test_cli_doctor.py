"""The doctor: what is wrong is named with what to do, and the exit code says it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from helpers.commands import Run
from socialdesk import paths
from socialdesk.cli.findings import has_wal_fault


class Usage(NamedTuple):
    """As ``shutil.disk_usage`` returns it."""

    total: int
    used: int
    free: int


def level(run: Run, check: str) -> str:
    findings = run("doctor", "--json").json["findings"]
    return str(next(finding["level"] for finding in findings if finding["check"] == check))


def test_a_new_machine_is_well(run: Run, sealed_home: Path) -> None:
    result = run("doctor")
    assert result.code == 0, result.out
    assert "All is well." in result.out
    assert not (sealed_home / "data").exists(), "looking makes no desk"


@pytest.mark.parametrize(
    ("version", "faulty"),
    [
        ((3, 6, 23), False),
        ((3, 7, 0), True),
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 52, 0), False),
    ],
)
def test_the_versions_of_sqlite_with_the_fault_are_known(version: tuple[int, ...], faulty: bool) -> None:
    assert has_wal_fault(version) is faulty


def test_a_file_that_others_can_read_is_wrong(run: Run, sealed_home: Path) -> None:
    run("queue")
    assert level(run, "desk") == "good"
    (sealed_home / "data/desk.db").chmod(0o644)
    result = run("doctor")
    assert result.code == 1
    assert "chmod 600" in result.out


def test_a_full_disk_is_wrong(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(10**9, 10**9, 10**7))
    assert level(run, "disk") == "wrong"


def test_a_key_setting_that_cannot_be_used_is_wrong(run: Run, sealed_home: Path) -> None:
    sealed_home.mkdir(mode=0o700)
    (sealed_home / "config.toml").write_text('[keys]\nrepli = "r"\n')
    assert level(run, "keys") == "wrong"


def test_the_keyring_and_the_engine_are_told(run: Run) -> None:
    run("queue")
    assert level(run, "keyring") == "note"
    assert level(run, "engine") == "note"


def test_a_wait_clock_that_can_be_shown_nowhere_is_wrong(run: Run) -> None:
    """A6: a name that was mistyped would else be found out by a customer."""
    run("queue")
    text = '[clock]\npublish = "tinda"\n[clock.files]\n"Pan" = "no/where.html"\n'
    settings = paths.find().config_file
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(text, encoding="utf-8")
    result = run("doctor")
    assert result.code == 1
    assert "there is no account tinda" in result.out
    assert "there is no brand Pan" in result.out
    assert "no/where.html cannot be written" in result.out
