"""Keeps out what the networks still show of persons whom the desk has erased (promise 14 of docs/reliability.md).

What they wrote up to the erasure does not come back; what they write after it begins anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from socialdesk.domain.priority import to_ms
from socialdesk.storage.inbox import Given, Stored, Understood
from socialdesk.storage.incoming import Incoming
from socialdesk.storage.ledger import Ledger
from socialdesk.sync.post import Post
from socialdesk.sync.understand import understand


class Forgotten:
    """The ledger of erasures, asked about one account's items."""

    def __init__(self, ledger: Ledger, post: Post) -> None:
        self._ledger = ledger
        self._post = post
        self._connector = post.connector
        self._place = (post.account.channel, post.account.brand)

    def kept_out(self, items: Sequence[Given]) -> list[Given]:
        """Return the items that may be stored: not one byte of the others reaches the desk file.

        To be asked in the transaction that stores them: nobody is erased meanwhile.
        """
        if self._ledger.refresh().empty:
            return list(items)
        return [item for item in items if not self._is_gone(item)]

    def without(self, batch: Sequence[Understood]) -> list[Understood]:
        """Return what was understood without the messages of those erased, where an item holds others' as well."""
        if self._ledger.refresh().empty:
            return list(batch)
        return [
            replace(one, messages=tuple(message for message in one.messages if not self._erased(message)))
            for one in batch
        ]

    def _is_gone(self, item: Given) -> bool:
        if self._ledger.has_item(*self._place, item.id):
            return True
        found = understand(self._connector, Stored(0, item.id, item.payload)).messages
        return bool(found) and all(map(self._erased, found))

    def _erased(self, message: Incoming) -> bool:
        people = {message.author.id, message.contact.id if message.contact else ""}
        now = to_ms(self._post.now())
        return to_ms(message.at) <= self._ledger.erased_at(*self._place, people, now, message.conversation)
