"""``socialdesk encrypt`` and ``decrypt`` (issue 5): where the key goes, what is told, and what happens without it."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from helpers.commands import Run
from helpers.sealed import needs_cipher
from socialdesk import paths, secrets
from socialdesk.cli import encrypt
from socialdesk.cli.context import Context
from socialdesk.errors import SecretError
from socialdesk.storage import cipher, keys
from socialdesk.storage.marks import mark_of

pytestmark = needs_cipher
KEY = "0123abcd " * 7 + "4567ef89"


@pytest.fixture
def desk(run: Run, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new desk, and a key in the environment."""
    monkeypatch.setenv("DESK_KEY", KEY)
    monkeypatch.setattr(keys, "_known", {})
    run("queue")
    return paths.find().database


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A keyring that works, as what it holds."""
    held: dict[str, str] = {}

    def ask(_self: Any, do: str, place: str, value: str = "", **_more: Any) -> str:
        if do == "set":
            held[place] = value
        return held.pop(place, "") if do == "delete" else held.get(place, "")

    monkeypatch.setattr(secrets.Secrets, "_ask_keyring", ask)
    return held


def test_the_key_goes_into_the_keyring_and_is_shown_on_request(
    run: Run, desk: Path, keyring: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The desk works as before; the key is told where it is asked for, and nowhere else."""
    former = os.umask(0o022)
    done = run("encrypt", "--yes")
    os.umask(former)
    assert done.code == 0, done.err
    assert {stat.S_IMODE(one.stat().st_mode) for one in desk.parent.iterdir()} == {0o600}  # promise 13
    assert "The desk is encrypted." in done.out
    assert "--show-key" in done.out
    assert mark_of(desk)
    (key,) = keyring.values()
    assert key not in done.out + done.err
    monkeypatch.setattr(keys, "_known", {})  # as another process begins
    assert run("queue").code == 0
    assert run("encrypt", "--show-key").out.strip() == key
    assert key not in "".join(one.read_text("utf-8", "replace") for one in desk.parent.glob("*.json"))


