"""Reads folders of TOML files: what can be used, beside what cannot with its place and reason."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

from socialdesk.configfile import text_of, values_of
from socialdesk.configreading import Reading, named, place
from socialdesk.domain.text import scrub
from socialdesk.errors import ConfigError
from socialdesk.i18n import _

T = TypeVar("T")

LARGEST = 1024 * 1024
"""Bytes of a file; a larger one is nothing that anybody wrote for this."""


def said(value: Any) -> str:
    """Take a text for a person's eyes: it says something, and nothing in it commands a terminal."""
    return named(scrub(named(value)))


Reader = Callable[[Reading, Mapping[str, Any]], Iterable[T]]
"""Turns the values of a file into what it holds; raises ``ConfigError`` with the place of what is wrong."""


class Content(NamedTuple, Generic[T]):
    """What folders hold; ``troubles`` say of each file that cannot be used where and why."""

    values: tuple[T, ...] = ()
    troubles: tuple[str, ...] = ()


def read(paths: Iterable[Path], reader: Reader[T]) -> Content[T]:
    """Return what the files hold; one that cannot be used is named among the troubles and hinders no other."""
    values: list[T] = []
    troubles: list[str] = []
    for path in paths:
        try:
            values.extend(read_one(path, reader))
        except ConfigError as error:
            troubles.append(error.detail)
    return Content(tuple(values), tuple(troubles))


def read_one(path: Path, reader: Reader[T]) -> list[T]:
    """Return what one file holds. Raises ``ConfigError``, which names the file, the line and the reason."""
    with told_by_manual():
        return _read_one(path, reader)


@contextmanager
def told_by_manual() -> Iterator[None]:
    """Let an error of what is read be told with the manual of these files, not with that of the settings."""
    try:
        yield
    except ConfigError as error:
        if error.code == ConfigError.code:
            error.code = "answering_file"
        raise


def _read_one(path: Path, reader: Reader[T]) -> list[T]:
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):  # reading a pipe would wait for ever
            raise ConfigError(place(path, 1, _("this is not a file")))
        if about.st_size > LARGEST:
            raise ConfigError(place(path, 1, _("the file is larger than 1 MB")))
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from error
    text = text_of(path)
    return list(reader(Reading(path, text), values_of(path, text)))


def below(folder: Path) -> list[Path]:
    """Return what is called a TOML file in a folder and the folders inside it, in the order of their names."""
    return sorted(folder.rglob("*.toml"))
