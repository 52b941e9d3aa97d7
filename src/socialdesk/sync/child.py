"""The engine as a child process of the screen: heavy imports, plugins and the keyring stay out of the screen's way.

The child's standard input is its life line: a line nudges it, its end, also when the screen is killed, tells it to
leave. It is a session of its own, so that Ctrl-C at the terminal does not reach it. Where another engine serves the
desk already, the child waits to take over.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

from socialdesk.paths import Paths
from socialdesk.privatefile import make_folder
from socialdesk.sync.enginelock import is_running, lock_of

# -P: nothing in the folder where the person happens to be is taken for one of our modules.
COMMAND = (sys.executable, "-P", "-m", "socialdesk", "sync", "--child")
PAUSES = (1.0, 2.0, 5.0, 15.0, 60.0)
"""Seconds before the child is started again, the longer the more often it has died young."""
YOUNG = 120.0


class EngineChild:
    """Keeps the child alive until told to stop; every method returns at once and is safe from any thread."""

    def __init__(
        self,
        paths: Paths,
        desk: Path,
        *,
        command: Sequence[str] = COMMAND,
        environment: Mapping[str, str] | None = None,
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        self._paths = paths
        self._right = lock_of(desk)
        self._command = command
        self._environment = environment
        self._pauses = pauses
        self._lock = threading.Lock()
        self._lifeline: IO[bytes] | None = None
        self._stopped = threading.Event()
        self._watcher: threading.Thread | None = None

    def start(self) -> None:
        """Start the child and watch over it."""
        if self._watcher is None:
            self._watcher = threading.Thread(target=self._watch, name="engine child", daemon=True)
            self._watcher.start()

    def wake(self) -> None:
        """Tell the engine that there may be something to send."""
        # The lock keeps the number from being another file's by the time of the write. A child that hangs or has
        # died must not hold up the screen, so the pipe does not block.
        with self._lock:
            if self._lifeline is not None:
                with contextlib.suppress(OSError):
                    os.write(self._lifeline.fileno(), b"wake\n")

    def is_running(self) -> bool:
        """Say whether any engine serves this desk."""
        return is_running(self._right)

    def stop(self, patience: float = 0.0) -> None:
        """Let the child leave; a reply that is being sent gets its time even after the screen has gone."""
        self._stopped.set()
        self._let_go()
        if self._watcher is not None and patience:
            self._watcher.join(patience)

    def _watch(self) -> None:
        deaths = 0
        while not self._stopped.is_set():
            began = time.monotonic()
            try:
                process = self._begin()
            except OSError:
                pass  # no memory, no processes left: tried again like a child that died
            else:
                if self._stopped.is_set():
                    self._let_go()
                process.wait()
                self._let_go()
            deaths = 1 if time.monotonic() - began > YOUNG else deaths + 1
            self._stopped.wait(self._pauses[min(deaths, len(self._pauses)) - 1])

    def _begin(self) -> subprocess.Popen[bytes]:
        with _log(self._paths.log_file) as log:
            process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                bufsize=0,
                env=None if self._environment is None else dict(self._environment),
                start_new_session=True,
            )
        assert process.stdin is not None
        os.set_blocking(process.stdin.fileno(), False)
        with self._lock:
            self._lifeline = process.stdin
        return process

    def _let_go(self) -> None:
        with self._lock:
            if self._lifeline is not None:
                with contextlib.suppress(OSError):
                    self._lifeline.close()
            self._lifeline = None


@contextlib.contextmanager
def _log(file: Path) -> Iterator[int]:
    """Give the log file for what an interpreter says when it cannot even begin."""
    make_folder(file.parent)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    try:
        yield handle
    finally:
        os.close(handle)
