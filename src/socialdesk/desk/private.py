"""Taking a conversation to private in one gesture, both sides kept together (NEEDS B3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from socialdesk.desk.answering import Answering
from socialdesk.domain.models import OutboxItem, QueueRow, Seen
from socialdesk.errors import PluginError, Refused
from socialdesk.storage import outgoing, queue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from socialdesk.connectors.contract import Capabilities
    from socialdesk.domain.answers import Overruled, Promise
    from socialdesk.storage.private import Way


class Private(Answering):
    """The private continuation of what began in public."""

    def private_way(self, conversation_id: int) -> str:
        """Return "" where a private conversation can be opened, else the code of the reason why not.

        ``already_private``, ``no_private_replies``, ``dm_not_allowed``, ``private_once``, ``private_window``. What only
        the network knows (whom the customer takes messages from) it says once it is asked.
        """
        from socialdesk.storage import private

        way = private.way(self._database.read(), conversation_id)
        if way.private:
            return "already_private"
        able = _limits(way)
        if able is not None and not able.private_reply:
            return "no_private_replies"
        if "dm_not_allowed" in way.lacking:
            return "dm_not_allowed"
        return "" if able is None else self._rule(way, able)

    def _rule(self, way: Way, able: Capabilities) -> str:
        if able.private_once and way.written:
            return "private_once"
        window, now = able.private_window, self._clock.now()
        late = window is not None and way.asked_at is not None and now - way.asked_at > window
        return "private_window" if late else ""

    def take_private(
        self,
        conversation_id: int,
        public_text: str,
        private_text: str,
        *,
        seen: Seen | None = None,
        overrules: Sequence[Overruled] = (),
        commitments: Sequence[Promise] = (),
        uses: Sequence[str] = (),
    ) -> tuple[OutboxItem, OutboxItem]:
        """Write to the customer privately and say so in public; returns the private message and the public line.

        The private one leaves first, the public line once the other is there: it must not tell of what has failed. Both
        are taken back together. What goes along is as in ``reply``, of both texts. Raises ``Refused`` as ``reply`` and with
        the codes of ``private_way``.
        """
        from socialdesk.domain.text import scrub
        from socialdesk.storage import answers

        public, secret = scrub(public_text).strip(), scrub(private_text).strip()
        if not public or not secret:
            raise Refused(code="empty")
        if reason := self.private_way(conversation_id):
            raise Refused(code=reason)
        leaving, along = self._leaving(conversation_id), answers.Along(overrules, commitments, uses)
        # The public line alone is kept where this is refused: what is private must not lie in a public draft.
        first, second = self._put(
            conversation_id,
            public,
            seen,
            lambda c: answers.put_pair(c, conversation_id, public, secret, leaving, along),
        )
        reader = self._database.read()
        return outgoing.item(reader, first), outgoing.item(reader, second)

    def joined(self, conversation_id: int) -> list[QueueRow]:
        """Return the public conversation that a private one continues, or the private ones that continue a public one."""
        from socialdesk.storage import private

        reader = self._database.read()
        return [queue.row(reader, number) for number in private.joined(reader, conversation_id)]


def _limits(way: Way) -> Capabilities | None:
    """Return what the account's network allows, or None where nobody can say."""
    from socialdesk.connectors import registry

    try:
        return registry.load(way.connector).limits(way.options)
    except PluginError:
        return None
