"""Text as people and networks see it: made harmless, counted, shortened."""

from __future__ import annotations

from enum import StrEnum


class Count(StrEnum):
    """The unit in which a network counts a text."""

    GRAPHEMES = "graphemes"
    CODE_POINTS = "code_points"
    UTF16 = "utf16"
    BYTES = "bytes"
