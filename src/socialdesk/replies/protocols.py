"""Protocols: what to do in a situation, step by step, and who is in charge (NEEDS D4, C4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from socialdesk.configreading import Check, Reading, listed, named, switch
from socialdesk.i18n import _
from socialdesk.policyfile import identifier, language
from socialdesk.replies import files
from socialdesk.replies.finding import folded

SHIPPED = Path(__file__).parent / "shipped" / "protocols"


class Step(NamedTuple):
    """One thing to do; ``say`` are words that can be used, ``must`` one without which no answer leaves."""

    do: str
    say: str = ""
    who: str = ""
    must: bool = False


class Protocol(NamedTuple):
    """The steps of a situation. It proposes itself where the conversation has one of ``situations`` or a word."""

    id: str
    language: str
    title: str
    situations: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    in_charge: str = ""
    brand: str = ""
    steps: tuple[Step, ...] = ()


_HEAD: Mapping[str, Check] = {
    "id": identifier,
    "language": language,
    "title": files.said,
    "situations": listed(identifier),
    "words": listed(named),
    "in_charge": files.said,
    "brand": named,
}
_STEP: Mapping[str, Check] = {"do": files.said, "say": files.said, "who": files.said, "must": switch}


def load(folder: Path, shipped: Path = SHIPPED) -> files.Content[Protocol]:
    """Return the protocols shipped and a person's own, with what cannot be used of the latter."""
    own = files.read(files.below(folder), read) if folder.is_dir() else files.Content[Protocol]()
    return files.Content((*files.read(files.below(shipped), read).values, *own.values), own.troubles)


@lru_cache
def shipped() -> tuple[Protocol, ...]:
    """Return the protocols that came with the program."""
    return files.read(files.below(SHIPPED), read).values


def most_steps(protocols: Iterable[Protocol], id: str) -> int | None:
    """Return how many steps a protocol has, in the longest of its wordings; None where there is none of that name."""
    return max((len(protocol.steps) for protocol in protocols if protocol.id == id), default=None)


def read(reading: Reading, values: Mapping[str, Any]) -> Iterator[Protocol]:
    """Return the protocol of one file. Raises ``ConfigError``."""
    head = reading.checked((), {key: v for key, v in values.items() if key != "step"}, _HEAD)
    for key in ("id", "language", "title"):
        if key not in head:
            raise reading.error((), _("{name} is missing").format(name=key))
    steps = [
        Step(**reading.checked(("step",), table, _STEP, nth))
        for nth, table in enumerate(_steps(reading, values))
    ]
    yield Protocol(**head, steps=tuple(steps))


def _steps(reading: Reading, values: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    tables = reading.tables("step", values.get("step", []))
    if not tables:
        raise reading.error((), _("it has no steps: write each one under its own [[step]] line"))
    for nth, table in enumerate(tables):
        if "do" not in table:
            raise reading.error(("step",), _("{name} is missing").format(name="do"), nth)
        yield table


def of_brand(protocols: Iterable[Protocol], language: str, brand: str) -> list[Protocol]:
    """Return the protocols of a brand in a language, a brand's own in place of the one of that name.

    One that is not written in the language is given in the language that it is written in. The words that start it are
    those of all languages: the agent reads one, customers write in others.
    """
    fitting = [p for p in protocols if p.brand in ("", brand)]
    by_place = sorted(fitting, key=lambda p: (p.language == language, bool(p.brand)))
    chosen = {p.id: p._replace(words=_words(fitting, p.id)) for p in by_place}
    return sorted(chosen.values(), key=lambda p: p.title)


def _words(protocols: Iterable[Protocol], id: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for p in protocols if p.id == id for word in p.words))


def proposed(protocols: Iterable[Protocol], situation: str, text: str) -> list[Protocol]:
    """Return those that fit a conversation: by its situation, or by a word of what the customer wrote."""
    heard = f" {' '.join(folded(text).split())} "
    return [
        protocol
        for protocol in protocols
        if situation in protocol.situations or any(_has(heard, word) for word in protocol.words)
    ]


def _has(heard: str, word: str) -> bool:
    import re

    plain = _plain(word)
    return plain in heard and re.search(rf"(?<!\w){re.escape(plain)}(?!\w)", heard) is not None


@lru_cache(maxsize=8192)
def _plain(word: str) -> str:
    """Return a word as it is looked for; there are some hundreds, and every conversation is looked through for them."""
    return folded(word)
