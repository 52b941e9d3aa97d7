"""The program in a real terminal, with every byte kept that it writes and an emulated screen of what is seen (promise 9)."""

from __future__ import annotations

import codecs
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

import pyte

from helpers.controls import foreign

QUIET = 0.04
"""Seconds without output after which a key is taken as answered."""
ANSWERED, PATIENCE = 0.15, 5.0
"""Seconds until the first output of a key that writes anything, and until the last."""

_UNKNOWN_TO_PYTE = re.compile(
    r"\x1b\[[<>=][0-9;]*[a-zA-Z]|\x1b\[\?[0-9;]*\$p|\x1b\[[0-9;]*t|\x1b[\]P][^\x07\x1b]*(?:\x07|\x1b\\)"
)
_UNFINISHED = re.compile(r"\x1b(?:\[[^a-zA-Z]*|[\]P][^\x07\x1b]*\x1b?)?\Z")


class Glass:
    """A process of socialdesk in a terminal of that size, which 0 leaves unknown; ends with the ``with`` block."""

    def __init__(self, words: Sequence[str], size: tuple[int, int], environment: Mapping[str, str]) -> None:
        self._ours, theirs = pty.openpty()
        columns, lines = size
        fcntl.ioctl(self._ours, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        kept = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "socialdesk", *words],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            env={**kept, "TERM": "xterm-256color", "COLORTERM": "truecolor", **environment},
        )
        os.close(theirs)
        self._decode = codecs.getincrementaldecoder("utf-8")("strict").decode
        self._screen = pyte.Screen(columns or 80, lines or 25)
        self._stream = pyte.Stream(self._screen)
        self._rest = ""
        self.written = ""

    def press(self, keys: str, quiet: float = QUIET) -> str:
        """Press keys, wait until nothing more is written; returns what is on the screen."""
        os.write(self._ours, keys.encode())
        self._take(ANSWERED)
        return self.settle(quiet)

    def settle(self, quiet: float = QUIET) -> str:
        """Wait until nothing is written for that long; returns what is on the screen."""
        end = time.monotonic() + PATIENCE
        while (left := end - time.monotonic()) > 0 and self._take(min(quiet, left)):
            pass
        return self.text

    def until(self, words: str, *, gone: bool = False, patience: float = 20) -> None:
        """Wait until the screen shows these words, or no longer shows them."""
        end = time.monotonic() + patience
        while (words in self.text) == gone:
            assert time.monotonic() < end and self.is_running, f"{words!r} not shown:\n{self.text}"
            self._take(0.2)

    def click(self, x: int, y: int) -> str:
        """Click on a cell, counted from 0."""
        at = f"{x + 1};{y + 1}"
        return self.press(f"\x1b[<0;{at}M\x1b[<0;{at}m")

    def check(self, where: str) -> None:
        """Assert that all that was written is ours and that the program goes on."""
        found = foreign(self.written)
        assert not found, f"on {where}: {found[:5]}"
        assert self.is_running, f"on {where} the program has ended:\n{self.text}"

    def check_end(self) -> None:
        """Assert the same of what is written when the program leaves, and that it left of its own will."""
        self.settle()
        found = foreign(self.written)
        assert not found, f"at the end: {found[:5]}"
        assert self.process.returncode == 0, self.text

    @property
    def text(self) -> str:
        """What is seen."""
        return "\n".join(self._screen.display)

    @property
    def is_running(self) -> bool:
        """Whether the program has not ended."""
        return self.process.poll() is None

    def _take(self, seconds: float) -> bool:
        """Read and show what comes within that time; returns whether anything came."""
        if not select.select([self._ours], [], [], seconds)[0]:
            return False
        try:
            text = self._decode(os.read(self._ours, 65536))
        except OSError:  # Linux: the other end is closed
            return False
        self.written += text
        text = self._rest + text
        cut = unfinished.start() if (unfinished := _UNFINISHED.search(text)) else len(text)
        text, self._rest = text[:cut], text[cut:]
        self._stream.feed(_UNKNOWN_TO_PYTE.sub("", text))
        return True

    def memory(self) -> float:
        """Return the megabytes that the process keeps in memory."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        assert found
        return int(found[1]) / 1024

    def __enter__(self) -> Glass:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.is_running:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        os.close(self._ours)
