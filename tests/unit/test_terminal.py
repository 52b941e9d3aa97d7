"""A real terminal: keys, another program in between, sizes, and what hostile text does to it (DESIGN 6)."""

from __future__ import annotations

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
from collections.abc import Iterator
from pathlib import Path

import pyte
import pytest

from helpers.glass import Glass
from socialdesk.terminal import signals

APP = Path(__file__).parent.parent / "helpers" / "terminal_app.py"
UNKNOWN_TO_PYTE = re.compile(r"\x1b\[[<>=][0-9;]*[a-zA-Z]|\x1b\[\?[0-9;]*\$p")


def _environment() -> dict[str, str]:
    """This process's own, without the size that a parallel test runner puts there for its workers."""
    kept = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    return {**kept, "TERM": "xterm-256color", "COLORTERM": "truecolor"}


class Terminal:
    """The app in a pty, with an emulated screen."""

    def __init__(self, *arguments: str) -> None:
        self.ours, theirs = pty.openpty()
        self.resize(60, 10)
        self.before = termios.tcgetattr(theirs)
        self.process = subprocess.Popen(
            [sys.executable, str(APP), *arguments],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            env=_environment(),
        )
        self.theirs = theirs
        self.screen = pyte.Screen(60, 10)
        self.stream = pyte.Stream(self.screen)
        self.written = ""

    def resize(self, columns: int, lines: int) -> None:
        fcntl.ioctl(self.ours, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def press(self, keys: str) -> None:
        os.write(self.ours, keys.encode())

    def until(self, text: str) -> str:
        """Read until the screen shows the text; return what was written meanwhile."""
        self.written = ""
        end = time.monotonic() + 20
        while text not in "\n".join(self.screen.display):
            ready, _, _ = select.select([self.ours], [], [], max(0, end - time.monotonic()))
            assert ready, f"{text!r} never came:\n" + "\n".join(self.screen.display)
            data = os.read(self.ours, 65536).decode()
            self.written += data
            self.stream.feed(UNKNOWN_TO_PYTE.sub("", data))
        return self.written

    def close(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        os.close(self.ours)
        os.close(self.theirs)


@pytest.fixture(params=["changes", "plain"])
def terminal(request: pytest.FixtureRequest) -> Iterator[Terminal]:
    opened = Terminal(request.param)
    yield opened
    opened.close()


def test_keys_sizes_and_another_program_in_between(terminal: Terminal) -> None:
    terminal.until("size 60x10")
    terminal.press("j")
    terminal.until("count 1")
    terminal.press("jj")
    terminal.until("count 3")
    terminal.press("\x1b")
    terminal.until("escape")

    terminal.press("e")
    terminal.until("EDITING")
    terminal.screen.reset()
    terminal.press("\n")
    terminal.until("never changes")
    terminal.press("j")
    terminal.until("count 4")

    terminal.resize(40, 8)
    terminal.screen.resize(8, 40)
    os.kill(terminal.process.pid, signal.SIGWINCH)
    terminal.until("size 40x8")

    terminal.press("q")
    assert terminal.process.wait(20) == 0
    assert termios.tcgetattr(terminal.theirs)[3] == terminal.before[3]


def test_a_terminal_that_knows_no_size_is_given_one_and_work_goes_on() -> None:
    """Over some serial lines and in some containers nobody says how large the screen is."""
    with Glass([], (0, 0), {}) as glass:
        glass.until("socialdesk")
        glass.press("q")
        assert glass.process.wait(20) == 0


def test_stopped_and_continued_by_the_shell_the_screen_is_drawn_anew() -> None:
    terminal = Terminal()
    try:
        terminal.until("size 60x10")
        os.kill(terminal.process.pid, signal.SIGTSTP)
        os.waitpid(terminal.process.pid, os.WUNTRACED)
        while select.select([terminal.ours], [], [], 0)[0]:
            os.read(terminal.ours, 65536)
        terminal.screen.reset()
        os.kill(terminal.process.pid, signal.SIGCONT)
        terminal.until("never changes")
        terminal.press("j")
        terminal.until("count 1")
    finally:
        terminal.close()


def test_a_hostile_text_cannot_steer_the_terminal(terminal: Terminal) -> None:
    terminal.until("size 60x10")
    terminal.press("x")
    written = terminal.until("a]0;ownedb2Jc")
    assert "\x1b]" not in written
    assert "\x9b" not in written


def test_a_key_writes_the_cells_that_change_and_no_more() -> None:
    terminal = Terminal()
    try:
        terminal.until("size 60x10")
        for number in range(1, 4):
            terminal.press("j")
            written = terminal.until(f"count {number}")
        assert len(written) < 60
    finally:
        terminal.close()


HOSTILE = "Ana\x1b]0;owned\x07\n\u202e; 50 %\x9b"


@pytest.mark.parametrize(
    "environment", [{}, {"TMUX": "/tmp/x"}, {"TERM_PROGRAM": "WezTerm"}, {"TERM": "foot"}]
)
def test_customers_words_in_titles_and_notifications_are_only_words(environment: dict[str, str]) -> None:
    """DESIGN 6: a message could retitle the window."""
    for sequence in (signals.title(HOSTILE), signals.notification(HOSTILE, HOSTILE, environment)):
        inner = sequence.removeprefix("\x1bPtmux;").replace("\x1b\x1b", "\x1b")
        assert inner.count("\x1b]") == 1
        assert re.fullmatch(r"\x1b\][^\x00-\x1f\x7f-\x9f\u202e]*\x1b\\(\x1b\\)?", inner)
        assert "Ana" in inner


def test_a_long_title_is_cut_and_the_clipboard_takes_any_text() -> None:
    assert len(signals.title("x" * 5000)) < 250
    assert signals.copy("¿Qué tal?\x1b", {}) == "\x1b]52;c;wr9RdcOpIHRhbD8b\x1b\\"
    assert signals.copy("a", {"TMUX": "1"}).startswith("\x1bPtmux;\x1b\x1b]52;")
