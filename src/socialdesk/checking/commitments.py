"""Promises that an answer makes: which, and by when (NEEDS A1, C7)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timezone, tzinfo
from functools import lru_cache
from typing import NamedTuple

from socialdesk.checking.composing import composed
from socialdesk.checking.dates import when
from socialdesk.checking.draft import Draft
from socialdesk.checking.folding import Piece
from socialdesk.checking.phrases import Hit, book, hits
from socialdesk.checking.phrasing import languages
from socialdesk.checking.rules import Rules

__all__ = ["Commitment", "promises", "when"]

_QUOTES = re.compile(r"«[^»]*»|“[^”]*”|\"[^\"\n]*\"")


class Commitment(NamedTuple):
    """One promise: its place in code points, the sentence that makes it, and when it falls due, in UTC; None: it names no time."""

    start: int
    end: int
    text: str
    due_at: datetime | None


def promises(draft: Draft, rules: Rules, now: datetime) -> list[Commitment]:
    """Return what the draft promises, one a sentence, in order.

    ``now`` is aware, in the zone that its "today" means; without a zone of its own (UTC, an offset) the machine's.
    """
    draft, places = composed(draft)
    found: dict[Piece, Commitment] = {}
    for language in languages(draft):
        for hit in _hits(draft.text, language):
            if hit.sentence not in found and not _quoted(draft.text, hit.start):
                due_at = _due(draft.text, hit, language, now)
                sentence = " ".join(draft.text[hit.sentence.start : hit.sentence.end].split())
                found[hit.sentence] = Commitment(hit.start, hit.end, sentence, due_at)
    return sorted(one._replace(start=places[one.start], end=places[one.end]) for one in found.values())


@lru_cache(maxsize=8)
def _hits(text: str, language: str) -> Sequence[Hit]:
    """Return where promises are made, in order; looked for once, though their dates are asked for after the finding."""
    return sorted(hits(text, book("commitment", language)))


def _quoted(text: str, place: int) -> bool:
    return any(quote.start() < place < quote.end() for quote in _QUOTES.finditer(text))


def _due(text: str, hit: Hit, language: str, now: datetime) -> datetime | None:
    """Return the time that the sentence names from the promise on, or else before it."""
    parts = ((hit.start, hit.sentence.end), (hit.sentence.start, hit.end))
    dates = (when(text[start:end], language, now, _zone(now)) for start, end in parts)
    return next((date for date in dates if date is not None), None)


def _zone(now: datetime) -> tzinfo | None:
    return None if isinstance(now.tzinfo, timezone) else now.tzinfo
