"""Promises that an answer makes: which, and by when (NEEDS A1, C7)."""

from __future__ import annotations

import re
from datetime import datetime
from typing import NamedTuple

from socialdesk.checking import phrasing
from socialdesk.checking.draft import Draft
from socialdesk.checking.folding import Piece, around
from socialdesk.checking.rules import Rules
from socialdesk.checking.times import when

__all__ = ["Commitment", "promises", "when"]


_QUOTES = re.compile(r"«[^»]*»|“[^”]*”|\"[^\"\n]*\"")


class Commitment(NamedTuple):
    """One promise: its place in code points, the sentence that makes it, and when it falls due; None: it names no time."""

    start: int
    end: int
    text: str
    due_at: datetime | None


def promises(draft: Draft, rules: Rules, now: datetime) -> list[Commitment]:
    """Return what the draft promises, one a sentence, in order. ``now`` is aware, in the zone that its "today" means."""
    found: dict[Piece, Commitment] = {}
    language = phrasing.languages(draft)[0]
    for hit in phrasing.found("commitment", draft):
        if not _quoted(draft.text, hit.start):
            found.setdefault(hit.sentence, _commitment(draft.text, hit.start, hit.end, language, now))
    return list(found.values())


def _quoted(text: str, place: int) -> bool:
    return any(quote.start() < place < quote.end() for quote in _QUOTES.finditer(text))


def _commitment(text: str, start: int, end: int, language: str, now: datetime) -> Commitment:
    piece = around(text, start)
    sentence = " ".join(text[piece.start : piece.end].split())
    return Commitment(start, end, sentence, when(sentence, language, now, now.tzinfo))
