"""A second look at posts of customers who wait: edited, or gone. X charges for a post once in a day, so these cost little."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from socialdesk.connectors.contract import Raw
from socialdesk.connectors.shapes import identity, items, mapping, mappings, text
from socialdesk.connectors.x import raws
from socialdesk.connectors.x.client import Client
from socialdesk.connectors.x.inbox import OF_POSTS
from socialdesk.connectors.x.shape import is_number, lasting_id, newest

_AT_ONCE = 100


async def changed(client: Client, known: Sequence[Raw]) -> list[Raw]:
    """Return those that were edited or deleted since; what nobody may see any more is left as it was.

    Only as many as the budget pays for: a second look must not end the first ones.
    """
    me, many = await client.me(), max(await client.affordable(), 0)
    # Together with what is no number X refuses all that are asked for.
    posts_known = [
        raw for raw in known if mapping(raw.payload).get("kind") == "post" and is_number(_current(raw))
    ]
    wanted = {raw.id: raw for raw in posts_known[: min(many, _AT_ONCE)]}
    if not wanted:
        return []
    answer = await client.get("/2/tweets", {**OF_POSTS, "ids": ",".join(map(_current, wanted.values()))})
    found = raws.beside(answer)
    posts = mappings(answer.get("data"))
    later = [name for post in posts if (name := _newest_version(post)) != identity(post.get("id"))]
    later = [name for name in later if is_number(name)]
    if later and len(later) <= await client.affordable():  # X gives the version that was asked for
        again = await client.get("/2/tweets", {**OF_POSTS, "ids": ",".join(later)})
        found, posts = raws.beside(again), [*posts, *mappings(again.get("data"))]
    now = {lasting_id(post): raws.incoming(post, found, me) for post in posts}
    gone = {name for one in mappings(answer.get("errors")) if _is_gone(one) for name in [_named(one)]}
    return [
        new
        for name, raw in wanted.items()
        if (new := _deleted(raw) if _current(raw) in gone else now.get(name, raw)).payload != raw.payload
    ]


def _current(raw: Raw) -> str:
    return identity(mapping(mapping(raw.payload).get("post")).get("id")) or raw.id


def _newest_version(post: dict[str, Any]) -> str:
    return newest(identity(post.get("id")), *map(identity, items(post.get("edit_history_tweet_ids"))))


def _is_gone(error: dict[str, Any]) -> bool:
    return text(error.get("type")).rsplit("/", 1)[-1] == "resource-not-found"


def _named(error: dict[str, Any]) -> str:
    return identity(error.get("resource_id")) or identity(error.get("value"))


def _deleted(raw: Raw) -> Raw:
    return Raw(raw.id, {**raw.payload, "deleted": True})
