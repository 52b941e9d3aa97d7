"""Answers: drafts, replies, and what becomes of those that did not leave."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from socialdesk.desk.holding import Holding
from socialdesk.domain.models import OutboxItem, Seen
from socialdesk.errors import Refused
from socialdesk.storage import outgoing

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from socialdesk.domain.answers import Overruled, Promise
    from socialdesk.storage.replies import Leaving

T = TypeVar("T")


class Answering(Holding):
    """Writing to customers."""

    def get_ready(self) -> None:
        """Load what writing needs, which takes a while the first time."""
        from socialdesk.storage import replies, writer  # noqa: F401

    def save_draft(self, conversation_id: int, text: str, over: str | None = None) -> None:
        """Keep an unfinished answer; an empty one is forgotten.

        ``over`` is the one that the writer began from. Raises ``Refused`` where somebody else has written another since.
        """
        from socialdesk.storage import replies

        with self._database.write() as connection:
            replies.save_draft(connection, conversation_id, text, self._clock.now(), over)

    def add_to_draft(self, conversation_id: int, text: str) -> str:
        """Put words below an unfinished answer, whoever else is writing it; returns the draft."""
        from socialdesk.storage import replies

        with self._database.write() as connection:
            return replies.add_to_draft(connection, conversation_id, text, self._clock.now())

    def reply(
        self,
        conversation_id: int,
        text: str,
        *,
        private: bool = False,
        now: bool = False,
        at: datetime | None = None,
        seen: Seen | None = None,
        overrules: Sequence[Overruled] = (),
        commitments: Sequence[Promise] = (),
        uses: Sequence[str] = (),
        split: Sequence[str] | None = None,
        drafted: bool = True,
    ) -> OutboxItem:
        """Answer the customer: after the undo window, at once (``now``) or at a moment to come (``at``).

        ``seen`` is how far the conversation had come for the writer (``Thread.seen``); None insists. ``split`` are the
        parts of a text that leaves as a numbered thread; its first part is returned. ``uses`` are ids of canned replies.
        ``drafted`` says that it was written as the draft, which it ends; else another text that is there stays.
        An answer that needs approval waits for it, or for the cool-down. Raises ``Refused``: ``empty``; ``past``;
        ``no_connector`` and ``account_removed``, where nothing could ever leave; ``answered_meanwhile`` and
        ``written_meanwhile``, where there is more than was seen; ``window_closed`` and ``window_ends``, where the network
        takes no answer, or none by then. The text is then the draft, unless there is another one. Whether it fits the
        network is the caller's question.
        """
        from socialdesk.domain.text import scrub
        from socialdesk.storage import answers

        text = scrub(text).strip()
        parts = [part for part in (scrub(one).strip() for one in split or ()) if part]
        if not text:
            raise Refused(code="empty")
        leaving = self._leaving(conversation_id, now, at)._replace(private=private, drafted=drafted)
        along = answers.Along(overrules, commitments, uses)
        number = self._put(
            conversation_id,
            text,
            seen,
            lambda c: answers.put(c, conversation_id, text, parts, leaving, along),
            leaving.leaves_at,
        )
        return outgoing.item(self._database.read(), number)

    def _leaving(self, conversation_id: int, now: bool = False, at: datetime | None = None) -> Leaving:
        """Return how an answer leaves; raises ``Refused`` for a moment that has passed."""
        from socialdesk.storage.replies import Leaving

        moment, needed = self._clock.now(), self.needs_approval(conversation_id)
        if at is not None and at <= moment:
            raise Refused(code="past")
        leaves_at = at or (moment if now else self.held_until(conversation_id))
        if needed == "cool_down":
            leaves_at = max(leaves_at, moment + self._config.approval.cool_down)
        return Leaving(moment, leaves_at, self._agent(), approval=needed, scheduled=at is not None)

    def _put(
        self,
        conversation_id: int,
        text: str,
        seen: Seen | None,
        put: Callable[[Connection], T],
        leaves_at: datetime | None = None,
    ) -> T:
        """Put an answer on its way, unless that is refused: then its text is kept as the draft.

        ``leaves_at`` is when it is to leave, where the network may take none any more by then.
        Raises ``DeskFileError``, ``desk_full``, where it could not leave for want of room on the disk.
        """
        from socialdesk.storage import replies, reserve, windows

        reserve.need(self._database.path)
        connectors = self._connectors()
        with self._database.write() as connection:
            refusal = replies.why_not(connection, conversation_id, seen, connectors)
            if refusal is None and leaves_at is not None:
                refusal = windows.why_not(connection, conversation_id, leaves_at, self._clock.now())
            if refusal is None:
                return put(connection)
            replies.keep_as_draft(connection, conversation_id, text, self._clock.now())
        raise refusal

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
            replies.mark_sent(connection, outbox_id, self._clock.now(), self._agent())

    def discard(self, outbox_id: int) -> None:
        """Give up a reply that needs a person; its words are the draft. Raises ``Refused``."""
        from socialdesk.storage import replies

        with self._database.write() as connection:
            replies.discard(connection, outbox_id, self._clock.now())
