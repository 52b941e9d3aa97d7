"""What a connector may know of its account's secrets, and its sign-in session, encrypted at rest."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from socialdesk import logs
from socialdesk.errors import AuthRequired, SecretError
from socialdesk.privatefile import replace
from socialdesk.secrets import Secrets

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

# scrypt's interactive parameters (RFC 7914, section 2): some 50 ms and 16 MB for a key.
_COST, _BLOCK, _LANES = 2**14, 8, 1
_SHORTEST_TOKEN = 16
_HOST = r"[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+(:\d+)?"
_PUBLIC = re.compile(rf"did:[a-z]+:[a-z0-9.:_-]+|(https?://|@([A-Za-z0-9._=/+-]+[@:])?)?{_HOST}/?")
"""Who the account is and where it lives, as https://www.w3.org/TR/did-core/, the DNS, Matrix and Mastodon write it: words of our messages."""


class AccountVault:
    """The ``contract.Vault`` of one account.

    The session's key comes by scrypt from the account's own secrets and a salt in the file, so a session is worth
    nothing without them, and signing in anew follows a changed password. An account without secrets keeps its
    session in memory only.
    """

    def __init__(self, secrets: Secrets, references: Mapping[str, str], session_file: Path) -> None:
        self._secrets = secrets
        self._references = references
        self._file = session_file
        self._memory: dict[str, str] = {}

    async def secret(self, name: str) -> str:
        """Return the secret setting of that name; raises ``AuthRequired`` with the code of what hinders it."""
        reference = self._references.get(name)
        if reference is None:
            raise AuthRequired(name, code="secret")
        try:
            return await asyncio.to_thread(self._secrets.read, reference)
        except SecretError as error:
            raise AuthRequired(error.detail, code=error.code) from None

    async def load_session(self) -> dict[str, str]:
        """Return what was stored last; nothing where there is none, or where the password has changed since."""
        if not self._references:
            return dict(self._memory)
        material = await self._material()
        session = await asyncio.to_thread(_open, self._file, material)
        _hide(session)
        return session

    async def save_session(self, session: Mapping[str, str]) -> None:
        """Store the session, replacing the former one in one step."""
        _hide(session)
        if not self._references:
            self._memory = dict(session)
            return
        material = await self._material()
        await asyncio.to_thread(_seal, self._file, dict(session), material)

    async def _material(self) -> bytes:
        values = [await self.secret(name) for name in sorted(self._references)]
        return json.dumps(values).encode()


def _hide(session: Mapping[str, str]) -> None:
    """Keep tokens out of the log; what is shorter than any token may be a plain word, and names are not secret."""
    for value in session.values():
        if len(value) >= _SHORTEST_TOKEN and not _PUBLIC.fullmatch(value):
            logs.hide(value)


def _box(material: bytes, salt: bytes) -> Fernet:
    from cryptography.fernet import Fernet
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    key = Scrypt(salt=salt, length=32, n=_COST, r=_BLOCK, p=_LANES).derive(material)
    return Fernet(base64.urlsafe_b64encode(key))


def _seal(file: Path, session: dict[str, str], material: bytes) -> None:
    salt = os.urandom(16)
    sealed = _box(material, salt).encrypt(json.dumps(session).encode())
    content = {"version": 1, "salt": base64.b64encode(salt).decode(), "session": sealed.decode()}
    replace(file, json.dumps(content).encode())


def _open(file: Path, material: bytes) -> dict[str, str]:
    from cryptography.fernet import InvalidToken

    try:
        content = json.loads(file.read_bytes())
        box = _box(material, base64.b64decode(content["salt"]))
        return dict(json.loads(box.decrypt(content["session"].encode())))
    except (OSError, ValueError, KeyError, TypeError, InvalidToken):
        return {}
