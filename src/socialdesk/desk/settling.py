"""Where conversations lie: put away, snoozed, reopened, and what kind of case they are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from socialdesk.desk.base import Base
from socialdesk.domain.models import Undo
from socialdesk.storage import queue


class Settling(Base):
    """Putting conversations where they belong."""

    def resolve(self, conversation_id: int) -> Undo:
        """Put a conversation away as resolved."""
        return self._settle(conversation_id, "resolved")

    def no_reply_needed(self, conversation_id: int) -> Undo:
        """Put a conversation away as one that needs no answer."""
        return self._settle(conversation_id, "no_reply")

    def _settle(self, conversation_id: int, settled_as: str) -> Undo:
        from socialdesk.storage import boxes

        with self._write() as connection:
            return boxes.settle(connection, conversation_id, settled_as, self._clock.now())

    def snooze(self, conversation_id: int, until: datetime) -> Undo:
        """Put a conversation out of sight until a moment; the customer's wait keeps running. Raises ``Refused``."""
        from socialdesk.storage import boxes

        with self._write() as connection:
            return boxes.snooze(connection, conversation_id, until, self._clock.now())

    def reopen(self, conversation_id: int) -> Undo:
        """Put a conversation back on the desk, waiting as its messages say."""
        from socialdesk.storage import boxes

        with self._write() as connection:
            return boxes.reopen(connection, conversation_id)

    def undo(self, undo: Undo) -> None:
        """Put a conversation back where it lay; one whose customer has written since stays open."""
        from socialdesk.storage import boxes

        with self._write() as connection:
            boxes.undo(connection, undo)

    def wake(self) -> int:
        """Bring back the conversations whose snooze is over; returns how many."""
        if not queue.anything_to_wake(self._database.read(), self._clock.now()):
            return 0
        from socialdesk.storage import boxes

        with self._write() as connection:
            return boxes.wake(connection, self._clock.now())

    def set_situation(self, conversation_id: int, situation: str, by: str = "agent") -> Undo:
        """Say what kind of case a conversation is; "" leaves it to the rules. Raises ``Refused``: ``situation``."""
        from socialdesk.storage import boxes

        with self._write() as connection:
            return boxes.set_situation(connection, conversation_id, situation, by)

    def set_tags(self, conversation_id: int, tags: Iterable[str]) -> tuple[str, ...]:
        """Give the customer of a conversation tags, in place of those they had; the rules may go by them.

        Returns them as they are kept.
        """
        from socialdesk.storage import boxes

        with self._write() as connection:
            return boxes.set_tags(connection, conversation_id, tags)
