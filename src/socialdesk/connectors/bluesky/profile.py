"""The public notice, in the description of the account's profile (https://docs.bsky.app/docs/api/com-atproto-repo-put-record).

The profile is one record that is always written whole. ``swapRecord`` names the version that was read, so that the server
refuses to write over what its owner has changed meanwhile; then it is read again.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from socialdesk.connectors.bluesky.client import Client
from socialdesk.connectors.bluesky.shape import mapping, text
from socialdesk.connectors.bluesky.xrpc import Refusal
from socialdesk.connectors.contract import Count, Limit, Temporary
from socialdesk.connectors.notices import put, take_away

PROFILE = "app.bsky.actor.profile"
DESCRIPTION_LIMIT = Limit(256, Count.GRAPHEMES, 2560)
"""Of a profile's description, as its lexicon has it."""
_ATTEMPTS = 4


class Profile(NamedTuple):
    """The record as it is, every field of it, and the version (CID); None where the account has none yet."""

    record: dict[str, Any]
    version: str | None


async def publish(client: Client, words: str | None) -> None:
    """Put the words into the description, or take them away; writes only where that changes something.

    Raises ``Rejected`` (``notices.NO_ROOM``), and ``Temporary`` where the record keeps changing below our hands.
    """
    for _ in range(_ATTEMPTS):
        profile = await _read(client)
        changed = _changed(profile.record, words)
        if changed == profile.record or await _written(client, changed, profile.version):
            return
    raise Temporary("the profile is being changed by somebody else")


def _changed(record: dict[str, Any], words: str | None) -> dict[str, Any]:
    before = text(record.get("description"))
    after = put(before, words, DESCRIPTION_LIMIT) if words else take_away(before)
    if after == before:
        return record
    if not after:  # there was none before our notice came
        return {key: value for key, value in record.items() if key != "description"}
    return {"$type": PROFILE, **record, "description": after}


async def _read(client: Client) -> Profile:
    me = (await client.session()).did
    params = {"repo": me, "collection": PROFILE, "rkey": "self"}
    try:
        answer = await client.query("com.atproto.repo.getRecord", params)
    except Refusal as refusal:
        if refusal.name == "RecordNotFound":
            return Profile({}, None)
        raise
    version = text(answer.get("cid"))
    record = answer.get("value")
    if not version or not isinstance(record, dict):
        raise Temporary("the profile comes without its version", code="bad_answer")
    return Profile(mapping(record), version)


async def _written(client: Client, record: dict[str, Any], version: str | None) -> bool:
    """Write the record over that version; False where there is another one by now."""
    me = (await client.session()).did
    body = {"repo": me, "collection": PROFILE, "rkey": "self", "record": record, "swapRecord": version}
    try:
        await client.act("com.atproto.repo.putRecord", body)
    except Refusal as refusal:
        if refusal.name == "InvalidSwap":
            return False
        raise
    return True
