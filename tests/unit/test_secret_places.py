"""What each place of a secret is asked, how long, and what is said where it fails (promises 11, 12 and 16)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from helpers.canaries import canary, consented
from socialdesk import logs
from socialdesk.errors import SecretError
from socialdesk.secrets import Secrets


class Asked:
    """Stands for the process of a keyring or a command: notes how it was started and answers as it was told."""

    def __init__(self, answer: object, code: int = 0) -> None:
        self.answer, self.code = answer, code
        self.command: Any = None
        self.how: dict[str, Any] = {}

    def __call__(self, command: Any, **how: Any) -> subprocess.CompletedProcess[str]:
        self.command, self.how = command, how
        if isinstance(self.answer, Exception):
            raise self.answer
        said = self.answer if isinstance(self.answer, str) else json.dumps(self.answer)
        return subprocess.CompletedProcess(command, self.code, said, "")

    @property
    def request(self) -> Any:
        """The request that a keyring was given."""
        return json.loads(self.how["input"])


def standing_for(monkeypatch: pytest.MonkeyPatch, answer: object, code: int = 0) -> Asked:
    asked = Asked(answer, code)
    monkeypatch.setattr(subprocess, "run", asked)
    return asked


def refusal(secret_of: Secrets, reference: str) -> tuple[str, str]:
    with pytest.raises(SecretError) as error:
        secret_of.read(reference)
    return error.value.code, error.value.detail


def test_the_keyring_is_asked_on_standard_input_never_in_the_arguments(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Promise 11: everybody on the machine sees the arguments of a process."""
    asked = standing_for(monkeypatch, {"value": None})
    secret = canary("asked")
    reference = Secrets(tmp_path / "s").keep_in_keyring(secret)
    kind, _, place = reference.partition(":")
    assert kind == "keyring" and len(place) == 32
    assert asked.command == (sys.executable, "-P", "-m", "socialdesk.keyringproc")
    assert asked.request == {
        "do": "set",
        "service": "socialdesk",
        "user": place,
        "value": secret,
        "patient": False,
    }
    assert logs.redact(f"it is {secret}") == f"it is {logs.HIDDEN}"


def test_reading_and_forgetting_name_the_same_place_and_no_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = standing_for(monkeypatch, {"value": canary("kept")})
    assert Secrets(tmp_path / "s").read("keyring:place:1") == canary("kept")
    rest = {"service": "socialdesk", "user": "place:1", "value": "", "patient": False}
    assert asked.request == {"do": "get", **rest}
    assert logs.redact(canary("kept")) == logs.HIDDEN
    Secrets(tmp_path / "s").forget("keyring:place:1")
    assert asked.request == {"do": "delete", **rest}


