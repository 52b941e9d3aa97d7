"""Starts screens in which somebody types, to be killed; run as a script.

Each line on standard input names a desk file, on which one screen is forked: it opens the first conversation and types
the letters of the first argument, again and again. On standard output come its process id, then a line for each letter once it stands in the answer.
"""

from __future__ import annotations

import asyncio
import os
import sys
from itertools import count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import socialdesk.screens.main  # noqa: F401  # before the fork, so that every screen need not import it again
from socialdesk.app import DeskApp
from socialdesk.clock import SystemClock
from socialdesk.config import Config
from socialdesk.desk import Desk
from socialdesk.screens.main import MainScreen
from socialdesk.storage.database import Database

PAUSE = 0.03
"""Seconds between letters: a very quick typist."""


async def type_on(desk: Path, letters: str) -> None:
    """Type until killed."""
    clock = SystemClock()
    config = Config()
    app = DeskApp(Desk(Database(desk), clock, config), config, clock, limits=lambda _channel: None)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(1)  # as a person needs to read the first message; by then the screen is warm
        await pilot.press("r")
        main = next(screen for screen in app.screen_stack if isinstance(screen, MainScreen))
        for number in count():
            await pilot.press(letters[number % len(letters)])
            os.write(1, f"{len(main.answer.text)}\n".encode())
            await asyncio.sleep(PAUSE)


def main() -> None:
    """Fork a screen for each line."""
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            sys.stdin.close()
            try:
                asyncio.run(type_on(Path(line.strip()), sys.argv[1]))
            finally:
                os._exit(1)
        print(child, flush=True)
        os.waitpid(child, 0)
        print("dead", flush=True)


if __name__ == "__main__":
    main()
