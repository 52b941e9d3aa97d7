"""Replies that wait for a second person's word (NEEDS C4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from socialdesk.desk.holding import Holding
from socialdesk.domain.models import Delivery, OutboxItem, Seen
from socialdesk.storage import outgoing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from socialdesk.domain.answers import Approval, Overruled, Promise


class Approving(Holding):
    """Agreeing to somebody else's replies, or not."""

    def approve(
        self,
        outbox_id: int,
        text: str | None = None,
        note: str = "",
        seen: Seen | None = None,
        commitments: Sequence[Promise] = (),
        overrules: Sequence[Overruled] = (),
    ) -> OutboxItem:
        """Let a reply leave, after the undo window, with another text where one is given, and those that leave with it.

        ``seen`` is how far the approver has read (``Thread.seen``); None is no further than its author. ``commitments``
        are what the other text promises, ``overrules`` what of it was found and let stand; a promise that it does not
        hold any more is forgotten. Raises ``Refused``: ``own_reply``, ``not_approver``, ``step`` where it waits for
        nobody, ``empty``, ``written_since`` where the customer has written more than that, ``window_closed`` where the
        network takes no answer any more.
        """
        from socialdesk.storage import approvals, windows

        conversation = outgoing.item(self._database.read(), outbox_id).conversation_id
        leaves_at = self.held_until(conversation)
        now, people = self._clock.now(), self._config.approval.people
        word = approvals.Word(self._agent(), people, text, note, seen, commitments, overrules)
        with self._database.write() as connection:
            if refusal := windows.why_not(connection, conversation, leaves_at, now):
                raise refusal
            approvals.approve(connection, outbox_id, word, leaves_at, now)
        return outgoing.item(self._database.read(), outbox_id)

    def leaving_with(self, outbox_id: int) -> list[OutboxItem]:
        """Return the replies that wait for the same word as this one, in their order; without itself."""
        from socialdesk.storage import kin

        reader = self._database.read()
        waiting = [one for one in kin.all_of(reader, outbox_id) if one.state is Delivery.AWAITING_APPROVAL]
        return [outgoing.item(reader, one.id) for one in waiting if one.id != outbox_id]

    def refuse_approval(self, outbox_id: int, note: str) -> str:
        """Make a reply a draft again; returns the draft. The note is kept. Raises ``Refused`` as ``approve``."""
        from socialdesk.storage import approvals

        people = self._config.approval.people
        with self._database.write() as connection:
            return approvals.refuse(connection, outbox_id, self._agent(), people, note, self._clock.now())

    def approvals(self, conversation_id: int) -> list[Approval]:
        """Return what was said of a conversation's replies, oldest first."""
        return outgoing.approvals(self._database.read(), conversation_id)
