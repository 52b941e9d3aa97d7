"""New desk files at the price of a copy, for running every migration for every desk took half of many tests' time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from socialdesk.storage import upgrade

PLAIN = b"SQLite format 3\0"
_real = upgrade.upgrade
_blank: list[bytes] = []


@pytest.fixture(autouse=True)
def blank_desks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the migrations run for the first plain new desk, and give the others a copy of what they left."""
    monkeypatch.setattr(upgrade, "upgrade", _quickly)


@pytest.fixture
def real_migrations(blank_desks: None, monkeypatch: pytest.MonkeyPatch) -> Callable[[Path, str], None]:
    """Every desk of this test is made by the migrations."""
    monkeypatch.setattr(upgrade, "upgrade", _real)
    return _real


def _quickly(path: Path, version: str) -> None:
    if version or not path.read_bytes().startswith(PLAIN):
        _real(path, version)
    elif _blank:
        path.write_bytes(_blank[0])
    else:
        _real(path, version)
        _blank.append(path.read_bytes())
