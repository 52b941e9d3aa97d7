"""What the check has found in an answer, and what the agent has decided about it: pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from socialdesk.checkchild import Found
from socialdesk.domain.answers import Overruled, Promise

Key = tuple[str, str, str]
"""A finding, whatever its place: family, rule and words. A decision holds as long as the words stand."""

EXCERPT = 200
"""Characters of a finding's words that are kept with the reason for letting it stand."""


MANY = 4
"""Words from which a finding that covers all of them is one about the answer as a whole."""

OF_ALL = frozenset({"cold", "repeated", "language"})
"""Families that speak of the answer as a whole, wherever their finding begins to."""


class Sending(NamedTuple):
    """An answer that is ready to leave, with all that goes along: what ``Desk.reply`` is given."""

    text: str
    overrules: tuple[Overruled, ...] = ()
    commitments: tuple[Promise, ...] = ()
    uses: tuple[str, ...] = ()
    split: tuple[str, ...] | None = None
    at: datetime | None = None

    def along(self) -> dict[str, Any]:
        """Return all but the text, by the names of ``Desk.reply``."""
        return {name: value for name, value in self._asdict().items() if name != "text"}


class Review:
    """The findings of one conversation's answer. ``text`` is the text they are of; None: nothing was checked yet."""

    def __init__(self, conversation_id: int | None = None) -> None:
        self.conversation_id = conversation_id
        self.text: str | None = None
        self.found: tuple[Found, ...] = ()
        self.failed = False  # the check gave no answer for this text
        self.parts: tuple[str, ...] = ()  # the numbered thread that a text too long leaves as
        self.bound: str | None = None  # the text that may leave although it could not be checked in time
        self.times_outdated = 0
        self._outdated = False
        self._reasons: dict[Key, str] = {}
        self._dates: dict[Key, datetime] = {}
        self._dropped: set[Key] = set()
        self._seen: set[Key] = set()

    def take(self, text: str, found: Iterable[Found], *, failed: bool = False) -> None:
        """Keep what was found in a text."""
        if text != self.text:
            self.parts = ()
        self.text, self.found, self.failed, self._outdated = text, tuple(found), failed, False

    def outdate(self) -> None:
        """The customer has written more: what was found answers less than there is now. What was decided stays."""
        self._outdated, self.times_outdated = True, self.times_outdated + 1

    def knows(self, text: str) -> bool:
        """Say whether it is known of just this text what is found in it, or that it cannot be known."""
        return self.text == text and not self._outdated

    def excerpt(self, found: Found) -> str:
        """Return the words that a finding is about."""
        return (self.text or "")[found.start : found.end]

    def is_whole(self, found: Found) -> bool:
        """Say whether a finding is about the whole answer rather than a place in it."""
        text, words = (self.text or "").strip(), self.excerpt(found).strip()
        begins = found.family in OF_ALL and text.startswith(words)
        return (begins or words == text) and len(text.split()) >= MANY

    def _key(self, found: Found) -> Key:
        # What is said of a whole text is decided for the answer, not for these very words.
        return (found.family, found.rule, "" if self.is_whole(found) else self.excerpt(found))

    # Decisions ------------------------------------------------------------------------------------

    def overrule(self, found: Found, reason: str) -> None:
        """Let a finding stand, for a reason; none takes that back."""
        if reason:
            self._reasons[self._key(found)] = reason
        else:
            self._reasons.pop(self._key(found), None)

    def reason(self, found: Found) -> str:
        """Return why a finding is let stand, or ""."""
        return self._reasons.get(self._key(found), "")

    def promise(self, found: Found, due_at: datetime) -> None:
        """Give a promise another date."""
        self._dates[self._key(found)] = due_at
        self._dropped.discard(self._key(found))

    def due_at(self, found: Found) -> datetime | None:
        """Return when a promise falls due; None: it says no time, and nobody has given it one."""
        return self._dates.get(self._key(found), found.due_at)

    def turn(self, found: Found) -> None:
        """Keep no promise of this, or keep it after all."""
        self._dropped ^= {self._key(found)}

    def is_promised(self, found: Found) -> bool:
        """Say whether this is a promise that goes to the queue."""
        return found.family == "commitment" and self._key(found) not in self._dropped

    def look(self) -> None:
        """All findings have been seen."""
        self._seen |= {self._key(found) for found in self.found}

    # What is left to do ---------------------------------------------------------------------------

    def is_settled(self, found: Found) -> bool:
        """Say whether nothing is left to decide about a finding."""
        if found.family == "length" and self.parts:
            return True
        if found.family == "commitment":
            return not self.is_promised(found) or self.due_at(found) is not None
        return bool(self.reason(found)) or found.weight == "note"

    def stops(self) -> list[Found]:
        """Return the findings without whose mend or reason the answer does not leave."""
        return [found for found in self.found if found.weight == "stop" and not self.is_settled(found)]

    def is_news(self) -> bool:
        """Say whether there is something to decide that has not been seen."""
        return any(not self.is_settled(one) and self._key(one) not in self._seen for one in self.found)

    def first(self) -> int:
        """Return the number of the finding to begin with: one that holds the answer back, else one left to decide."""
        left = [number for number, one in enumerate(self.found) if not self.is_settled(one)]
        stops = [number for number in left if self.found[number].weight == "stop"]
        return next(iter(stops or left), 0)

    # What goes along ------------------------------------------------------------------------------

    def overrules(self) -> tuple[Overruled, ...]:
        """Return the findings that were let stand."""
        kept = ((one, self.reason(one)) for one in self.found)
        return tuple(
            Overruled(one.family, one.rule, self.excerpt(one)[:EXCERPT], reason)
            for one, reason in kept
            if reason
        )

    def promises(self) -> tuple[Promise, ...]:
        """Return the promises that the answer makes, each as its sentence says it."""
        return tuple(
            Promise(sentence(self.text or "", one.start), self.due_at(one))
            for one in self.found
            if self.is_promised(one)
        )

    def sending(self, text: str, uses: Sequence[str]) -> Sending:
        """Return the answer with all that goes along."""
        if not self.knows(text):
            return Sending(text, uses=tuple(uses))
        return Sending(text, self.overrules(), self.promises(), tuple(uses), self.parts or None)


def sentence(text: str, place: int) -> str:
    """Return the sentence around a place of a text, on one line."""
    from socialdesk.checking.folding import around

    piece = around(text, place)
    return " ".join(text[piece.start : piece.end].split())
