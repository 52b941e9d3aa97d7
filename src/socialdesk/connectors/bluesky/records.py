"""The account's own records: read with their version, and written over exactly that version.

``swapRecord`` names what was read, so that the server refuses to write over what somebody has changed meanwhile
(https://docs.bsky.app/docs/api/com-atproto-repo-put-record).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from socialdesk.connectors.bluesky.client import Client
from socialdesk.connectors.bluesky.shape import mapping, text
from socialdesk.connectors.bluesky.xrpc import Refusal
from socialdesk.connectors.contract import Temporary

_ATTEMPTS = 4


class Kept(NamedTuple):
    """A record as it is, every field of it, and its version (CID); None where there is none yet."""

    record: dict[str, Any]
    version: str | None


async def change(
    client: Client, collection: str, key: str, changed: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    """Write what ``changed`` makes of a record, where that is something else; it is asked again where the record moved on.

    Raises what ``changed`` raises, and ``Temporary`` where the record keeps changing below our hands.
    """
    for _ in range(_ATTEMPTS):
        kept = await read(client, collection, key)
        wanted = changed(kept.record)
        if wanted == kept.record or await _written(client, collection, key, wanted, kept.version):
            return
    raise Temporary("the record is being changed by somebody else")


async def read(client: Client, collection: str, key: str) -> Kept:
    """Return a record of the account; an empty one where there is none."""
    me = (await client.session()).did
    try:
        answer = await client.query(
            "com.atproto.repo.getRecord", {"repo": me, "collection": collection, "rkey": key}
        )
    except Refusal as refusal:
        if refusal.name == "RecordNotFound":
            return Kept({}, None)
        raise
    version, record = text(answer.get("cid")), answer.get("value")
    if not version or not isinstance(record, dict):
        raise Temporary("a record comes without its version", code="bad_answer")
    return Kept(mapping(record), version)


async def _written(
    client: Client, collection: str, key: str, record: dict[str, Any], version: str | None
) -> bool:
    """Write the record over that version; False where there is another one by now."""
    me = (await client.session()).did
    body = {"repo": me, "collection": collection, "rkey": key, "record": record, "swapRecord": version}
    try:
        await client.act("com.atproto.repo.putRecord", body)
    except Refusal as refusal:
        if refusal.name == "InvalidSwap":
            return False
        raise
    return True


async def add(client: Client, collection: str, record: dict[str, Any]) -> None:
    """Add a record; the server chooses its key."""
    me = (await client.session()).did
    body = {"repo": me, "collection": collection, "record": {"$type": collection, **record}}
    await client.act("com.atproto.repo.createRecord", body)


async def remove(client: Client, uri: str) -> None:
    """Remove a record of the account by its address; one that is gone already is no trouble."""
    me = (await client.session()).did
    parts = uri.removeprefix("at://").split("/")
    if len(parts) != 3:
        raise Temporary("the server names a record by no address", code="bad_answer")
    repo, collection, key = parts
    if repo == me:
        await client.act("com.atproto.repo.deleteRecord", {"repo": me, "collection": collection, "rkey": key})
