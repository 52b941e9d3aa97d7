"""Nothing received drives the terminal, runs an action or crashes the screen (promise 9 of docs/reliability.md).

Every field that a stranger, a network, a plugin or a file can fill is hostile, on every screen of a real terminal: what is written
to it is taken apart and compared with a list of what the screen may send. ``door`` lets the texts in as networks do,
and what is shown must be exact; ``hole`` writes them straight into the desk file, past all that cleans them.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest

from helpers.glass import Glass
from helpers.hostile import PAYLOADS, Payload
from helpers.hostile_desk import HostileDesk, mark
from helpers.killing import seed
from socialdesk.domain.models import State
from socialdesk.sync.enginelock import EngineLock, lock_of

WIDE, SMALL = (120, 36), (80, 24)
ESC, ENTER, TAB = "\x1b[27u", "\r", "\t"
"""Escape as a terminal sends it that leaves no doubt whether more follows."""


class Step(NamedTuple):
    """A screen and the keys that lead there and back; ``{mark}`` is what a payload's texts begin with.

    ``title`` are words that are seen there only; ``exact`` says that a payload must be seen to the letter.
    """

    name: str
    keys: tuple[str, ...]
    back: tuple[str, ...] = (ESC,)
    exact: bool = False
    title: str = ""


ROUND = (
    Step("the queue's end", ("G",), ("g",)),
    Step("the outbox", ("x", "j", "j", "y"), (ESC, ESC)),
    Step("the reply of the outbox", ("x", ENTER), (ESC, ESC)),
    Step("the accounts", ("a", "j", "j")),
    Step("promises", ("p", TAB, "j", ENTER), (ESC, ESC)),
    Step("the other promises", ("p", "\x1b[Z", "\x1b[C")),
    Step("views", ("v", "b")),
    Step("a filter", ("f", "b")),
    Step("brands", ("3",), (ESC, "1")),
    Step("networks", ("4",), (ESC, "1")),
    Step("the settled", ("6",), ("1",)),
    Step("the palette", ("\x10", "b")),
    Step("help", ("?", "G")),
    Step("themes", ("t",)),
    Step("another language", ("L",)),
)
ON_ONE = (
    Step("the conversation", (), (), exact=True),
    Step("why", ("w",)),
    Step("links", ("l",)),
    Step("a copied link", ("l", ENTER), ()),
    Step("what is promised", ("d", "j")),
    Step("situations", ("s", "b")),
    Step("the protocol", ("P", "i"), (ESC,)),
    Step("protocols", ("P", "P"), (ESC, ESC)),
    Step("snooze", ("z",)),
    Step("to private", ("m",), (ESC, ESC)),
    Step("search", ("/", "{mark}", ENTER), (ESC,)),
)
WRITING = (
    Step("the answer", (), ()),
    Step("canned replies", ("\x14", "{mark}"), (ESC,), True, "─ Canned"),
    Step("facts", ("\x06", "{mark}"), (ESC,), True, "─ Facts"),
    Step("findings", ("\x07",)),
    Step("later", ("\x04",)),
)


class Visit:
    """One look at every screen of a hostile desk."""

    def __init__(self, glass: Glass, desk: HostileDesk, exact: bool, opened: int) -> None:
        """``opened`` is how many conversations are looked at one by one."""
        self.glass = glass
        self.desk = desk
        self.exact = exact
        self.opened = opened
        self.seen = 0

    def everything(self) -> None:
        """Go everywhere, then leave."""
        self.glass.until(mark(0))
        self.glass.settle()
        self._shown("the queue", range(len(self.desk.payloads)))
        for step in ROUND:
            self._take(step, 0)
        for number in range(self.opened):
            self._conversation(number)
        self._leave()

    def _way(self, number: int) -> str:
        """Return the keys to a payload's conversation: whoever came last has waited least and stands below."""
        return "g" + "j" * (len(self.desk.payloads) - 1 - number) + ENTER

    def _conversation(self, number: int) -> None:
        self.glass.press(self._way(number))
        self._click(number)
        for step in ON_ONE:
            self._take(step, number)
        self.glass.press(ESC)
        self.glass.press(ESC)
        self.glass.press(self._way(number))
        self.glass.press("r")
        self.glass.until("nswer ·")
        for step in WRITING:
            self._take(step, number)
        for _ in range(3):
            self.glass.press(ESC)

    def _take(self, step: Step, number: int) -> None:
        for key in step.keys:
            self.glass.press(key.format(mark=mark(number)))
            self.glass.until(step.title)
        self.glass.check(step.name)
        self.seen += 1
        if step.exact:
            self._shown(step.name, [number])
        for key in step.back:
            self.glass.press(key)
        if step.title:
            self.glass.until(step.title, gone=True)

    def _shown(self, where: str, numbers: Sequence[int]) -> None:
        """Assert that the words stand there to the letter."""
        self.glass.check(where)
        if not self.exact:
            return
        for number in numbers:
            if self.desk.payloads[number].cells:
                self.glass.until(self.desk.line(number)[:12])

    def _click(self, number: int) -> None:
        """Click wherever a text asks to be clicked."""
        if not self.desk.payloads[number].acts:
            return
        for y, line in enumerate(self.glass.text.split("\n")):
            if (x := line.find("click")) >= 0 and mark(number) in line:
                self.glass.click(x, y)
                self.glass.check("a click")
        self.glass.press(ESC)
        self.glass.press(self._way(number))

    def _leave(self) -> None:
        for _ in range(4):
            self.glass.press(ESC)
        self.glass.press("q")
        if self.glass.is_running:
            self.glass.press("q")
        self.glass.process.wait(20)
        self.glass.check_end()


