"""How long the screen is busy while an answer is written and checked: ``python bench/bench_writing.py [--rounds N]``.

The desk runs without a terminal, its check in a process of its own. 500 characters with mistakes, blanks and promises
are typed, key by key at a brisk pace, then rested upon, so that findings come and are underlined; every piece of work of
the event loop is timed. The floor is the same desk without a check. The goal is the longest piece that is the check's
own: what it asks, takes in and marks; a key's own work, which Textual does, is shown beside it. Times are those of the
processor, so that other programs on the machine do not count. Exit code 1 where the goal is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from socialdesk.app import DeskApp
from socialdesk.checkchild import CheckChild
from socialdesk.clock import SystemClock
from socialdesk.config import Config
from socialdesk.desk import Desk
from socialdesk.screens.looking import Looking
from socialdesk.screens.main import MainScreen
from socialdesk.storage.database import Database
from socialdesk.widgets.compose import Answer, Compose

GOAL = 8.0
"""Milliseconds for which the check may keep the screen's thread busy at a time."""

TEXT = (
    "Hola [nombre], sentimos mucho la espera y todo lo qeu te a pasado con el pedido. Esta claro qeu no hemos echo "
    "las cosas bien, y lo sentimos de verdad. Te llamamos mañana a las 10 para contarte como va. El paquete llegara "
    "el viernes como mucho, y si no llega te devolvemos el dinero el lunes. Deverias aver recivido ya un correo con "
    "el numero [número de pedido], y si no es asi nos lo dices. GRACIAS por tu paciencia!!! Un saludo de todo el "
    "equipo, y perdona otra vez las molestias; no volvera a pasar."
)
PACE = 0.02
"""Seconds between keys."""
REST_AT = 25
"""Keys after which the fingers rest for long enough that what was typed is looked over."""

OURS = (
    (Looking, "on_compose_wrote"),
    (Looking, "look_now"),
    (Looking, "show_review"),
    (Compose, "_show_marks"),
    (Answer, "get_line"),
)
"""What the check adds to the screen's work."""


def history(customers: int = 30) -> Iterator[str]:
    """Give customers who wait."""
    for number in range(customers):
        yield (
            f'{{"account":"tienda","channel":"mastodon","conversation":"c{number}","id":"m{number}","direction":"in",'
            f'"at":"2026-11-22T08:{number:02}:00+00:00","text":"No me llega el pedido, estoy harta",'
            f'"author":{{"handle":"c{number}","name":"Marta {number}"}}}}'
        )


class Watch:
    """Times every piece of work of the event loop, in milliseconds, and how much of each is the check's own."""

    def __init__(self) -> None:
        self.pieces: list[float] = []
        self.own: list[float] = []
        self._own = 0.0
        self._depth = 0

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Note what is done meanwhile."""
        run: Callable[[Any], None] = asyncio.events.Handle._run
        before = [(owner, name, getattr(owner, name)) for owner, name in OURS]

        def measured(handle: Any) -> None:
            self._own, began = 0.0, time.thread_time()
            run(handle)
            self.pieces.append((time.thread_time() - began) * 1000)
            self.own.append(self._own)

        asyncio.events.Handle._run = measured  # type: ignore[assignment]
        for owner, name, call in before:
            setattr(owner, name, self._measured(call))
        try:
            yield
        finally:
            asyncio.events.Handle._run = run  # type: ignore[assignment,method-assign]
            for owner, name, call in before:
                setattr(owner, name, call)

    def _measured(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def measured(*args: Any, **kwargs: Any) -> Any:
            self._depth, began = self._depth + 1, time.thread_time()
            try:
                return call(*args, **kwargs)
            finally:
                self._depth -= 1
                if not self._depth:  # what one of them calls of the others is part of it
                    self._own += (time.thread_time() - began) * 1000

        return measured


async def write(home: Path, child: CheckChild | None, watch: Watch) -> int:
    """Type the text; return how many places are marked at the end."""
    database = Database(home / "desk.db")
    with closing(database):
        desk = Desk(database, SystemClock(), Config())
        desk.import_history(history())
        app = DeskApp(desk, Config(), SystemClock(), checker=child)
        async with app.run_test(size=(120, 36)) as pilot:
            main = app.screen
            assert isinstance(main, MainScreen)
            while main.queue.selected is None or main._answer is None:
                await pilot.pause(0.05)
            await pilot.press("r")
            await pilot.pause(3.0)  # the child is there, and has loaded what it needs
            gc.collect()
            gc.freeze()
            with watch.watching():
                for number, letter in enumerate(TEXT, 1):
                    app.post_message(_key(letter))
                    await asyncio.sleep(PACE if number % REST_AT else 0.6)
                await asyncio.sleep(1.0)
            return len(main.answer.marks)


def _key(letter: str) -> Any:
    from textual.events import Key

    names = {" ": "space"}
    return Key(names.get(letter, letter), letter)


def main() -> int:
    """Type with and without a check, and print what that cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    bare, checked, marks = Watch(), Watch(), 0
    for _round in range(rounds):
        with tempfile.TemporaryDirectory() as home:
            asyncio.run(write(Path(home), None, bare))
        with tempfile.TemporaryDirectory() as home:
            marks = asyncio.run(write(Path(home), CheckChild(Path(home)), checked))
    print(f"{len(TEXT)} characters, {marks} places marked, {rounds} rounds\n")
    print("| What | Without | With the check | Goal | |\n|---|---|---|---|---|")
    for what, of in (("longest", max), ("p99.9", _rare), ("median", statistics.median)):
        print(
            f"| A piece of work of the screen's thread, {what} | {of(bare.pieces):.2f} ms | {of(checked.pieces):.2f} ms | | |"
        )
    reached = max(checked.own) <= GOAL and marks > 0
    verdict = "reached" if reached else "MISSED"
    print(
        f"| The check's own share of one, longest | | {max(checked.own):.2f} ms | {GOAL:g} ms | {verdict} |"
    )
    return 0 if reached else 1


def _rare(pieces: list[float]) -> float:
    return sorted(pieces)[int(len(pieces) * 0.999)]


if __name__ == "__main__":
    sys.exit(main())
