"""A notice of ours inside a text that is somebody else's: a profile, a short description (NEEDS A6).

The notice is a block between two marks, on a line of its own at the end of the owner's text::

    Panadería artesana en Lavapiés.
    ·⏱ Ahora respondemos en unos 20 min ⏱·

Only a whole block is ever changed. Whatever else is there stays as it is, character by character, also a stopwatch of
the owner's own. A block that its owner has moved is still found, and comes back at the end with the next notice.
"""

from __future__ import annotations

import re

from socialdesk.connectors.contract import Limit, Rejected, measure

OPENS, CLOSES = "·⏱ ", " ⏱·"
"""The marks: a middle dot (U+00B7), a stopwatch (U+23F1) and a space, and the same backwards."""

NO_ROOM = "notice_no_room"
"""Problem code: the owner's text leaves no room for the notice, and is never cut."""

# Phones put a variation selector behind a stopwatch, which changes its colour and nothing else.
_SELECTOR = "[\ufe0e\ufe0f]?"
_BLOCK = re.compile(rf"\n?·⏱{_SELECTOR} [^⏱\n]*? ⏱{_SELECTOR}·")


def put(text: str, words: str, limit: Limit | None = None) -> str:
    """Return the owner's text with these words as its notice, in the place of any former one.

    ``words`` become one line. Raises ``Rejected`` (``NO_ROOM``) where the whole would be longer than ``limit``.
    """
    own, said = take_away(text), " ".join(words.replace("⏱", " ").split())
    if not said:
        return own
    block = f"{OPENS}{said}{CLOSES}"
    whole = f"{own}\n{block}" if own else block
    if limit is not None and not limit.fits(whole):
        raise Rejected(
            f"{measure(own, limit.count)} + {measure(block, limit.count)} > {limit.size}", code=NO_ROOM
        )
    return whole


def take_away(text: str) -> str:
    """Return the owner's text without any notice of ours."""
    while (left := _BLOCK.sub("", text)) != text:  # what stood around a block may be one itself
        text = left
    return text
