"""The last line of defence of what commands print: nothing of it steers the terminal, whatever was in the words.

As ``terminal.cells`` for the screen. Texts are scrubbed where they come in; this is for the one that was not.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from typing import Any, TextIO, cast

_STEERING = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
    r"|(?!\A)\r(?!\n|\Z)"  # the bar of an import begins with one, a line of a table of commas ends with one
)
"""Controls, and the marks that turn or hide what stands beside them."""


def guard() -> None:
    """Let what is printed from now on through this, to the end of the process; repeated, it does nothing."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if not isinstance(stream, _Harmless):
            setattr(sys, name, cast(TextIO, _Harmless(stream)))


class _Harmless:
    """Passes text on without what could steer a terminal."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        self._stream.write(_STEERING.sub("", text).replace("\t", " "))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
