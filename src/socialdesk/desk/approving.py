"""Replies that wait for a second person's word (NEEDS C4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from socialdesk.desk.holding import Holding
from socialdesk.domain.models import OutboxItem, Seen
from socialdesk.storage import outgoing

if TYPE_CHECKING:
    from socialdesk.domain.answers import Approval


class Approving(Holding):
    """Agreeing to somebody else's replies, or not."""

    def approve(
        self, outbox_id: int, text: str | None = None, note: str = "", seen: Seen | None = None
    ) -> OutboxItem:
        """Let a reply leave, after the undo window, with another text where one is given.

        ``seen`` is how far the approver has read (``Thread.seen``); None is no further than its author. Raises ``Refused``:
        ``own_reply``, ``not_approver``, ``step`` where it waits for nobody, ``empty``, ``written_since`` where the
        customer has written more than that.
        """
        from socialdesk.storage import approvals

        held = self.hold_for(outgoing.item(self._database.read(), outbox_id).conversation_id)
        now, people = self._clock.now(), self._config.approval.people
        with self._database.write() as connection:
            approvals.approve(connection, outbox_id, self._agent(), people, text, note, now + held, now, seen)
        return outgoing.item(self._database.read(), outbox_id)

    def refuse_approval(self, outbox_id: int, note: str) -> str:
        """Make a reply a draft again; returns the draft. The note is kept. Raises ``Refused`` as ``approve``."""
        from socialdesk.storage import approvals

        people = self._config.approval.people
        with self._database.write() as connection:
            return approvals.refuse(connection, outbox_id, self._agent(), people, note, self._clock.now())

    def approvals(self, conversation_id: int) -> list[Approval]:
        """Return what was said of a conversation's replies, oldest first."""
        return outgoing.approvals(self._database.read(), conversation_id)
