"""The check as a child process of the screen: dictionaries load elsewhere, and nothing in it can stop a key.

The child is ``socialdesk check --batch``: a line of JSON asks, a line answers. It starts with the first question, is
started once more where it dies, and leaves when nobody has asked for five minutes, or when the screen is gone, since
its input ends then.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from socialdesk import i18n
from socialdesk.domain.text import one_line, scrub

IDLE = 300.0
"""Seconds without a question after which the child is let go."""
PATIENCE = 10.0
"""Seconds that an answer may take; the first one loads dictionaries."""
PAUSE = 30.0
"""Seconds without another attempt once a child could not be made to answer."""
_LONGEST_LINE = 8 * 1024 * 1024


class Found(NamedTuple):
    """A finding as the screen sees it: ``start`` and ``end`` count code points, ``due_at`` is when a promise falls due."""

    family: str
    rule: str
    start: int
    end: int
    message: str
    mend: str | None = None
    weight: str = "advice"  # "stop" | "advice" | "note"
    due_at: datetime | None = None


class CheckFailed(Exception):
    """There is no answer, and trying at once again would not help."""


class _DiedError(Exception):
    """The child is gone, or says nothing any more."""


def command(folder: Path) -> list[str]:
    """Return what starts the child, in the language of the screen; ``folder`` is where rules of one's own lie."""
    # -P: nothing in the folder where the person happens to be is taken for one of our modules.
    words = ("--language", i18n.language(), "check", "--batch", "--folder", str(folder))
    return [sys.executable, "-P", "-m", "socialdesk", *words]


class CheckChild:
    """Asks the child. ``ask`` takes its time and belongs in a thread; ``close`` may be called from any other."""

    def __init__(
        self,
        folder: Path,
        *,
        command: Callable[[Path], Sequence[str]] = command,
        idle: float = IDLE,
        patience: float = PATIENCE,
        pause: float = PAUSE,
    ) -> None:
        self._folder, self._command = folder, command
        self._idle, self._patience, self._pause = idle, patience, pause
        self._asking = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._language = ""
        self._rest = b""
        self._number = 0
        self._asked_at = self._failed_at = float("-inf")
        self._timer: threading.Timer | None = None
        self._closed = threading.Event()

    @property
    def is_running(self) -> bool:
        """Whether there is a child at the moment."""
        process = self._process
        return process is not None and process.poll() is None

    def ask(self, draft: Mapping[str, Any]) -> list[Found]:
        """Return what is found in a draft (the keys are those of the batch). Raises ``CheckFailed``."""
        with self._asking:
            if self._closed.is_set() or time.monotonic() - self._failed_at < self._pause:
                raise CheckFailed
            for _attempt in range(2):
                try:
                    return self._ask(draft)
                except (_DiedError, OSError):
                    self._let_go()
                    if self._closed.is_set():
                        break
            self._failed_at = time.monotonic()
            raise CheckFailed

    def close(self) -> None:
        """End the child, for good."""
        self._closed.set()
        process = self._process
        if process is not None:
            process.kill()  # it has nothing to lose, and whoever waits for it need not wait longer
        with self._asking:
            self._let_go()

    def _ask(self, draft: Mapping[str, Any]) -> list[Found]:
        process = self._running()
        self._asked_at = time.monotonic()
        until = self._asked_at + self._patience
        self._number += 1
        line = json.dumps({**draft, "id": self._number}, separators=(",", ":")).encode() + b"\n"
        self._write(process, line, until)
        while True:
            answer = _read(self._line(process, until))
            if (
                answer.get("id") == self._number
            ):  # what a plugin has printed, and answers to nobody, are passed over
                return list(_found(answer, str(draft["text"])))

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._language != i18n.language():
            self._let_go()
            self._begin()
        assert self._process is not None
        return self._process

    def _begin(self) -> None:
        self._language, self._rest = i18n.language(), b""
        self._process = process = subprocess.Popen(
            self._command(self._folder),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            start_new_session=True,
        )
        if self._closed.is_set():  # only now there is something to end
            raise _DiedError
        assert process.stdin is not None
        os.set_blocking(process.stdin.fileno(), False)
        self._watch(self._idle)

    def _write(self, process: subprocess.Popen[bytes], line: bytes, until: float) -> None:
        assert process.stdin is not None
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdin, selectors.EVENT_WRITE)
            while line:
                _wait(selector, until)
                line = line[os.write(process.stdin.fileno(), line) :]

    def _line(self, process: subprocess.Popen[bytes], until: float) -> bytes:
        assert process.stdout is not None
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            while b"\n" not in self._rest:
                _wait(selector, until)
                piece = os.read(process.stdout.fileno(), 65536)
                if not piece or len(self._rest) > _LONGEST_LINE:
                    raise _DiedError
                self._rest += piece
        line, _newline, self._rest = self._rest.partition(b"\n")
        return line

    def _let_go(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if self._timer is not None:
            self._timer.cancel()
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        process.wait()

    # The idle child -------------------------------------------------------------------------------

    def _watch(self, seconds: float) -> None:
        self._timer = timer = threading.Timer(seconds, self._look_at_the_clock)
        timer.daemon = True
        timer.start()

    def _look_at_the_clock(self) -> None:
        if not self._asking.acquire(blocking=False):
            self._watch(self._idle)
            return
        try:
            left = self._asked_at + self._idle - time.monotonic()
            if left <= 0:
                self._let_go()
            elif self._process is not None:
                self._watch(left)
        finally:
            self._asking.release()


def _wait(selector: selectors.BaseSelector, until: float) -> None:
    left = until - time.monotonic()
    if left <= 0 or not selector.select(left):
        raise _DiedError


def _read(line: bytes) -> Mapping[str, Any]:
    try:
        answer = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}


def _found(answer: Mapping[str, Any], text: str) -> Iterable[Found]:
    """Yield the findings that can be shown; an answer without any is a draft that could not be checked."""
    findings = answer.get("findings")
    if not isinstance(findings, list):
        raise CheckFailed
    for values in findings:
        try:
            yield _sound(values, len(text))
        except (TypeError, ValueError, KeyError):
            continue


def _sound(values: Mapping[str, Any], length: int) -> Found:
    start, end, mend, due_at = values["start"], values["end"], values.get("mend"), values.get("due_at")
    if not (0 <= start <= end <= length):
        raise ValueError(values)
    return Found(
        str(values["family"]),
        str(values["rule"]),
        start,
        end,
        one_line(str(values["message"])),
        None if mend is None else scrub(str(mend)),
        str(values.get("weight", "advice")),
        datetime.fromisoformat(due_at) if due_at else None,
    )
