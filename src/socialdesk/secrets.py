"""Where an account's secrets live. The desk file holds references only, one string for each secret:

    keyring:ID       the system's keyring, asked in a child process with a time limit
    env:VARIABLE     an environment variable
    credential:NAME  a credential that systemd gives to its service (systemd.exec(5), LoadCredential)
    command:COMMAND  a command that prints it, such as ``pass show shop/bluesky``; run without a shell
    plain:ID         a 0600 file beside the desk, only after the person typed that they want that

Every ``SecretError`` has one of the codes ``keyring_mute``, ``keyring_locked``, ``keyring_missing``, ``env_missing``,
``credential_missing``, ``command_failed``, ``secret``; none of them quotes a secret.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from uuid import uuid4

from socialdesk import logs
from socialdesk.errors import SecretError
from socialdesk.i18n import _
from socialdesk.privatefile import alone, replace

SERVICE = "socialdesk"
KEYRING_LIMIT = 2.2
"""Seconds a keyring may take; after that it counts as mute. Whoever gives a command is told within three."""
UNLOCK_LIMIT = 60.0
"""Seconds a person may take to unlock it, where there is one to ask."""
COMMAND_LIMIT = 60.0
"""Seconds a command may take: it may ask its person for a passphrase in a window of its own."""
KEYRING = (sys.executable, "-P", "-m", "socialdesk.keyringproc")


class Secrets:
    """Reads, keeps and forgets secrets by reference; synchronous, safe from any thread."""

    def __init__(
        self,
        plain_file: Path,
        *,
        environment: Mapping[str, str] | None = None,
        keyring: Sequence[str] = KEYRING,
        keyring_limit: float = KEYRING_LIMIT,
    ) -> None:
        self._plain = plain_file
        self._environment = os.environ if environment is None else environment
        self._keyring = keyring
        self._limit = keyring_limit

    def keep_in_keyring(self, value: str, *, patient: bool = False) -> str:
        """Store a secret in the system's keyring, read it back and return its reference.

        A ``patient`` caller lets the keyring ask its owner to unlock it, for ``UNLOCK_LIMIT`` seconds.
        """
        logs.hide(value)
        place = uuid4().hex
        self._ask_keyring("set", place, value, patient=patient)
        return f"keyring:{place}"

    def keep_plain(self, value: str) -> str:
        """Store a secret unencrypted, readable by this user only; the caller has asked for typed consent."""
        logs.hide(value)
        place = uuid4().hex
        with alone(self._plain):
            self._write_plain({**self._read_plain(), place: value})
        return f"plain:{place}"

    def read(self, reference: str) -> str:
        """Return the secret; raises ``SecretError``. From then on it never appears in the log."""
        kind, _, place = reference.partition(":")
        match kind:
            case "keyring":
                value = self._ask_keyring("get", place)
            case "env":
                value = self._environment.get(place, "")
                if not value:
                    raise SecretError(place, code="env_missing")
            case "credential":
                value = self._credential(place)
            case "command":
                value = _run(place)
            case "plain":
                value = self._read_plain().get(place, "")
            case _:
                value = ""
        if not value:
            raise SecretError(kind)
        logs.hide(value)
        return value

    def forget(self, reference: str) -> None:
        """Delete a secret that we keep; one in the environment or behind a command is the person's own."""
        kind, _, place = reference.partition(":")
        if kind == "keyring":
            self._ask_keyring("delete", place)
        elif kind == "plain":
            with alone(self._plain):
                kept = self._read_plain()
                if kept.pop(place, None) is not None:
                    self._write_plain(kept)

    def _credential(self, name: str) -> str:
        """Return the first line of a file that the service manager shows to this service only."""
        try:
            if os.sep in name:
                raise ValueError(name)
            text = Path(self._environment["CREDENTIALS_DIRECTORY"], name).read_text("utf-8")
        except (KeyError, OSError, ValueError):
            raise SecretError(name, code="credential_missing") from None
        return text.partition("\n")[0].strip()

    def _ask_keyring(self, do: str, place: str, value: str = "", *, patient: bool = False) -> str:
        request = json.dumps(
            {"do": do, "service": SERVICE, "user": place, "value": value, "patient": patient}
        )
        limit = UNLOCK_LIMIT if patient else self._limit
        try:
            done = subprocess.run(
                self._keyring, input=request, capture_output=True, text=True, timeout=limit, check=False
            )
            answer = dict(json.loads(done.stdout).items())
        except subprocess.TimeoutExpired:
            raise SecretError(code="keyring_mute") from None
        except (OSError, ValueError, AttributeError):
            raise SecretError(code="keyring_missing") from None
        if answer.get("error"):
            raise SecretError(str(answer.get("detail", "")), code=str(answer["error"]))
        return str(answer.get("value") or "")

    def _read_plain(self) -> dict[str, str]:
        try:
            return dict(json.loads(self._plain.read_text("utf-8")))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError):
            raise SecretError(self._plain.name) from None

    def _write_plain(self, kept: Mapping[str, str]) -> None:
        replace(self._plain, json.dumps(dict(kept)).encode())


def _run(command: str) -> str:
    """Return the first line that the command prints."""
    words = _split(command)
    try:
        done = subprocess.run(
            words,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=COMMAND_LIMIT,
            check=False,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        why = (
            getattr(error, "strerror", None) or type(error).__name__
        )  # never the message, which quotes the command
        raise SecretError(why, code="command_failed") from None
    value = done.stdout.partition("\n")[0].strip()
    if done.returncode or not value:
        raise SecretError(f"exit {done.returncode}", code="command_failed")
    return value


def _split(command: str) -> list[str]:
    try:
        words = shlex.split(command)
    except ValueError:
        raise SecretError(_("a quotation mark in it is not closed"), code="command_failed") from None
    if not words:
        raise SecretError(_("it is empty"), code="command_failed")
    return words
