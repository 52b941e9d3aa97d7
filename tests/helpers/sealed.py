"""Encrypted desks for tests; those that need one are left out where the extra is not installed."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from socialdesk import paths
from socialdesk.secrets import Secrets
from socialdesk.storage import keys, sealing

needs_cipher = pytest.mark.skipif(
    importlib.util.find_spec("sqlcipher3") is None, reason="socialdesk[encrypted] is not installed"
)


def new_key() -> bytes:
    """Return a new key that the secret store knows, in its file beside the desk."""
    key = keys.new()
    keys.remember(key, Secrets(paths.find().data / "secrets.json").keep_plain(keys.spell(key)))
    return key


def seal(path: Path) -> bytes:
    """Encrypt a desk, or make an encrypted one; returns its key."""
    key = new_key()
    sealing.seal(path, keys.mark_for(key))
    return key


def tellers(folder: Path, words: bytes) -> list[str]:
    """Return the files below a folder in which those words can be read."""
    return [
        str(one.relative_to(folder))
        for one in folder.rglob("*")
        if one.is_file() and words in one.read_bytes()
    ]
