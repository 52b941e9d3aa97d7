"""The public notice, in the description of the account's profile, which is one record that is always written whole."""

from __future__ import annotations

from functools import partial
from typing import Any

from socialdesk.connectors.bluesky import records
from socialdesk.connectors.bluesky.client import Client
from socialdesk.connectors.bluesky.shape import text
from socialdesk.connectors.contract import Count, Limit
from socialdesk.connectors.notices import put, take_away

PROFILE = "app.bsky.actor.profile"
DESCRIPTION_LIMIT = Limit(256, Count.GRAPHEMES, 2560)
"""Of a profile's description, as its lexicon has it."""


async def publish(client: Client, words: str | None) -> None:
    """Put the words into the description, or take them away; writes only where that changes something.

    Raises ``Rejected`` (``notices.NO_ROOM``), and ``Temporary`` where the record keeps changing below our hands.
    """
    await records.change(client, PROFILE, "self", partial(_changed, words=words))


def _changed(record: dict[str, Any], words: str | None) -> dict[str, Any]:
    before = text(record.get("description"))
    after = put(before, words, DESCRIPTION_LIMIT) if words else take_away(before)
    if after == before:
        return record
    if not after:  # there was none before our notice came
        return {key: value for key, value in record.items() if key != "description"}
    return {"$type": PROFILE, **record, "description": after}
