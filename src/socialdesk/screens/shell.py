"""What every screen is given: the desk, the clock, the settings, and threads to run the desk's calls in."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, Protocol, TypeVar

from socialdesk.clock import Clock
from socialdesk.config import Config
from socialdesk.desk import Desk
from socialdesk.domain.models import Counts, QueueRow, QueueWindow
from socialdesk.errors import SocialdeskError
from socialdesk.screens.drafts import Drafts
from socialdesk.widgets.limits import Limits

if TYPE_CHECKING:
    from socialdesk.checkchild import Found
    from socialdesk.replies.shelf import Shelf

P = ParamSpec("P")
T = TypeVar("T")


Fetch = Callable[[int, int | None], Awaitable[list[str]]]
"""Saves an attachment of a conversation by its number, or all; returns the files. Raises ``FetchFailed``."""


class House(Protocol):
    """What a screen may ask of the app."""

    def desk_written(self) -> None:
        """The person has changed the desk: the engine may have something to do."""

    def desk_counted(self, counts: Counts) -> None:
        """The conversations were counted again."""

    def hush(self, quiet: bool) -> None:
        """It is quiet hours, or no longer: nothing may ring."""

    def desk_warned(self, words: str) -> None:
        """A promise is about to be broken: call the person."""

    def draft_failed(self, error: SocialdeskError) -> None:
        """A draft could not be saved; called on the screen's thread."""

    def is_syncing(self) -> bool:
        """Say whether an engine receives and sends for this desk."""
        ...

    def is_starting(self) -> bool:
        """Say whether the desk has been opened a few seconds ago only."""
        ...


class Checker(Protocol):
    """What looks an answer over; ``ask`` takes its time."""

    def ask(self, draft: Mapping[str, Any]) -> list[Found]:
        """Return what is found in a draft. Raises ``CheckFailed``."""
        ...

    def close(self) -> None:
        """Look over no more."""


class Shell:
    """The way from a screen to the desk. Reads, writes and searches each have a thread, so none waits for another."""

    def __init__(
        self,
        desk: Desk,
        config: Config,
        clock: Clock,
        limits: Callable[[str], Limits | None],
        keymap: dict[str, str],
        house: House,
        first_rows: Callable[[], QueueWindow],
        settings_file: Path,
        checker: Checker | None = None,
        fetch: Fetch | None = None,
    ) -> None:
        """``settings_file`` is where the promises and calendars of this desk are written; no ``checker``, no check."""
        self.desk = desk
        self.config = config
        self.clock = clock
        self.keymap = keymap
        self.house = house
        self.first_rows = first_rows
        self.settings_file = settings_file
        self.limits = cache(limits)
        self.fetch = fetch
        self._shelf: Shelf | None = None
        self._checker = checker
        names = ("read", "write", "search", "check")
        self._threads = {name: ThreadPoolExecutor(1, f"desk-{name}") for name in names}
        self.drafts = Drafts(self._threads["write"], desk.save_draft, house.draft_failed)

    def most(self, row: QueueRow) -> int | None:
        """Return how long an answer may be there, in the network's own unit; None where nobody can say."""
        limits = self.limits(row.account)
        if limits is None:
            return None
        return (limits.private_limit if row.private else limits.public_limit).size

    def shelf(self, *, again: bool = False) -> Shelf:
        """Return the canned replies, facts and protocols; ``again`` as the files are now. They are read when asked for."""
        from socialdesk.replies.shelf import Shelf

        if self._shelf is None or again:
            self._shelf = Shelf(self.settings_file.parent)
        return self._shelf

    async def read(self, call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a read of the desk off the screen's thread. Raises what the desk raises."""
        return await self._run("read", partial(call, *args, **kwargs))

    async def search(self, call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a search, which may take longer than other reads."""
        return await self._run("search", partial(call, *args, **kwargs))

    async def write(self, call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a change of the desk, one after the other, and wake the engine."""
        result = await self._run("write", partial(call, *args, **kwargs))
        self.house.desk_written()
        return result

    async def note(self, call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a change of the desk that the engine need not know of."""
        return await self._run("write", partial(call, *args, **kwargs))

    def get_ready(self) -> None:
        """Load what writing needs while nothing is written yet, so that the first draft need not wait for it."""
        self._threads["write"].submit(self.desk.get_ready)

    @property
    def checks(self) -> bool:
        """Whether answers are looked over while they are written."""
        return self._checker is not None

    async def look_over(self, conversation_id: int, text: str, *, private: bool = False) -> list[Found]:
        """Return what is found in an answer. Raises ``CheckFailed``, and what the desk raises."""
        return await self._run("check", partial(self._look_over, conversation_id, text, private))

    def _look_over(self, conversation_id: int, text: str, private: bool) -> list[Found]:
        from socialdesk.drafting import question

        assert self._checker is not None
        return self._checker.ask(question(self.desk, self.shelf(), conversation_id, text, private=private))

    async def _run(self, name: str, call: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads[name], call)

    def close(self) -> None:
        """Let the threads end once they have done what they were given."""
        if self._checker is not None:
            self._checker.close()
        for thread in self._threads.values():
            thread.shutdown(wait=True)
