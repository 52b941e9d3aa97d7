"""The terminal's input and output, without waking up while nobody types."""

from __future__ import annotations

import os
import selectors
from codecs import getincrementaldecoder
from collections.abc import Iterable
from contextlib import suppress
from threading import Event
from typing import Any

from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

_LOOK = 0.05
"""Seconds between looks while what was read may be the start of a longer sequence (a lone escape)."""

_READ = 4096


class _WakingEvent(Event):
    """An event that a selector can wait for, beside a file."""

    def __init__(self) -> None:
        super().__init__()
        self.reader, self._writer = os.pipe()
        os.set_blocking(self.reader, False)

    def set(self) -> None:
        """Set the event and wake who selects ``reader``."""
        super().set()
        os.write(self._writer, b".")

    def clear(self) -> None:
        """Clear the event."""
        super().clear()
        with suppress(BlockingIOError):
            os.read(self.reader, _READ)


class QuietDriver(LinuxDriver):
    """Textual's driver with an input thread that sleeps until there is input (its own wakes ten times a second)."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.exit_event: _WakingEvent = _WakingEvent()

    @property
    def backlog(self) -> int:
        """How many writes the terminal has not taken yet."""
        return self._writer_thread._queue.qsize() if self._writer_thread is not None else 0

    def _get_terminal_size(self) -> tuple[int, int]:
        """Return the size that the app goes by: of a terminal without one each assumed another, and both chased each other."""
        width, height = self._app.console.size
        return width, height

    def start_application_mode(self) -> None:
        """Take the terminal; whatever it showed is gone."""
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if begun := getattr(self._app, "terminal_begun", None):
            begun()

    def run_input_thread(self) -> None:
        """Read input until the exit event; called in a thread."""
        parser, decode = XTermParser(self._debug), getincrementaldecoder("utf-8")("replace").decode
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            selector.register(self.exit_event.reader, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                ready = selector.select(None if parser._timeout_time is None else _LOOK)
                if any(key.fd == self.fileno for key, _ in ready):
                    if data := os.read(self.fileno, _READ):
                        self._handle(parser.feed(decode(data)))
                    else:
                        selector.unregister(self.fileno)  # the end of a piped input: nothing more will come
                self._handle(parser.tick())

    def _handle(self, messages: Iterable[Message]) -> None:
        for message in messages:
            self.process_message(message)
