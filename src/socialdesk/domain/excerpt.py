"""Which words of a text a search has found, and the part of the text that shows them.

Words are understood as the text index does (SQLite FTS5, ``unicode61 remove_diacritics 2``): letters and digits,
capitals and accents aside.
"""

from __future__ import annotations

import re
from unicodedata import combining, normalize

Piece = tuple[str, bool]
"""A part of a text, and whether it is a word that was looked for."""

IN_SIGHT = 60
"""Characters at the beginning of a line that are surely seen."""

LEAD = 30
"""Characters at most before the first word found, where the beginning of the text is left out."""

_WORD = re.compile(r"(?:[^\W_][\u0300-\u036f]*)+")


def folded(word: str) -> str:
    """Return the word as the index keeps it: small letters without their accents."""
    letters = normalize("NFD", word.lower())
    return normalize("NFC", "".join(letter for letter in letters if not combining(letter)))


def marked(text: str, typed: str) -> list[Piece]:
    """Cut a text at the words that were typed; the last of these may be a beginning."""
    wanted = [folded(word) for word in _WORD.findall(typed)]
    pieces: list[Piece] = []
    done = 0
    for found in _WORD.finditer(text) if wanted else ():
        word = folded(found[0])
        if word in wanted or word.startswith(wanted[-1]):
            pieces += [(text[done : found.start()], False), (found[0], True)]
            done = found.end()
    pieces.append((text[done:], False))
    return [piece for piece in pieces if piece[0]]


def excerpt(text: str, typed: str) -> list[Piece]:
    """Return a text as one line, cut at the words that were typed, from a little before the first of them."""
    line = " ".join(text.split())
    pieces = marked(line, typed)
    before = pieces[0][0] if pieces and not pieces[0][1] else ""
    if len(pieces) < 2 or len(before) + len(pieces[1][0]) <= IN_SIGHT:
        return pieces
    lead = before[-LEAD:]
    return [("…" + lead[lead.find(" ") + 1 :], False), *pieces[1:]]
