"""The public notice, in the account's description of itself."""

from __future__ import annotations

from socialdesk.connectors.contract import Limit, Temporary
from socialdesk.connectors.mastodon.client import Client
from socialdesk.connectors.mastodon.shape import mapping
from socialdesk.connectors.mastodon.wire import Refusal
from socialdesk.connectors.notices import put, take_away


async def publish(client: Client, words: str | None, limit: Limit | None) -> None:
    """Put the words into the description as its owner typed it, or take them away; writes only what is a change.

    Raises ``Rejected`` (``notices.NO_ROOM``), and ``Temporary`` where the server does not show what was typed.
    """
    account = await client.object("/api/v1/accounts/verify_credentials")
    before = mapping(account.get("source")).get("note")
    if not isinstance(before, str):
        raise Temporary("the account comes without its description as it was typed", code="bad_answer")
    after = put(before, words, limit) if words else take_away(before)
    if after == before:
        return
    try:
        account = await client.describe({"note": after})
    except Refusal as refusal:
        raise await client.reason(refusal, "profile_not_allowed") from refusal
    if mapping(account.get("source")).get("note") == before:
        raise Temporary("the server left the description as it was", code="bad_answer")
