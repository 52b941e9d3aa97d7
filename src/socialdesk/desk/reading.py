"""What the desk shows: the queue, conversations, what was found, replies on their way."""

from __future__ import annotations

from socialdesk.desk.base import Base
from socialdesk.domain.models import (
    Counts,
    Enclosed,
    OutboxItem,
    QueueRow,
    QueueWindow,
    SearchHit,
    Seek,
    Thread,
    View,
)
from socialdesk.storage import enclosed, outgoing, queue, search, threads


class Reading(Base):
    """The desk as it is read."""

    def queue(self, view: View, seek: Seek = Seek(), limit: int = 200) -> QueueWindow:  # noqa: B008 - frozen
        """Return a run of rows of a view, most urgent first."""
        return queue.window(self._database.read(), view, seek, limit, self._clock.now())

    def row(self, conversation_id: int) -> QueueRow:
        """Return one conversation; raises ``NotFound``."""
        return queue.row(self._database.read(), conversation_id)

    def counts(self) -> Counts:
        """Count the conversations by where they lie."""
        return queue.counts(self._database.read(), self._clock.now())

    def thread(self, conversation_id: int, before: int | None = None, limit: int = 100) -> Thread:
        """Return the newest messages before a message id, oldest first, then the replies on their way."""
        return threads.thread(self._database.read(), conversation_id, before, limit)

    def attachments(self, conversation_id: int) -> list[Enclosed]:
        """Return what was attached to the messages of a conversation, the oldest first; raises ``NotFound``."""
        with self._database.read().snapshot():
            queue.row(self._database.read(), conversation_id)
            return enclosed.in_conversation(self._database.read(), conversation_id)

    def search(
        self,
        words: str,
        before: int | None = None,
        limit: int = 50,
        brand: str | None = None,
        channel: str | None = None,
    ) -> list[SearchHit]:
        """Return the newest messages that have all the words; the last word may be a beginning."""
        return search.search(self._database.read(), words, before, limit, brand, channel)

    def customers(
        self, words: str, limit: int = 20, brand: str | None = None, channel: str | None = None
    ) -> list[QueueRow]:
        """Return the conversations of customers so called, newest first; the last word may be a beginning."""
        return search.customers(self._database.read(), words, limit, brand, channel)

    def outbox(self, *, all_states: bool = False) -> list[OutboxItem]:
        """Return the replies that have not settled, or all, oldest first."""
        return outgoing.items(self._database.read(), all_states=all_states)

    def last_undoable(self) -> OutboxItem | None:
        """Return the newest reply that can still be taken back."""
        return outgoing.last_undoable(self._database.read())
