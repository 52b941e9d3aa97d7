"""Pretended secrets that give themselves away wherever they are written (promise 11 of docs/reliability.md).

Tests take their passwords and tokens from ``canary``. At the end of a run, each worker looks for them in all that was
written below its temporary folder and in all that was printed; the run fails where one is found outside a place
that a test named with ``consented``: where consent was typed, or what stands for the person's own safe.
"""

from __future__ import annotations

import base64
import mmap
import os
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

MARK = "Knry7qZw"
"""How each of them begins; letters and figures only, so that no way of quoting changes it."""

_consented: set[Path] = set()
_printed: set[str] = set()


def canary(name: str, rest: str = "") -> str:
    """Return the pretended secret of that name, the same in every process; ``rest`` makes it hard to quote."""
    return f"{MARK}{name}{sha256(name.encode()).hexdigest()[:20]}{rest}"


def consented(path: Path) -> Path:
    """Say that secrets may lie there in plain text, and return the path."""
    _consented.add(path)
    return path


def _forms() -> tuple[bytes, ...]:
    """Return the bytes to look for: as it is, and in base64 wherever it may begin."""
    found = [MARK.encode()]
    for lead in range(3):
        coded = base64.b64encode(b"\0" * lead + MARK.encode())
        found.append(coded[(0, 2, 3)[lead] : len(coded) // 4 * 4 - 4 if (lead + len(MARK)) % 3 else None])
    return tuple(found)


FORMS = _forms()


def betrays(content: bytes | str | mmap.mmap) -> bool:
    """Say whether a pretended secret stands in there, plain or in base64."""
    data = content.encode("utf-8", "surrogateescape") if isinstance(content, str) else content
    return any(data.find(form) >= 0 for form in FORMS)


def files_with(folder: Path) -> list[Path]:
    """Return the files below a folder that hold a pretended secret, but for those with consent."""
    found = []
    for parent, _folders, names in os.walk(folder):
        for path in (Path(parent, name) for name in names):
            if path not in _consented and _is_file(path) and _holds(path):
                found.append(path)
    return sorted(found)


def _is_file(path: Path) -> bool:
    return path.is_file() and not path.is_symlink() and path.stat().st_size > 0


def _holds(path: Path) -> bool:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return betrays(content)


@pytest.fixture(scope="session", autouse=True)
def no_canary_escapes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Fail the run where a pretended secret has been written or printed."""
    read = pytest.CaptureFixture.readouterr

    def overheard(self: Any) -> Any:
        result = read(self)
        _hear(os.environ.get("PYTEST_CURRENT_TEST", "?").split(" ")[0], filter(None, result))
        return result

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pytest.CaptureFixture, "readouterr", overheard)
        yield
    written = [str(path) for path in files_with(tmp_path_factory.getbasetemp())]
    assert not written, "secrets were written in plain text:\n" + "\n".join(written)
    assert not _printed, "secrets were printed or logged:\n" + "\n".join(sorted(_printed))


def _hear(test: str, said: Iterable[str | bytes]) -> None:
    if any(map(betrays, said)):
        _printed.add(test)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Look through what a test printed and logged; a failed one quotes its own values, and fails the run anyway."""
    if report.passed:
        _hear(report.nodeid, (text for _name, text in report.sections))
