"""What the first bytes of a file say: a SQLite file as it is, or a desk that is encrypted, and with which key."""

from __future__ import annotations

from pathlib import Path

PLAIN = b"SQLite format 3\0"
SEALED = b"SDskEnc1"
"""How an encrypted desk file begins; eight bytes of fingerprint follow (``keys.mark_for``). SQLCipher calls these sixteen the salt."""
APPLICATION_ID = 0x5344736B
"""``SDsk``, in the header of a file that is not encrypted (https://www.sqlite.org/fileformat2.html#application_id)."""


def mark_of(path: Path) -> bytes:
    """Return the sixteen bytes of an encrypted desk; "" for a file that is not encrypted, not there, or not ours."""
    try:
        with path.open("rb") as file:
            begin = file.read(len(PLAIN))
    except OSError:
        return b""
    return begin if is_mark(begin) else b""


def is_mark(begin: bytes) -> bool:
    """Say whether a file that begins so is an encrypted desk."""
    return begin.startswith(SEALED) and len(begin) >= len(PLAIN)
