"""For a terminal that has few characters: ours become plain ones, and those that it cannot be sent a question mark.

Every character keeps its width, so that nothing on the screen moves.
"""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from functools import lru_cache

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

_PLAIN = str.maketrans(
    "▶●○✓✗✎→←↑↓…•★☆" + "─━│┃┌┐└┘├┤╭╮╰╯" + "▁▂▃▄▅▆▇█▌▐▔▊▎▏▕",
    ">*ovxd><^v..*-" + "--|#++++++++++" + "       ### #|||",
)  # fmt: skip
_DOTS = {"·": "."}
"""What is plain enough for most, and a letter of some people's names (l·l)."""
_UTF_8 = "utf-8"


def needed(environment: Mapping[str, str], stream: str | None, locale: str) -> PlainLetters | None:
    """Return the filter that a terminal needs, or None.

    ``stream`` is the encoding of what is written, ``locale`` that of the person's locale. The Linux console takes
    UTF-8, but its font has 256 or 512 characters; where the locale says nothing of UTF-8 (``LC_ALL=C``) Python writes
    it all the same, so the letters of the customers' words are sent and only our own marks are spared.
    """
    encoding = _name(stream or _UTF_8)
    if encoding == _name(locale) == _UTF_8 and environment.get("TERM") != "linux":
        return None
    return PlainLetters(encoding)


class PlainLetters(LineFilter):
    """Writes marks, arrows and rules with the characters that every terminal has."""

    def __init__(self, encoding: str) -> None:
        """``encoding`` is what can be written; anything, in UTF-8."""
        super().__init__()
        self._encoding = encoding
        self._plain = lru_cache(maxsize=4096)(self.plain)

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments in plain characters."""
        return [
            Segment(text if control or text.isascii() else self._plain(text), style, control)
            for text, style, control in segments
        ]

    def plain(self, text: str) -> str:
        """Return a text of the same width in characters that can be shown."""
        text = text.translate(_PLAIN)
        if self._encoding == _UTF_8:
            return text
        return "".join(c if _can(c, self._encoding) else _DOTS.get(c, "?" * cell_len(c)) for c in text)


def _can(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _name(encoding: str) -> str:
    try:
        return codecs.lookup(encoding).name
    except LookupError:
        return "ascii"
