"""What is done to customers' messages besides answering them (NEEDS B1, D5, D6)."""

from __future__ import annotations

from collections.abc import Container
from datetime import timedelta

from socialdesk.desk.holding import Holding
from socialdesk.domain.models import Act, Acted, ActState
from socialdesk.errors import Refused
from socialdesk.storage import acts


class Acting(Holding):
    """Liking, hiding, muting, blocking, reporting; whether the account's network can is the caller's question."""

    def act(
        self, conversation_id: int, act: Act, message_id: int | None = None, *, now: bool = False
    ) -> Acted:
        """Do something to a customer's message, by default the newest: after the undo window, or at once (``now``).

        Raises ``NotFound``, and ``Refused``: ``act_ours``, ``act_gone``, ``act_done``, ``no_message``; ``no_connector`` and
        ``account_removed``, where nothing could ever be done.
        """
        hold = timedelta() if now else self.hold_for(conversation_id)
        return self._queue(conversation_id, act, message_id, hold, undo=False)

    def undo_act(
        self,
        conversation_id: int,
        act: Act,
        message_id: int | None = None,
        *,
        undoable: Container[Act] = frozenset(Act),
    ) -> Acted:
        """Take an act back: at once where it has not left, else over there.

        Raises ``Refused``: ``act_not_done``; ``act_final``, where the network lets nobody do that.
        """
        message = self._message(conversation_id, message_id)
        known = {one.act: one for one in acts.of(self._database.read(), [message]).get(message, ())}
        held = known.get(act)
        if held is not None and not held.undo and (back := self._stopped(held, undoable)) is not None:
            return back
        if act not in undoable:
            raise Refused(code="act_final")
        return self._queue(conversation_id, act, message, timedelta(), undo=True)

    def take_back(self, number: int, undoable: Container[Act]) -> Acted:
        """Take back one act: as ``undo_act``. Raises ``Refused``, ``act_final``, where the network lets nobody do that."""
        found = acts.one(self._database.read(), number)
        if (back := self._stopped(found, undoable)) is not None:
            return back
        if found.undo or found.act not in undoable:
            raise Refused(code="act_final")
        return self._queue(found.conversation_id, found.act, found.message_id, timedelta(), undo=True)

    def last_undoable_act(self) -> Acted | None:
        """Return the newest act that has not left."""
        return acts.last_undoable(self._database.read())

    def _message(self, conversation_id: int, message_id: int | None) -> int:
        found = message_id or acts.newest(self._database.read(), conversation_id)
        if found is None:
            raise Refused(code="no_message")
        return found

    def _stopped(self, found: Acted, undoable: Container[Act]) -> Acted | None:
        """Stop what is not under way; what was tried before, and may be done, is taken back over there as well."""
        if found.state is not ActState.QUEUED:
            return None
        number, now = found.id, self._clock.now()
        with self._database.write() as connection:
            attempts = acts.cancel(connection, number, now)
            if attempts is None:
                return None
            if attempts and not found.undo and found.act in undoable:
                where = (found.conversation_id, found.message_id, found.act)
                number = acts.queue(connection, *where, now, now, self._agent(), undo=True, certain=False)
        return acts.one(self._database.read(), number)

    def _queue(
        self, conversation_id: int, act: Act, message_id: int | None, hold: timedelta, *, undo: bool
    ) -> Acted:
        from socialdesk.storage import replies

        message, now, connectors = (
            self._message(conversation_id, message_id),
            self._clock.now(),
            self._connectors(),
        )
        with self._database.write() as connection:
            refusal = replies.why_not(connection, conversation_id, None, connectors)
            if refusal is not None:
                raise refusal
            number = acts.queue(
                connection, conversation_id, message, act, now, now + hold, self._agent(), undo=undo
            )
        return acts.one(self._database.read(), number)
