"""A terminal program seen from outside: started in a pty, its keys pressed, its bytes counted.

Bytes are time-stamped when they are read; the emulation, which is slow, runs only once the program is quiet, so its
time never enters a figure. The terminal answers as one that knows synchronised updates (mode 2026). Linux only.
"""

from __future__ import annotations

import codecs
import contextlib
import fcntl
import math
import os
import pty
import re
import select
import signal
import statistics
import struct
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

import pyte

QUIET = 0.03
"""Seconds without output after which an update is taken as complete."""

_UNKNOWN_TO_PYTE = re.compile(
    r"\x1b(?:\[[<>=][0-9;]*[a-zA-Z]|\[\?[0-9;]*\$p|\[[0-9;]*t|[\]P][^\x07\x1b]*(?:\x07|\x1b\\))"
)
_UNFINISHED = re.compile(r"\x1b(?:\[[<-?]?[0-9;]*[ -/]*|[\]P][^\x07\x1b]*\x1b?)?\Z")
_QUERY = re.compile(rb"\x1b\[\?(\d+)\$p")


class Stroke(NamedTuple):
    """What one key did: milliseconds to the first and the last change of the screen, bytes written."""

    first: float
    last: float
    size: int


class Idle(NamedTuple):
    """What the program does while nobody types: bytes a second, and hundredths of a core, its children's apart."""

    rate: float
    cpu: float
    children: float


class Program:
    """A program in a terminal; use as a context manager, which ends it."""

    def __init__(
        self, command: Sequence[str], columns: int, lines: int, environment: Mapping[str, str]
    ) -> None:
        self._begun = time.perf_counter()
        self.pid, self._terminal = pty.fork()
        if self.pid == 0:
            os.execvpe(command[0], list(command), {**os.environ, **environment})
        fcntl.ioctl(self._terminal, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self.screen = pyte.Screen(columns, lines)
        self._stream = pyte.Stream(self.screen)
        self._tail = ""
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode

    def __enter__(self) -> Program:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for each in reversed(list(self._family())):
            with contextlib.suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self._terminal)

    # Output ---------------------------------------------------------------------------------------

    def _chunks(self, quiet: float, longest: float) -> list[tuple[float, bytes]]:
        """Read until it is quiet; each chunk with the time it came."""
        chunks: list[tuple[float, bytes]] = []
        limit = time.perf_counter() + longest
        while (rest := limit - time.perf_counter()) > 0:
            if not select.select([self._terminal], [], [], min(quiet if chunks else longest, rest))[0]:
                break
            try:
                data = os.read(self._terminal, 65536)
            except OSError:
                break
            chunks.append((time.perf_counter(), data))
            for query in _QUERY.findall(data):
                os.write(self._terminal, b"\x1b[?%s;%d$y" % (query, 2 if query == b"2026" else 0))
        return chunks

    def _feed(self, data: bytes) -> bool:
        """Emulate; say whether the picture changed."""
        before = self.picture()
        text = self._tail + self._decode(data)
        cut = unfinished.start() if (unfinished := _UNFINISHED.search(text)) else len(text)
        text, self._tail = text[:cut], text[cut:]
        self._stream.feed(_UNKNOWN_TO_PYTE.sub("", text))
        return self.picture() != before

    def picture(self) -> list[list[Any]]:
        """Return all cells."""
        return [
            [self.screen.buffer[y][x] for x in range(self.screen.columns)] for y in range(self.screen.lines)
        ]

    @property
    def text(self) -> str:
        """What is on the screen."""
        return "\n".join(self.screen.display)

    # Measuring ------------------------------------------------------------------------------------

    def ready(self, pattern: str) -> float:
        """Return the milliseconds from the start until the screen shows the pattern."""
        return self._shows(pattern, self._begun)

    def press_until(self, keys: str, pattern: str) -> float:
        """Press keys at once; return the milliseconds until the screen shows the pattern."""
        self.settle(0)
        begun = time.perf_counter()
        os.write(self._terminal, keys.encode())
        return self._shows(pattern, begun)

    def _shows(self, pattern: str, begun: float, longest: float = 30) -> float:
        while time.perf_counter() - begun < longest:
            shown = None
            for at, data in self._chunks(QUIET, 1):
                self._feed(data)
                if shown is None and re.search(pattern, self.text):
                    shown = at
            if shown is not None:
                return (shown - begun) * 1000
        raise TimeoutError(f"{pattern!r} not shown:\n{self.text}")

    def press(self, keys: str, longest: float = 5) -> Stroke:
        """Press keys at once, and wait until the screen is quiet."""
        self.settle(0)
        begun = time.perf_counter()
        os.write(self._terminal, keys.encode())
        chunks = self._chunks(QUIET, longest)
        changed = [(at - begun) * 1000 for at, data in chunks if self._feed(data)]
        size = sum(len(data) for _, data in chunks)
        return Stroke(changed[0], changed[-1], size) if changed else Stroke(math.nan, math.nan, size)

    def settle(self, seconds: float) -> int:
        """Wait, emulate what comes, and return how many bytes it was."""
        size, end = 0, time.perf_counter() + seconds
        while True:
            chunks = self._chunks(0.001, max(0.001, end - time.perf_counter()))
            for _, data in chunks:
                self._feed(data)
                size += len(data)
            if time.perf_counter() >= end:
                return size

    def idle(self, seconds: float) -> Idle:
        """Watch the program while nobody types."""
        before = self._cpu()
        size = self.settle(seconds)
        own, children = (
            (after - each) / seconds * 100 for after, each in zip(self._cpu(), before, strict=True)
        )
        return Idle(size / seconds, own, children)

    # The processes --------------------------------------------------------------------------------

    def _family(self) -> Iterator[int]:
        todo = [self.pid]
        while todo:
            each = todo.pop()
            yield each
            for task in Path(f"/proc/{each}/task").glob("*/children"):
                with contextlib.suppress(OSError):
                    todo += [int(child) for child in task.read_text().split()]

    def _cpu(self) -> list[float]:
        """Return the seconds of processor time used so far by the program, and by its children."""
        used = [0.0, 0.0]
        for each in self._family():
            for task in Path(f"/proc/{each}/task").glob("*/schedstat"):
                with contextlib.suppress(OSError):
                    used[each != self.pid] += int(task.read_text().split()[0]) / 1e9
        return used

    def memory(self) -> list[float]:
        """Return the peak resident megabytes of the program and of each of its children."""
        peaks = []
        for each in self._family():
            with contextlib.suppress(OSError, AttributeError):
                status = Path(f"/proc/{each}/status").read_text()
                peaks.append(int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024)  # type: ignore[index]
        return peaks


def median(values: Sequence[float]) -> float:
    """Return the median of the values that are there."""
    return statistics.median([value for value in values if not math.isnan(value)] or [math.nan])


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that this share of the values do not exceed."""
    there = sorted(value for value in values if not math.isnan(value))
    return there[min(len(there) - 1, math.ceil(share * len(there)) - 1)] if there else math.nan
