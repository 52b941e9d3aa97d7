"""The drafts that are written here and not stored yet: they stay on the screen until the desk has them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor, Future
from functools import partial
from typing import TYPE_CHECKING

from socialdesk.errors import Refused, SocialdeskError

if TYPE_CHECKING:
    from socialdesk.domain.models import Thread


class Drafts:
    """Stores drafts in their turn among the desk's other changes; what cannot be stored is held and tried again."""

    def __init__(
        self,
        thread: Executor,
        store: Callable[[int, str, str | None], None],
        failed: Callable[[SocialdeskError], None],
    ) -> None:
        """``store`` is called on that thread, ``failed`` on the screen's, once until all are stored."""
        self._thread = thread
        self._store = store
        self._failed = failed
        self._held: dict[int, str] = {}
        self._begun: dict[int, str] = {}  # what the desk had when they were begun
        self._told = False

    def save(self, conversation_id: int, text: str, over: str) -> None:
        """Store a draft without anybody waiting for it; ``over`` is the one that was shown before."""
        if conversation_id not in self._held:
            self._begun[conversation_id] = over
        self._held[conversation_id] = text
        self._submit(conversation_id, text)

    def save_again(self) -> None:
        """Try again what could not be stored."""
        if self._told:
            for conversation_id, text in self._held.items():
                self._submit(conversation_id, text)

    def forget(self, conversation_id: int) -> None:
        """Hold a draft no more: it is on its way."""
        self._held.pop(conversation_id, None)

    def shown(self, thread: Thread) -> Thread:
        """Return a conversation with its draft as it was written here last."""
        return thread._replace(draft=self._held.get(thread.row.id, thread.draft))

    async def is_stored(self, conversation_id: int) -> bool:
        """Wait until what was given so far has been tried; say whether the desk has the draft."""
        await asyncio.get_running_loop().run_in_executor(self._thread, _nothing)
        return conversation_id not in self._held

    @property
    def are_held(self) -> bool:
        """Whether there are drafts that could not be stored."""
        return self._told and bool(self._held)

    def _submit(self, conversation_id: int, text: str) -> None:
        loop = asyncio.get_running_loop()

        def done(future: Future[None]) -> None:
            error = None if future.cancelled() else future.exception()
            if not loop.is_closed():
                loop.call_soon_threadsafe(partial(self._tried, conversation_id, text, error))

        self._thread.submit(self._put, conversation_id, text).add_done_callback(done)

    def _put(self, conversation_id: int, text: str) -> None:
        self._store(conversation_id, text, self._begun.get(conversation_id))
        self._begun[conversation_id] = text

    def _tried(self, conversation_id: int, text: str, error: BaseException | None) -> None:
        if error is None:
            if self._held.get(conversation_id) == text:
                del self._held[conversation_id]
            self._told = self._told and bool(self._held)
        elif not text.strip() and isinstance(error, Refused):
            self.forget(conversation_id)  # nothing of ours stands against what somebody else writes
        elif isinstance(error, SocialdeskError) and not self._told:
            self._told = True
            self._failed(error)


def _nothing() -> None:
    """Take a turn."""
