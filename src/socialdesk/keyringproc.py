"""Talks to the system's keyring, in a process of its own: a mute Secret Service hangs its caller for ever.

Run as ``python -m socialdesk.keyringproc``; one JSON request on standard input, one JSON answer on standard output.
Only backends that encrypt with the person's session are used: others store base64, or "succeed" and store nothing.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from contextlib import closing
from typing import Any, Protocol

SAFE = (
    "keyring.backends.SecretService",
    "keyring.backends.libsecret",
    "keyring.backends.kwallet",
    "keyring.backends.macOS",
    "keyring.backends.Windows",
)

LOCKED = ("KeyringLocked", "InitError", "LockedException", "PromptDismissedException")
"""Errors of ``keyring`` that mean: it is there, and its owner has to unlock it."""


class Ring(Protocol):
    """The part of a keyring backend that is used here."""

    def get_password(self, service: str, username: str) -> str | None:
        """Return what is stored."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Store it."""

    def delete_password(self, service: str, username: str) -> None:
        """Delete it."""


def choose(current: Any) -> Any | None:
    """Return the first safe backend: the current one, or one of those that it chains; None where there is none."""
    chained: Iterable[Any] = getattr(current, "backends", None) or (current,)
    for backend in chained:
        module = type(backend).__module__
        if any(module == safe or module.startswith(f"{safe}.") for safe in SAFE):
            return backend
    return None


def is_locked(ring: Ring) -> bool:
    """Say whether a Secret Service would have to ask its owner first; to look asks nobody."""
    if type(ring).__module__ != SAFE[0]:
        return False
    import secretstorage

    with closing(secretstorage.dbus_init()) as bus:
        try:
            return bool(secretstorage.Collection(bus).is_locked())
        except secretstorage.ItemNotFoundException:
            return True  # there is no keyring yet: its owner would be asked for the password of a new one


def answer(request: dict[str, Any], ring: Ring) -> dict[str, Any]:
    """Carry out one request; a stored secret is read back before it is believed.

    Unless the request is patient, nobody is asked to unlock the keyring: whoever waits would not wait that long.
    """
    if not request.get("patient") and is_locked(ring):
        return {"error": "keyring_locked", "detail": ""}
    service, user = request["service"], request["user"]
    match request["do"]:
        case "get":
            return {"value": ring.get_password(service, user)}
        case "set":
            ring.set_password(service, user, request["value"])
            if ring.get_password(service, user) != request["value"]:
                return {"error": "keyring_missing", "detail": "read back something else"}
            return {"value": None}
        case "delete":
            if ring.get_password(service, user) is not None:
                ring.delete_password(service, user)
            return {"value": None}
    return {"error": "keyring_missing", "detail": "unknown request"}


def main() -> int:
    """Answer the request on standard input."""
    request = json.load(sys.stdin)
    try:
        import keyring

        current = keyring.get_keyring()
        ring = choose(current)
        if ring is None:
            detail = f"{type(current).__module__}.{type(current).__name__}"
            result: dict[str, Any] = {"error": "keyring_missing", "detail": detail}
        else:
            result = answer(request, ring)
    except Exception as error:
        # The kind of error only: a backend's message may quote what it was given.
        kind = type(error).__name__
        result = {"error": "keyring_locked" if kind in LOCKED else "keyring_missing", "detail": kind}
    json.dump(result, sys.stdout)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
