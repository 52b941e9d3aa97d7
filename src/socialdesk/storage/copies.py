"""Which files are copies of a desk: told by the names that we give them, for several desks may share a folder.

No desk changes or removes what another has made, and no other desk.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from socialdesk.storage.marks import APPLICATION_ID, PLAIN, is_mark

_WHEN = r"\d{4}-\d\d-\d\d(?:-\d{6})?"
_BESIDE = r"\.(?:before-\w+|aside-[\d-]+)"


def folder_of(path: Path) -> Path:
    """Return the folder of a desk's backups."""
    return path.parent / "backups"


def named(path: Path, when: str) -> Path:
    """Return the backup of that desk and moment; no two desks of a folder have one of the same name."""
    return folder_of(path) / f"{path.stem}-{when}{path.suffix}"


def own(path: Path) -> list[Path]:
    """Return the copies that this desk has made: backups, copies from before an upgrade, files that a restore put aside."""
    beside, backups = re.escape(path.name) + _BESIDE, _backups(path)
    return [*_called(path.parent, beside), *_called(folder_of(path), backups)]


def drafts(path: Path) -> list[Path]:
    """Return what was being written for this desk and its copies; whoever holds ``backup.copying`` finds what is left of the dead."""
    name = rf"\.(?:{re.escape(path.name)}(?:{_BESIDE})?|{_backups(path)})\.\d+\.new(?:-\w+)?"
    return [*_called(path.parent, name), *_called(folder_of(path), name)]


def strays(path: Path) -> list[Path]:
    """Return the desk files in its folders that neither it nor another desk there has made: nobody knows whose they are."""
    found = {
        file for folder in (path.parent, folder_of(path)) for file in _called(folder, ".*") if is_desk(file)
    }
    for desk in {path, *(file for file in found if file.with_name(f"{file.name}.open").exists())}:
        found -= {desk, *own(desk), *drafts(desk)}
    return sorted(found)


def is_desk(file: Path) -> bool:
    """Say whether a file begins as a desk file does, encrypted or not."""
    try:
        with file.open("rb") as opened:
            header = opened.read(100)
    except OSError:
        return False
    ours = int.from_bytes(header[68:72], "big") == APPLICATION_ID
    return is_mark(header) or (header.startswith(PLAIN) and ours)


def _backups(path: Path) -> str:
    """Return the names of a desk's backups; those of every desk ended in .db once."""
    endings = {path.suffix}
    if not any(_called(path.parent, re.escape(f"{path.stem}.db") + ".*")):
        endings.add(".db")
    return f"{re.escape(path.stem)}-{_WHEN}(?:{'|'.join(map(re.escape, sorted(endings)))})"


def _called(folder: Path, name: str) -> Iterator[Path]:
    pattern = re.compile(name)
    for file in sorted(folder.iterdir()) if folder.is_dir() else ():
        if pattern.fullmatch(file.name) and file.is_file():
            yield file
