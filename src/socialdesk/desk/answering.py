"""Answers: drafts, replies, and what becomes of those that did not leave."""

from __future__ import annotations

from datetime import datetime

from socialdesk.desk.base import Base
from socialdesk.domain.models import OutboxItem, Seen
from socialdesk.errors import Refused
from socialdesk.storage import outgoing


class Answering(Base):
    """Writing to customers."""

    def save_draft(self, conversation_id: int, text: str) -> None:
        """Keep an unfinished answer; an empty one is forgotten."""
        from socialdesk.storage import replies

        with self._database.write() as connection:
            replies.save_draft(connection, conversation_id, text, self._clock.now())

    def reply(
        self,
        conversation_id: int,
        text: str,
        *,
        private: bool = False,
        now: bool = False,
        at: datetime | None = None,
        seen: Seen | None = None,
    ) -> OutboxItem:
        """Answer the customer: after the undo window, at once (``now``) or at a moment (``at``).

        ``seen`` is how far the conversation had come for the writer (``Thread.seen``); None insists. Raises
        ``Refused``: ``empty``; ``no_connector`` and ``account_removed``, where nothing could ever leave;
        ``answered_meanwhile`` and ``written_meanwhile``, where there is more than was seen. The text is then the
        draft, unless there is another one. Whether it fits the network is the caller's question.
        """
        from socialdesk.domain.text import scrub
        from socialdesk.storage import replies

        text = scrub(text).strip()
        if not text:
            raise Refused(code="empty")
        moment, agent, connectors = self._clock.now(), self._config.agent or _login_name(), self._connectors()
        leaves_at = at or (moment if now else moment + self._config.undo)
        with self._database.write() as connection:
            refusal = replies.why_not(connection, conversation_id, seen, connectors)
            if refusal is None:
                leaving = replies.Leaving(moment, leaves_at, agent, private=private, scheduled=at is not None)
                number = replies.queue_reply(connection, conversation_id, text, leaving)
            else:
                replies.keep_as_draft(connection, conversation_id, text, moment)
        if refusal is not None:
            raise refusal
        return outgoing.item(self._database.read(), number)

    def undo_reply(self, outbox_id: int) -> str:
        """Take back a reply that has not left; returns the draft that its text has become. Raises ``Refused``."""
        from socialdesk.storage import replies

        with self._database.write() as connection:
            return replies.undo(connection, outbox_id, self._clock.now())

    def resend(self, outbox_id: int) -> None:
        """Let a reply that needs a person leave again; raises ``Refused``."""
        from socialdesk.storage import replies

        with self._database.write() as connection:
            replies.resend(connection, outbox_id, self._clock.now())

    def mark_sent(self, outbox_id: int) -> None:
        """Settle a reply of unknown outcome as sent; raises ``Refused``."""
        from socialdesk.storage import replies

        with self._write() as connection:
            replies.mark_sent(connection, outbox_id, self._clock.now())

    def discard(self, outbox_id: int) -> None:
        """Give up a reply that needs a person; raises ``Refused``."""
        from socialdesk.storage import replies

        with self._database.write() as connection:
            replies.discard(connection, outbox_id)


def _login_name() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
