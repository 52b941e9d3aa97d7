"""What a process that knows secrets says: nothing with them in it.

A plugin may print, and whatever Python has to say of a thread that broke down, of a warning or of a destructor
goes to the standard error: to the log of the engine, or to a service manager's journal.
"""

from __future__ import annotations

import sys
import threading
from typing import Any, TextIO, cast

from socialdesk import logs

_SHORTEST = 8
"""A shorter secret may be a word of ours, which scripts look for in what we print."""


def begin() -> None:
    """From now on to the end of this process; repeated, it does nothing."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if not isinstance(stream, _Discreet):
            setattr(sys, name, cast(TextIO, _Discreet(stream)))


def say_aloud(text: str) -> None:
    """Print a line with a secret in it, because its owner has asked for just that."""
    stream = sys.stdout
    print(text, file=stream._stream if isinstance(stream, _Discreet) else stream)


class _Discreet:
    """Passes on whole lines, and what is flushed before their end, without the secrets in them."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._line = ""
        self._lock = threading.RLock()

    def write(self, text: str) -> int:
        with self._lock:
            whole, newline, self._line = (self._line + text).rpartition("\n")
            if newline:
                self._stream.write(logs.redact(whole, _SHORTEST) + newline)
        return len(text)

    def writelines(self, lines: list[str]) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        with self._lock:
            rest, self._line = self._line, ""
            if rest:
                self._stream.write(logs.redact(rest, _SHORTEST))
            self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
