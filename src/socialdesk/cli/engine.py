"""The engine as a child process of the screen: plugins, keyring and network never share the screen's process.

The pipe to its standard input is its life line: a line wakes it up, and when the pipe ends, because the screen has
left or was killed, it finishes what it does and leaves too. Where another process serves the desk already, the child
waits to take over.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from socialdesk.sync.enginelock import is_running

if TYPE_CHECKING:
    import subprocess

PAUSE = 10.0
"""Seconds between two starts of a child that keeps dying."""


class ChildEngine:
    """Starts, wakes and leaves the engine of one desk."""

    def __init__(self, lock: Path, *options: str) -> None:
        self._lock = lock
        # -P: nothing in the folder where the person happens to be is taken for one of our modules.
        self._command: Sequence[str] = (sys.executable, "-P", "-m", "socialdesk", "sync", "--child", *options)
        self._process: subprocess.Popen[bytes] | None = None
        self._started = -PAUSE
        self._stopped = False

    def start(self) -> None:
        """Start the child, unless it lives or has just died."""
        if self._stopped or self._is_alive() or time.monotonic() - self._started < PAUSE:
            return
        import subprocess  # not before the first paint

        self._close_pipe()
        self._started = time.monotonic()
        self._process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        assert self._process.stdin is not None
        os.set_blocking(self._process.stdin.fileno(), False)

    def wake(self) -> None:
        """Tell the engine that there may be something to send; one that is not ours sees it within a second."""
        if self._process is not None and self._process.stdin is not None:
            with suppress(OSError, ValueError):
                os.write(self._process.stdin.fileno(), b"wake\n")

    def is_running(self) -> bool:
        """Say whether any engine serves the desk; a child that has died is started again."""
        if self._process is not None:
            self.start()
        return is_running(self._lock)

    def stop(self) -> None:
        """Let the child go; it may still be sending, and nobody waits for it."""
        self._stopped = True
        self._close_pipe()

    def _is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _close_pipe(self) -> None:
        if self._process is not None and self._process.stdin is not None:
            with suppress(OSError):
                self._process.stdin.close()
