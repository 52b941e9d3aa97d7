"""Where canned replies are read from and which one wins: a brand's own, the desk's, those shipped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from socialdesk.configreading import Check, Reading, WrongError, named, string
from socialdesk.domain.text import one_line
from socialdesk.i18n import _
from socialdesk.policyfile import identifier, language
from socialdesk.replies import files
from socialdesk.replies.canned import Attitude, Reply, Wording
from socialdesk.replies.filling import VARIABLES, unknown

SHIPPED = Path(__file__).parent / "shipped" / "canned"


def _line(value: Any) -> str:
    return named(one_line(files.said(value)))


def _keywords(value: Any) -> str:
    return one_line(string(value))


def _words(value: Any) -> str:
    """Take what is said; a variable that means nothing would be left standing in an answer."""
    text = files.said(value)
    for name in sorted(unknown(text)):
        problem = _("nothing is called {name}; there are {names}, and [...] for what is filled in by hand")
        raise WrongError(problem.format(name=name, names=" ".join(VARIABLES)))
    return text


_HEAD: Mapping[str, Check] = {
    "situation": identifier,
    "language": language,
    "title": _line,
    "keywords": _keywords,
    "brand": named,
}
_WORDING: Mapping[str, Check] = dict.fromkeys(Wording._fields, _words)


class Library:
    """The replies of a desk, read when a language is first asked for.

    ``folder`` holds the person's own files, in any folders inside it; it need not exist.
    """

    def __init__(self, folder: Path, shipped: Path = SHIPPED) -> None:
        self._folder, self._shipped = folder, shipped
        self._read: dict[str, files.Content[Reply]] = {}

    def languages(self) -> list[str]:
        """Return the languages that there is anything in."""
        own = {reply.language for reply in self._own.values}
        return sorted(own | {folder.name for folder in self._shipped.iterdir() if folder.is_dir()})

    def replies(self, language: str, brand: str = "") -> list[Reply]:
        """Return what is said in a language for a brand, each situation's and attitude's most special one."""
        everything = (*self._of(language).values, *self._own.values)
        fitting = (r for r in everything if r.language == language and r.brand in ("", brand))
        by_place = sorted(fitting, key=lambda reply: bool(reply.brand))
        return list({reply.id: reply for reply in by_place}.values())

    def troubles(self) -> list[str]:
        """Return what cannot be used of the person's own files, with file, line and reason."""
        return list(self._own.troubles)

    def own_file(self, situation: str, language: str, brand: str = "") -> Path | None:
        """Return the person's own file that a situation of just this brand comes from, or None."""
        paths = files.below(self._folder) if self._folder.is_dir() else []
        said = (situation, language, brand)
        found = (
            path
            for path in reversed(paths)
            if any((r.situation, r.language, r.brand) == said for r in files.read([path], read).values)
        )
        return next(found, None)

    def _of(self, language: str) -> files.Content[Reply]:
        if language not in self._read:
            # A language comes from a network: it chooses among our folders, and no other.
            known = {folder.name: folder for folder in self._shipped.iterdir()}
            self._read[language] = (
                files.read(files.below(known[language]), read) if language in known else files.Content()
            )
        return self._read[language]

    @cached_property
    def _own(self) -> files.Content[Reply]:
        return files.read(files.below(self._folder), read) if self._folder.is_dir() else files.Content()


def read(reading: Reading, values: Mapping[str, Any]) -> Iterator[Reply]:
    """Return the replies of one file. Raises ``ConfigError``."""
    reading.known((), values, [*_HEAD, *Attitude])
    head = {key: reading.value((key,), _HEAD[key], value) for key, value in values.items() if key in _HEAD}
    for key in ("situation", "language", "title"):
        if key not in head:
            raise reading.error((), _("{name} is missing").format(name=key))
    for attitude in Attitude:
        if attitude in values:
            yield Reply(attitude=attitude, wordings=_wordings(reading, attitude, values[attitude]), **head)


def _wordings(reading: Reading, attitude: str, value: Any) -> tuple[Wording, ...]:
    return tuple(
        _wording(reading, attitude, table, nth) for nth, table in enumerate(reading.tables(attitude, value))
    )


def _wording(reading: Reading, attitude: str, table: Mapping[str, Any], nth: int) -> Wording:
    wording = Wording(**reading.checked((attitude,), table, _WORDING, nth))
    if not any(wording):
        raise reading.error((attitude,), _("it says nothing"), nth)
    return wording


def situations(replies: Iterable[Reply]) -> dict[str, list[Reply]]:
    """Return the replies by situation, in the order in which situations first appear."""
    found: dict[str, list[Reply]] = {}
    for reply in replies:
        found.setdefault(reply.situation, []).append(reply)
    return found
