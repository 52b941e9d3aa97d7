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
        if not hasattr(stream, "aloud"):  # it may be below another that passes on
            setattr(sys, name, cast(TextIO, _Discreet(stream)))


def say_aloud(text: str) -> None:
    """Print a line with a secret in it, because its owner has asked for just that."""
    print(text, file=getattr(sys.stdout, "aloud", sys.stdout))


class _Discreet:
    """Passes on whole lines, and what is flushed before their end, without the secrets in them."""

    def __init__(self, stream: TextIO) -> None:
        self.aloud = stream
        self._line = ""
        self._lock = threading.RLock()

    def write(self, text: str) -> int:
        with self._lock:
            whole, newline, self._line = (self._line + text).rpartition("\n")
            if newline:
                self.aloud.write(self._harmless(whole) + newline)
        return len(text)

    def writelines(self, lines: list[str]) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        with self._lock:
            rest, self._line = self._line, ""
            if rest:
                self.aloud.write(self._harmless(rest))
            self.aloud.flush()

    def _harmless(self, text: str) -> str:
        """Return what may be said; a person at a terminal is told of passwords in general, which a file need not keep."""
        return logs.without_known(text, _SHORTEST) if self.aloud.isatty() else logs.redact(text, _SHORTEST)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.aloud, name)