def test_a_key_that_the_person_keeps_is_asked_for_at_each_start(
    run: Run, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the environment, say; where it is not set, plain words and nothing else."""
    assert run("encrypt", "--yes", "--secret-env", "DESK_KEY").code == 0
    assert run("encrypt", "--show-key").out.strip() == KEY
    monkeypatch.setattr(keys, "_known", {})
    monkeypatch.delenv("DESK_KEY")
    result = run("queue")
    assert result.code == 1
    assert "encrypted, and its key could not be read: The environment variable" in result.err
    assert "left untouched" in result.err


def test_without_a_keyring_nothing_is_encrypted(run: Run, desk: Path) -> None:
    """It says where else the key may be kept."""
    result = run("encrypt", "--yes")
    assert result.code == 1
    assert "--secret-env" in result.err
    assert not mark_of(desk)


@pytest.mark.parametrize(("typed", "agreed"), [("plain key", True), ("plain", False), ("", False)])
def test_a_key_in_a_plain_file_only_with_typed_consent(
    run: Run, desk: Path, typed: str, agreed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Promise 11: and the doctor goes on telling."""
    monkeypatch.setattr(encrypt, "at_terminal", lambda: True)
    monkeypatch.setattr(encrypt, "ask", lambda *_args, **_named: typed)
    result = run("encrypt", "--yes")
    assert bool(mark_of(desk)) == agreed == (result.code == 0)
    if agreed:
        found = next(f for f in run("doctor", "--json").json["findings"] if f["check"] == "encryption")
        assert found["level"] == "note"
        assert "not encrypted" in found["text"]
    else:
        assert "The key was not kept" in result.err


def test_the_person_is_asked_first(run: Run, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways."""
    monkeypatch.setattr(encrypt, "confirmed", lambda *_args: False)
    assert run("encrypt", "--secret-env", "DESK_KEY").code == 1
    assert not mark_of(desk)
    run("encrypt", "--yes", "--secret-env", "DESK_KEY")
    assert run("decrypt").code == 1
    assert mark_of(desk)
    assert run("decrypt", "--yes").code == 0
    assert not mark_of(desk)
    assert "not encrypted" in run("decrypt", "--yes").err


def test_a_key_is_forgotten_where_nothing_was_encrypted(
    run: Run, desk: Path, keyring: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An open desk is refused, and no key is left behind."""
    context = Context()
    assert context.database
    result = run("encrypt", "--yes")
    context.close()
    assert result.code == 1
    assert "The desk is open" in result.err
    assert keyring == {}
    assert not keys._references()


def test_backups_are_encrypted_too_and_a_second_call_ends_what_the_first_could_not(
    run: Run, desk: Path
) -> None:
    """A damaged copy is named, with exit code 3, until it is gone."""
    good = Path(run("backup", "--json").json["file"])
    bad = good.with_name("desk-2026-11-01.db")
    bad.write_bytes(good.read_bytes()[:-5000])
    done = run("encrypt", "--yes", "--secret-env", "DESK_KEY")
    assert done.code == 3
    assert "1 copy beside it, too" in done.out
    assert f"{bad.name} could not be encrypted" in done.out
    found = [f for f in run("doctor", "--json").json["findings"] if f["check"] == "encryption"]
    assert [f["level"] for f in found] == ["good", "wrong"]
    assert bad.name in found[1]["text"]
    bad.unlink()
    again = run("encrypt", "--json")
    assert (again.code, again.json) == (0, {"encrypted": True, "copies": [], "left": [], "strays": []})
    assert run("restore", good.name, "--yes").code == 0
    assert mark_of(desk)


def test_a_key_that_was_put_away_opens_the_desk_again(
    run: Run, desk: Path, keyring: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a new machine: asked for unseen; another key, or no key at all, is refused."""
    run("encrypt", "--yes", "--secret-env", "DESK_KEY")
    (desk.parent / "keys.json").unlink()
    monkeypatch.setattr(keys, "_known", {})
    assert "its key is not known here" in run("queue").err
    for typed, told in (("swordfish", "not a key"), (keys.spell(keys.new()), "not the key with which")):
        monkeypatch.setattr(encrypt, "ask_secret", lambda _question, typed=typed: typed)
        result = run("encrypt", "--enter-key")
        assert result.code == 1
        assert told in result.err
        assert typed not in result.err
    monkeypatch.setattr(encrypt, "ask_secret", lambda _question: KEY.replace(" ", "-").upper())
    assert run("encrypt", "--enter-key").code == 0
    assert list(keyring.values()) == [KEY]
    assert run("queue").code == 0


def test_without_the_extra_it_says_what_to_install(
    run: Run, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before any key is made; the doctor of an encrypted desk says it as well."""
    for is_encrypted in (False, True):
        if is_encrypted:
            run("encrypt", "--yes", "--secret-env", "DESK_KEY")
        with monkeypatch.context() as without:
            cipher._driver.cache_clear()
            without.setitem(sys.modules, "sqlcipher3.dbapi2", None)
            for command in (("encrypt", "--yes"), ("doctor",), ("queue",))[: 3 if is_encrypted else 1]:
                result = run(*command)
                assert "pip install 'socialdesk[encrypted]'" in result.out + result.err, command
        cipher._driver.cache_clear()


def test_the_doctor_names_what_is_in_use(run: Run, desk: Path) -> None:
    """SQLCipher brings a SQLite of its own."""
    assert "SQLCipher" not in run("doctor").out
    run("encrypt", "--yes", "--secret-env", "DESK_KEY")
    text = run("doctor").out
    assert f"SQLite {cipher.versions()[0]}, SQLCipher" in text
    assert "The desk is encrypted; its key is kept here: an environment variable" in text


def test_a_mute_keyring_is_told(run: Run, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Promise 12: of an encrypted desk, too."""
    run("encrypt", "--yes", "--secret-env", "DESK_KEY")
    place = desk.parent / "keys.json"
    place.write_text(place.read_text().replace("env:DESK_KEY", "keyring:x"))
    monkeypatch.setattr(keys, "_known", {})

    def mute(*_args: Any, **_more: Any) -> str:
        raise SecretError("3 s", code="keyring_mute")

    monkeypatch.setattr(secrets.Secrets, "_ask_keyring", mute)
    result = run("queue")
    assert "its key could not be read: The system's keyring does not answer: 3 s" in result.err
    assert "Unlock the keyring" in result.err


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("env:MISSING", "Set the variable where socialdesk is started; or"),
        ("command:false", "Try the command by hand in a terminal; or"),
        ("credential:desk", "The service names it by LoadCredential="),
        ("plain:x", 'untouched. "socialdesk encrypt --enter-key" takes'),
    ],
)
def test_what_to_do_about_a_key_depends_on_where_it_is_kept(
    run: Run, desk: Path, place: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is sent to a keyring that has nothing to do with it; the doctor tells it once."""
    run("encrypt", "--yes", "--secret-env", "DESK_KEY")
    known = desk.parent / "keys.json"
    known.write_text(known.read_text().replace("env:DESK_KEY", place))
    monkeypatch.setattr(keys, "_known", {})
    result = run("queue")
    assert told in result.err
    assert "Unlock the keyring" not in result.err
    found = run("doctor", "--json").json["findings"]
    assert len([one for one in found if "its key could not be read" in one["text"]]) == 1


def test_the_doctor_tells_of_what_was_left_in_plain_text(run: Run, desk: Path) -> None:
    """M12: a decryption that was killed; the doctor removed it without a word."""
    left = desk.with_name(f".{desk.name}.30300.new")
    assert run("backup", str(desk.with_name("plain.db"))).code == 0
    done = run("encrypt", "--yes", "--secret-env", "DESK_KEY")
    assert done.code == 0
    assert "plain.db was not made by this desk and is as it was" in done.out
    left.write_bytes(b"zapatos-de-prueba")
    found = {one["check"]: one for one in run("doctor", "--json").json["findings"]}
    assert found["leftovers"]["level"] == "note"
    assert left.name in found["leftovers"]["text"]
    assert "although the desk is encrypted" in found["leftovers"]["text"]
    assert "not made by this desk: plain.db" in found["encryption"]["text"]
    assert not left.exists()
    assert "leftovers" not in {one["check"] for one in run("doctor", "--json").json["findings"]}
