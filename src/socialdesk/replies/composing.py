"""From what the files hold to what is inserted into one answer: whole answers first, then their parts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from socialdesk.replies.canned import Address, Attitude, Reply, Use, joined, stack
from socialdesk.replies.filling import Values, fill
from socialdesk.replies.finding import folded
from socialdesk.replies.library import situations
from socialdesk.replies.privately import here

_WORD = re.compile(r"\w+")
_TELLING = 5
"""Letters from which a word tells what a message is about; most shorter ones hold sentences together."""


class Entry(NamedTuple):
    """Something that can be chosen: a whole answer to a situation, or its part with one attitude."""

    situation: str
    language: str
    title: str
    keywords: str
    replies: tuple[Reply, ...]
    attitude: Attitude | None = None

    @property
    def id(self) -> str:
        """Its name on the command line: ``delay``, or ``delay/understand``."""
        return f"{self.situation}/{self.attitude}" if self.attitude else self.situation


class Composed(NamedTuple):
    """The words to insert; ``uses`` are the wordings in them, ``missing`` what is not known of their variables."""

    text: str
    uses: tuple[str, ...]
    missing: tuple[str, ...]


class Composer(NamedTuple):
    """What shapes the words of one answer."""

    values: Values
    address: Address
    short: bool
    used: Mapping[str, Use] = {}
    private: bool = False

    def compose(self, entry: Entry) -> Composed:
        """Return the words of an entry, its blanks filled; nothing where it is not written in that form of address."""
        parts = stack(list(entry.replies), self.address, self.used, short=self.short)
        text = joined(parts, short=self.short)
        filled = fill(here(text, entry.language) if self.private else text, self.values)
        return Composed(filled.text, tuple(part.use for part in parts), filled.missing)


def entries(
    replies: Iterable[Reply], used: Mapping[str, Use], situation: str = "", heard: str = ""
) -> list[Entry]:
    """Return what can be chosen in one language, whole answers before the parts.

    First the conversation's own situation, then those that the customer's words (``heard``) speak of, then the most
    used, then by title.
    """
    times = _times(used)
    found = situations(replies)
    fits = _fitting(found, heard)
    order = sorted(
        found,
        key=lambda one: (one != situation, -fits[one], -times.get(one, 0), folded(found[one][0].title)),
    )
    whole = [_entry(one, found[one]) for one in order]
    parts = [_entry(one, [reply], reply.attitude) for one in order for reply in found[one]]
    return [*whole, *parts]


def _entry(situation: str, replies: Sequence[Reply], attitude: Attitude | None = None) -> Entry:
    first = replies[0]
    return Entry(situation, first.language, first.title, first.keywords, tuple(replies), attitude)


def _fitting(found: Mapping[str, Sequence[Reply]], heard: str) -> dict[str, float]:
    """Return how much the customer's words speak of each situation; a word of many situations says little of any."""
    words = _telling(heard)
    shared = {one: _telling(f"{said[0].title} {said[0].keywords}") & words for one, said in found.items()}
    common = Counter(word for telling in shared.values() for word in telling)
    return {one: sum(1 / common[word] for word in telling) for one, telling in shared.items()}


def _telling(text: str) -> set[str]:
    return {word for word in _WORD.findall(folded(text)) if len(word) >= _TELLING}


def _times(used: Mapping[str, Use]) -> dict[str, int]:
    """Return how often each situation was used: its most used wording speaks for it."""
    times: dict[str, int] = {}
    for name, use in used.items():
        situation = name.partition("/")[0]
        times[situation] = max(times.get(situation, 0), use.times)
    return times


def first_name(name: str) -> str:
    """Return how a customer is greeted, "" where the name is no person's: "Marta", not "marta_82" or "🌻 La Pepi"."""
    first = name.split()[0] if name.split() else ""
    first = first.strip(",.!")
    letters = first.replace("-", "").replace("'", "").replace("’", "")
    if not letters.isalpha() or len(letters) < 2 or first.casefold() in _no_names():
        return ""
    return (
        first if first[0].isupper() and not first.isupper() else first.capitalize() if first.isupper() else ""
    )


@cache
def _no_names() -> frozenset[str]:
    """Return first words of names that are no first names: articles, titles, kinds of business."""
    lines = Path(__file__).with_name("no_names.txt").read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
