"""What ``socialdesk connector new`` writes: a whole plugin package, its files as they lie here, each with ``.in`` behind."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import PurePosixPath

_ENDING = ".in"


def filled(name: str) -> Iterator[tuple[PurePosixPath, str]]:
    """Yield every file of a plugin for a channel of that name: its place in the project, and its text."""
    words = {
        "@NAME@": name,
        "@DASHED@": name.replace("_", "-"),
        "@CLASS@": "".join(part.capitalize() for part in name.split("_")),
        "@LABEL@": " ".join(part.capitalize() for part in name.split("_") if part),
    }
    for place, text in _templates(files(__name__), PurePosixPath()):
        for mark, word in words.items():
            text = text.replace(mark, word)
        yield PurePosixPath(str(place).replace("src/package/", f"src/socialdesk_{name}/")), text


def _templates(folder: Traversable, place: PurePosixPath) -> Iterator[tuple[PurePosixPath, str]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _templates(entry, place / entry.name)
        elif entry.name.endswith(_ENDING):
            yield place / entry.name.removesuffix(_ENDING), entry.read_text("utf-8")
