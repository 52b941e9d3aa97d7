"""Replies under the brand's own posts that name nobody: no notification tells of them.

One request shows how many replies each of the newest posts has; only where that number is another than before are the
replies themselves read. Once an hour the newest few are read anyhow, since some servers count wrongly or not at all.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from socialdesk.connectors.contract import RateLimited, Raw, Rejected, Temporary
from socialdesk.connectors.mastodon.inbox import Inbox, replies_of
from socialdesk.connectors.mastodon.shape import identity, mapping, moment

PAUSE = timedelta(minutes=5)
DEPTH = timedelta(days=7)
SWEEP = timedelta(hours=1)
_LOOKS = 5  # threads read in one visit
_SWEPT = 3  # posts read once an hour, whatever they count


class Below:
    """Watches one account's newest posts. ``counts``, which lives in the cursor, is what each had when it was read."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self._swept: datetime | None = None

    async def read(self, counts: dict[str, int], now: datetime) -> tuple[list[Raw], dict[str, int]]:
        """Return the replies under posts that have others than before, and the new counts."""
        posts = [one for one in await self._inbox.recent() if _is_young(one, now)]
        after = {name: counts[name] for one in posts if (name := identity(one.get("id"))) in counts}
        sweep = self._swept is None or now - self._swept >= SWEEP
        result: list[Raw] = []
        looks = 0
        for number, post in enumerate(posts):
            name, count = identity(post.get("id")), replies_of(post)
            changed = count != after.get(name, 0)
            if not name or looks >= _LOOKS or not (changed or (sweep and number < _SWEPT)):
                continue
            looks += 1
            try:
                result += await self._inbox.below(post)
            except (Temporary, Rejected):
                continue
            except RateLimited:
                break
            after[name] = count
        self._swept = now if sweep else self._swept
        return result, after


def counts_from(value: Any) -> dict[str, int]:
    """Return the counts in a cursor."""
    return {name: one for name, one in mapping(value).items() if isinstance(one, int)}


def _is_young(post: dict[str, Any], now: datetime) -> bool:
    at = moment(post.get("created_at"))
    return at is not None and at >= now - DEPTH
