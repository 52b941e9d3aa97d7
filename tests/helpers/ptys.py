"""A command on a pseudo-terminal, with somebody who types; what it writes is kept as it is."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType


class InPty:
    """A process of socialdesk with these words; ``written`` is all that it has written so far."""

    def __init__(self, environment: Mapping[str, str], folder: Path, *words: str) -> None:
        self._ours, self._theirs = pty.openpty()
        fcntl.ioctl(self._ours, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
        self.written = ""
        self._seen = 0
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "socialdesk", *words],
            stdin=self._theirs,
            stdout=self._theirs,
            stderr=self._theirs,
            cwd=folder,
            env={**environment, "TERM": "xterm-256color"},
            preexec_fn=_own_terminal,
        )

    def press(self, keys: str) -> None:
        """Press keys."""
        os.write(self._ours, keys.encode())

    def read(self, seconds: float) -> str:
        """Take what is written in that time; returns at once when the process has ended."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if select.select([self._ours], [], [], min(left, 0.05))[0]:
                self.written += os.read(self._ours, 65536).decode(errors="replace")
            elif self.process.poll() is not None:
                break
        return self.written

    def until(self, words: str, patience: float) -> float:
        """Wait until that is written after what was waited for before; returns the seconds that it took."""
        began = time.monotonic()
        while (at := self.written.find(words, self._seen)) < 0:
            over = time.monotonic() - began > patience or self.process.poll() is not None
            assert not over, f"no {words!r} in {self.written[self._seen :]!r}"
            self.read(0.02)
        self._seen = at + len(words)
        return time.monotonic() - began

    def __enter__(self) -> InPty:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._ours)
        os.close(self._theirs)


def _own_terminal() -> None:
    """Make the terminal the process's own, so that a hidden prompt finds it as /dev/tty."""
    from helpers.careless import allow_image

    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    allow_image()
