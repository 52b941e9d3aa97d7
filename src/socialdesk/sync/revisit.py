"""Looks again at what customers wrote, where a network tells of no edit and no deletion (NEEDS A4)."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from datetime import datetime

from socialdesk.connectors.contract import Page, Raw, Rejected, Temporary
from socialdesk.storage import inbox
from socialdesk.sync import understand
from socialdesk.sync.post import Post

log = logging.getLogger(__name__)

AT_ONCE = 100


class Revisits:
    """One account's second looks: the newest of those who wait first, then the ones before, and again from the start."""

    def __init__(self, post: Post) -> None:
        self._post = post
        self._last: datetime | None = None
        self._before: int | None = None

    async def changed(self) -> Sequence[inbox.Given]:
        """Return what was edited or deleted, where it is time to look; nothing where the network has trouble with that."""
        every, now = self._post.connector.capabilities.revisit, self._post.now()
        if every is None:
            return ()
        if self._last is None:
            self._last = now  # what was fetched just now need not be looked at again
        if now - self._last < every:
            return ()
        self._last = now
        known = await self._known()
        if not known:
            return ()
        raws = [Raw(one.id, json.loads(one.payload)) for one in known]
        try:
            found = await self._post.connector.revisit(raws)
        except (Rejected, Temporary) as error:
            log.info("account %s: no second look: %s", self._post.account.name, error.code)
            return ()
        asked = {raw.id for raw in raws}
        return understand.given(Page([raw for raw in found if raw.id in asked], ""))

    async def _known(self) -> list[inbox.Stored]:
        number, before, store = self._post.account.id, self._before, self._post.tools.store
        known = await store.read(lambda r: inbox.of_waiting(r, number, before, AT_ONCE))
        if before is not None and not known:
            known = await store.read(lambda r: inbox.of_waiting(r, number, None, AT_ONCE))
        self._before = known[-1].row if len(known) == AT_ONCE else None
        return known
