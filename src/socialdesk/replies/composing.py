"""From what the files hold to what is inserted into one answer: whole answers first, then their parts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from socialdesk.replies.canned import Address, Attitude, Reply, Use, joined, stack
from socialdesk.replies.filling import Values, fill
from socialdesk.replies.library import situations


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

    def compose(self, entry: Entry) -> Composed:
        """Return the words of an entry, its blanks filled; nothing where it is not written in that form of address."""
        parts = stack(list(entry.replies), self.address, self.used, short=self.short)
        filled = fill(joined(parts, short=self.short), self.values)
        return Composed(filled.text, tuple(part.use for part in parts), filled.missing)


def entries(replies: Iterable[Reply], used: Mapping[str, Use], situation: str = "") -> list[Entry]:
    """Return what can be chosen in one language: the conversation's own situation first, then the most used.

    Whole answers come before the parts.
    """
    times = _times(used)
    found = situations(replies)
    order = sorted(found, key=lambda one: (one != situation, -times.get(one, 0)))
    whole = [_entry(one, found[one]) for one in order]
    parts = [_entry(one, [reply], reply.attitude) for one in order for reply in found[one]]
    return [*whole, *parts]


def _entry(situation: str, replies: Sequence[Reply], attitude: Attitude | None = None) -> Entry:
    first = replies[0]
    return Entry(situation, first.language, first.title, first.keywords, tuple(replies), attitude)


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
    if not letters.isalpha() or len(letters) < 2 or first.casefold() in _NO_NAMES.split():
        return ""
    return (
        first if first[0].isupper() and not first.isupper() else first.capitalize() if first.isupper() else ""
    )


_NO_NAMES = (
    "la el los las the un una le les il lo der die das de het o os as a hotel bar café restaurante taller tienda"
    " don doña sr sra señor señora mr mrs ms dr dra recepción club peluquería asociación familia"
)
"""First words of names that are no first names: articles, titles, kinds of business."""