def test_who_waits_is_told_within_three_seconds_and_who_unlocks_has_a_minute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Promise 12."""
    asked = standing_for(monkeypatch, {"value": None})
    Secrets(tmp_path / "s").keep_in_keyring(canary("time"))
    assert 2 <= asked.how["timeout"] < 3
    Secrets(tmp_path / "s").keep_in_keyring(canary("time"), patient=True)
    assert asked.request["patient"] is True and asked.how["timeout"] == 60
    Secrets(tmp_path / "s", keyring_limit=1.5).keep_in_keyring(canary("time"))
    assert asked.how["timeout"] == 1.5


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ({"error": "keyring_locked", "detail": "InitError"}, ("keyring_locked", "InitError")),
        ({"error": "keyring_missing"}, ("keyring_missing", "")),
        ({"value": None}, ("secret", "keyring")),
        ({"value": ""}, ("secret", "keyring")),
        (subprocess.TimeoutExpired("x", 1), ("keyring_mute", "")),
        (OSError("no such program"), ("keyring_missing", "")),
    ],
)
def test_each_failure_of_a_keyring_has_its_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: object, told: tuple[str, str]
) -> None:
    standing_for(monkeypatch, answer)
    assert refusal(Secrets(tmp_path / "s"), "keyring:x") == told


def test_the_first_line_of_a_command_is_the_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = standing_for(monkeypatch, "  first line \nuser: shop\n")
    assert Secrets(tmp_path / "s").read("command:pass show 'my shop'") == "first line"
    assert asked.command == ["pass", "show", "my shop"]
    assert asked.how["stdin"] == subprocess.DEVNULL and asked.how["timeout"] == 60


@pytest.mark.parametrize(
    ("answer", "code", "told"),
    [
        ("x\n", 3, "exit 3"),
        ("\nsecond line", 0, "exit 0"),
        (subprocess.TimeoutExpired("pass show quoted", 60), 0, "TimeoutExpired"),
        (PermissionError(13, "Permission denied", "quoted"), 0, "Permission denied"),
    ],
)
def test_a_command_that_fails_is_told_without_quoting_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: object, code: int, told: str
) -> None:
    """Promise 11: a secret may stand in the command itself."""
    standing_for(monkeypatch, answer, code)
    assert refusal(Secrets(tmp_path / "s"), "command:pass show quoted") == ("command_failed", told)


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("pass 'unclosed", "a quotation mark in it is not closed"),
        ('pass "x', "a quotation mark in it is not closed"),
        (" ", "it is empty"),
    ],
)
def test_a_command_that_is_none_is_told_in_words(tmp_path: Path, command: str, told: str) -> None:
    """Not by the name of an error of ours."""
    assert refusal(Secrets(tmp_path / "s"), f"command:{command}") == ("command_failed", told)


def test_a_variable_that_is_empty_is_missing_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert refusal(Secrets(tmp_path / "s", environment={"SHOP": ""}), "env:SHOP") == ("env_missing", "SHOP")
    monkeypatch.setenv("SOCIALDESK_TRIAL", canary("environment"))
    assert Secrets(tmp_path / "s").read("env:SOCIALDESK_TRIAL") == canary("environment")
    assert Secrets(tmp_path / "s", environment={"A": "a:b"}).read("env:A") == "a:b"


def test_a_credential_is_the_first_line_of_the_service_manager_s_file(tmp_path: Path) -> None:
    folder = tmp_path / "given"
    folder.mkdir()
    consented(folder / "shop").write_text(f" {canary('credential')} \nmore\n")
    (folder / "empty").write_text("\n")
    (folder / "raw").write_bytes(b"\xff")
    given = Secrets(tmp_path / "s", environment={"CREDENTIALS_DIRECTORY": str(folder)})
    assert given.read("credential:shop") == canary("credential")
    assert refusal(given, "credential:empty") == ("secret", "credential")
    for name in ("gone", "../given/shop", "raw"):
        assert refusal(given, f"credential:{name}") == ("credential_missing", name)
    assert refusal(Secrets(tmp_path / "s", environment={}), "credential:shop") == (
        "credential_missing",
        "shop",
    )


@pytest.mark.parametrize("reference", ["nonsense", "other:place", "plain:gone"])
def test_a_place_that_is_not_there_is_told_by_its_kind(tmp_path: Path, reference: str) -> None:
    assert refusal(Secrets(tmp_path / "s"), reference) == ("secret", reference.partition(":")[0])


def test_a_damaged_plain_file_is_told_by_its_name_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "secrets.json"
    file.write_text("{damaged")
    assert refusal(Secrets(file), "plain:x") == ("secret", "secrets.json")
    with pytest.raises(SecretError):
        Secrets(file).keep_plain("new")
    assert file.read_text() == "{damaged"


def test_forgetting_leaves_alone_what_is_not_ours_or_not_there(tmp_path: Path) -> None:
    file = consented(tmp_path / "secrets.json")
    kept = Secrets(file, environment={"SHOP": "x"})
    for reference in ("env:SHOP", "command:true", "credential:x", "plain:gone"):
        kept.forget(reference)
    assert not file.exists()
    one = kept.keep_plain(canary("one"))
    assert logs.redact(canary("one")) == logs.HIDDEN
    before = file.stat().st_mtime_ns, file.stat().st_ino
    kept.forget("plain:gone")
    assert (file.stat().st_mtime_ns, file.stat().st_ino) == before
    kept.forget(one)
    assert json.loads(file.read_text()) == {}
