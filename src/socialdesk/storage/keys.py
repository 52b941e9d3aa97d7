"""The keys of encrypted desks: which there are, and where the secret store keeps each of them (``socialdesk.secrets``).

``keys.json``, in the folder of this person's desk, says for the fingerprint of each key where it is kept, never the key itself.
A key that a desk no longer uses stays known: older backups are encrypted with it.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from pathlib import Path

from socialdesk import paths
from socialdesk.errors import DeskFileError, Refused, SecretError
from socialdesk.privatefile import alone, replace
from socialdesk.storage.marks import SEALED

SIZE = 32
"""Bytes of a key; all of them are random, so that nothing has to be derived from it slowly at each start."""
_known: dict[bytes, bytes] = {}
"""Those that this process has asked for: the secret store is slow, and a desk has several connections."""


def new() -> bytes:
    """Return a new key."""
    return os.urandom(SIZE)


def mark_for(key: bytes) -> bytes:
    """Return the sixteen bytes with which a file begins that is encrypted with this key."""
    return SEALED + hashlib.sha256(b"socialdesk desk key\0" + key).digest()[:8]


def spell(key: bytes) -> str:
    """Return a key as people put it away: eight groups of eight hexadecimal digits."""
    return " ".join(re.findall("." * 8, key.hex()))


def spelt(words: str) -> bytes:
    """Return the key that somebody gives; raises ``Refused`` where it is none."""
    digits = "".join(words.split()).replace("-", "")
    if not re.fullmatch(f"[0-9a-fA-F]{{{SIZE * 2}}}", digits):
        raise Refused(code="key_form")
    return bytes.fromhex(digits)


def remember(key: bytes, reference: str) -> None:
    """Write down where the secret store keeps a key."""
    mark = mark_for(key)
    with alone(_place()):
        replace(_place(), json.dumps({**_references(), mark.hex(): reference}, indent=1).encode())
    _known[mark] = key


def forget(key: bytes) -> None:
    """Strike out a key with which nothing was encrypted."""
    mark = mark_for(key)
    with alone(_place()):
        kept = {m: r for m, r in _references().items() if m != mark.hex()}
        replace(_place(), json.dumps(kept, indent=1).encode())
    _known.pop(mark, None)


def is_at_hand(mark: bytes, path: Path) -> bool:
    """Say whether the key of a file that begins so is known and can be read."""
    try:
        return bool(find(mark, path))
    except DeskFileError:
        return False


def find(mark: bytes, path: Path) -> bytes:
    """Return the key of a file that begins so; raises ``DeskFileError`` where it is not known or cannot be read."""
    if mark not in _known:
        reference = _references().get(mark.hex())
        if reference is None:
            raise DeskFileError(str(path), code="desk_no_key")
        _known[mark] = _read(mark, reference)
    return _known[mark]


def kept_in(mark: bytes) -> str:
    """Return where that key is kept: ``keyring``, ``env``, ``command``, ``plain``."""
    return _references()[mark.hex()].partition(":")[0]


def _read(mark: bytes, reference: str) -> bytes:
    from socialdesk import discretion
    from socialdesk.secrets import Secrets

    discretion.begin()
    try:
        key = spelt(Secrets(paths.find().data / "secrets.json").read(reference))
    except SecretError as error:
        from socialdesk.wording import explain_error

        kind = reference.partition(":")[0]  # what to do about it depends on where it is kept
        raise DeskFileError(explain_error(error).happened, code=f"desk_key_unread_{kind}") from error
    except Refused:
        key = b""
    if mark_for(key) != mark:
        raise DeskFileError(code="desk_key_other")
    return key


def _place() -> Path:
    return paths.find().data / "keys.json"


def _references() -> dict[str, str]:
    try:
        found = json.loads(_place().read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise DeskFileError(str(_place()), code="desk_keys_unread") from error
    if not isinstance(found, dict):
        raise DeskFileError(str(_place()), code="desk_keys_unread")
    return {str(mark): str(reference) for mark, reference in found.items()}
