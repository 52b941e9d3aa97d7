"""What was promised to customers, and whether it was kept (NEEDS A1, C7)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from socialdesk.desk.holding import Holding
from socialdesk.errors import Refused

if TYPE_CHECKING:
    from socialdesk.domain.answers import Commitment, Owed


class Committing(Holding):
    """Promises of ours, from the reply that holds them to their end."""

    def commitments(self, conversation_id: int) -> list[Commitment]:
        """Return those of a conversation: the open ones first, the next one due before the others."""
        from socialdesk.storage import commitments

        return commitments.of(self._database.read(), conversation_id)

    def owed(self) -> list[Owed]:
        """Return all that we still owe to customers, the next one due first."""
        from socialdesk.storage import commitments

        return commitments.owed(self._database.read())

    def add_commitment(self, conversation_id: int, text: str, due_at: datetime) -> Commitment:
        """Note a promise that was made otherwise than by a reply from here.

        Raises ``NotFound``, and ``Refused``: ``no_promise``, ``past``, ``promise_date``.
        """
        from socialdesk.domain.answers import Promise
        from socialdesk.storage import commitments, owed, waits

        now, promise = self._clock.now(), [Promise(text, due_at)]
        if due_at <= now:
            raise Refused(code="past")
        owed.place(self._database.read(), conversation_id)
        with self._write() as connection:
            (number,) = commitments.promise(connection, conversation_id, promise, self._agent(), now)
            waits.refresh(connection, {conversation_id})
        return commitments.one_of(self._database.read(), number)

    def keep_commitment(self, commitment_id: int) -> None:
        """Say that a promise was kept. Raises ``Refused`` where it has ended."""
        from socialdesk.storage import commitments

        self._end(commitment_id, commitments.KEPT)

    def cancel_commitment(self, commitment_id: int) -> None:
        """Say that nothing is owed of a promise any more. Raises ``Refused`` where it has ended."""
        from socialdesk.storage import commitments

        self._end(commitment_id, commitments.CANCELLED)

    def reopen_commitment(self, commitment_id: int) -> None:
        """Let a promise that has ended be open again."""
        from socialdesk.storage import commitments, waits

        with self._write() as connection:
            waits.refresh(connection, {commitments.reopen(connection, commitment_id)})

    def _end(self, commitment_id: int, outcome: str) -> None:
        from socialdesk.storage import commitments, waits

        with self._write() as connection:
            number = commitments.end(connection, commitment_id, outcome, self._clock.now())
            waits.refresh(connection, {number})