def visit(
    payloads: Sequence[Payload], size: tuple[int, int], way: str, folder: Path, opened: int | None = None
) -> int:
    """Show a desk of these payloads, so many of them one by one; returns how many screens were looked at."""
    desk = HostileDesk(payloads)
    desk.fill()
    if way == "hole":
        desk.spoil()
    desk.close()
    folder.mkdir(exist_ok=True)
    ran = folder / "ran"
    browser = folder / "browser"
    browser.write_text(f"#!/bin/sh\necho \"$@\" >> '{ran}'\n")
    browser.chmod(0o700)
    lock = EngineLock(lock_of(desk.home.database))
    assert lock.take()
    outside = {
        "BROWSER": str(browser),
        "EDITOR": str(browser),
        "DISPLAY": "",
        "WAYLAND_DISPLAY": "",
        "PATH": os.environ["PATH"],
    }
    try:
        with Glass([], size, outside) as glass:
            seen = Visit(glass, desk, way == "door", len(payloads) if opened is None else opened)
            seen.everything()
    except AssertionError as error:
        errors = desk.home.log_file.with_name("errors.log")
        error.add_note(errors.read_text() if errors.exists() else "no fault was logged")
        raise
    finally:
        lock.release()
    assert not ran.exists(), ran.read_text()
    assert {desk.desk.row(one).state for one in desk.conversations} <= {State.WAITING}
    desk.close()
    return seen.seen


def groups(size: int) -> list[Sequence[Payload]]:
    """Return all payloads, so many to a desk."""
    return [PAYLOADS[at : at + size] for at in range(0, len(PAYLOADS), size)]


def sample(random: Random, number: int) -> list[Payload]:
    """Return some payloads; one of them is about clicks, one about sequences."""
    clicks = [payload for payload in PAYLOADS if payload.acts]
    sequences = [payload for payload in PAYLOADS if "\x1b" in payload.text or "\x9b" in payload.text]
    return [random.choice(clicks), random.choice(sequences), *random.sample(PAYLOADS, number - 2)]


@pytest.mark.parametrize(("size", "way"), [(WIDE, "door"), (SMALL, "hole")], ids=["wide door", "small hole"])
def test_no_screen_is_driven_by_strangers(size: tuple[int, int], way: str, tmp_path: Path) -> None:
    """Promise 9, DESIGN 6: some payloads in every field on every screen; the long form has all of them."""
    visit(sample(Random(seed()), 6), size, way, tmp_path / "outside", 1)


@pytest.mark.torture
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["120x36", "80x24"])
@pytest.mark.parametrize("way", ["door", "hole"])
def test_no_payload_drives_any_screen(
    size: tuple[int, int], way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Promise 9: every payload in every field on every screen."""
    screens = 0
    for number, some in enumerate(groups(10)):
        monkeypatch.setenv("SOCIALDESK_HOME", str(tmp_path / f"home{number}"))
        screens += visit(some, size, way, tmp_path / "outside")
    print(f"{len(PAYLOADS)} payloads, {way}, {size[0]}x{size[1]}: {screens} screens, nothing foreign")
