"""Where a typed password goes: into the system's keyring, or where the person says by name (promise 12)."""

from __future__ import annotations

import os
import sys

from socialdesk.cli.ask import ask, at_terminal
from socialdesk.cli.output import flowing
from socialdesk.errors import Refused, SecretError
from socialdesk.i18n import _
from socialdesk.secrets import Secrets
from socialdesk.wording import explain_error

ATTEMPTS = 3


def keep(secrets: Secrets, value: str) -> str:
    """Store the password and return its reference; raises ``Refused`` where the person wants none of the places."""
    try:
        return in_keyring(secrets, value)
    except SecretError:
        if not at_terminal():
            raise
    return _chosen(secrets, value)


def in_keyring(secrets: Secrets, value: str) -> str:
    """Store a secret in the keyring, which may ask its owner to unlock it; tells a person why not, and raises ``SecretError``."""
    try:
        return secrets.keep_in_keyring(value)
    except SecretError as error:
        if not at_terminal():
            raise
        _say(explain_error(error).happened)
        if error.code == "keyring_locked" and _has_window() and (reference := _unlocked(secrets, value)):
            return reference
        raise


def _unlocked(secrets: Secrets, value: str) -> str:
    """Let the keyring ask its owner, for a minute; returns "" where that came to nothing."""
    _say(_("Unlock it in the window that opens. Ctrl+C goes on without it."))
    try:
        return secrets.keep_in_keyring(value, patient=True)
    except SecretError as error:
        _say(explain_error(error).happened)
    except KeyboardInterrupt:
        _say("")
    return ""


def _has_window() -> bool:
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def _chosen(secrets: Secrets, value: str) -> str:
    """Ask for a place by name; only the word for plain text is consent to it."""
    environment, command, plain = _("environment"), _("command"), _("plain")
    _say(_("Where shall the password be kept?"))
    for word, text in (
        (environment, _("in an environment variable that you set where socialdesk is started")),
        (command, _("where a command of yours has it from, such as: pass show shop")),
        (plain, _("in a file that only your user can read, but not encrypted")),
    ):
        _say(flowing(f"{word:12} {text}", "  ", 13))
    for _attempt in range(ATTEMPTS):
        answer = ask(_("Type one of these words, or press enter to save nothing"), required=False).casefold()
        if answer == environment.casefold():
            return _named(secrets, value, "env", _("Which variable?"))
        if answer == command.casefold():
            return _named(secrets, value, "command", _("Which command?"))
        if answer == plain.casefold():
            return secrets.keep_plain(value)
        if not answer:
            break
    raise _not_kept()


def _named(secrets: Secrets, value: str, kind: str, question: str) -> str:
    """Return a reference that gives the very password that was typed, by now."""
    for _attempt in range(ATTEMPTS):
        place = ask(question, required=False)
        if not place:
            break
        try:
            if secrets.read(f"{kind}:{place}") == value:
                return f"{kind}:{place}"
            _say(_("That gives another password than the one that you have typed."))
        except SecretError as error:
            _say(str(explain_error(error)))
    raise _not_kept()


def _not_kept() -> Refused:
    return Refused(_("use --secret-env or --secret-command instead"), code="not_kept")


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
