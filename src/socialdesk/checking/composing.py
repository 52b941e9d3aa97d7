"""Letters and accents in one piece: a text pasted from elsewhere may have them apart, where no word would be known."""

from __future__ import annotations

import re
from collections.abc import Sequence
from unicodedata import is_normalized, normalize

from socialdesk.checking.draft import Draft

_CLUSTER = re.compile(r"[^\u0300-\u036f][\u0300-\u036f]*|[\u0300-\u036f]+")


def composed(draft: Draft) -> tuple[Draft, Sequence[int]]:
    """Return a draft with its accents on their letters, and where each place of its text lies in the one given."""
    text = draft.text
    others = draft._replace(
        reply_to=normalize("NFC", draft.reply_to),
        facts=tuple(normalize("NFC", fact) for fact in draft.facts),
        names=tuple(normalize("NFC", name) for name in draft.names),
    )
    if is_normalized("NFC", text):
        return others, range(len(text) + 1)
    pieces: list[str] = []
    places: list[int] = []
    for cluster in _CLUSTER.finditer(text):
        piece = normalize("NFC", cluster[0])
        pieces.append(piece)
        places += range(cluster.start(), cluster.start() + len(piece))
    return others._replace(text="".join(pieces)), [*places, len(text)]
