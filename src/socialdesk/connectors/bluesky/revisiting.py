"""Looking again at posts: Bluesky tells nobody of a deletion, and a record that is written over has another hash."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from socialdesk.connectors.bluesky.client import Client
from socialdesk.connectors.bluesky.shape import items, lasting, mapping, text
from socialdesk.connectors.contract import Raw

_AT_ONCE = 25  # what getPosts takes


class Revisitor:
    """Finds what was edited or deleted. What is missing once may be the server's hiccup; missing twice, it is gone."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._missed: frozenset[str] = frozenset()

    async def changed(self, known: Sequence[Raw]) -> list[Raw]:
        """Return those that are other than they were."""
        notes = {text(_note(raw).get("uri")): raw for raw in known if _note(raw)}
        posts = await self._posts([uri for uri in notes if uri])
        missing = frozenset(notes) - frozenset(posts) - {""}
        gone = [notes[uri] for uri in missing & self._missed]
        self._missed = missing
        return [
            *(_rewritten(notes[uri], post) for uri, post in posts.items() if _differs(notes[uri], post)),
            *(Raw(raw.id, {**mapping(raw.payload), "deleted": True}) for raw in gone if not _is_deleted(raw)),
        ]

    async def _posts(self, uris: list[str]) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for start in range(0, len(uris), _AT_ONCE):
            part = uris[start : start + _AT_ONCE]
            answer = await self._client.query("app.bsky.feed.getPosts", {"uris": part})
            posts = [mapping(one) for one in items(answer.get("posts"))]
            found |= {text(one.get("uri")): one for one in posts if text(one.get("uri")) in part}
        return found


def _note(raw: Raw) -> dict[str, Any]:
    return mapping(mapping(raw.payload).get("notification"))


def _is_deleted(raw: Raw) -> bool:
    return mapping(raw.payload).get("deleted") is True


def _differs(raw: Raw, post: dict[str, Any]) -> bool:
    other = bool(text(post.get("cid"))) and text(post.get("cid")) != text(_note(raw).get("cid"))
    return other or _is_deleted(raw)


def _rewritten(raw: Raw, post: dict[str, Any]) -> Raw:
    """Return the notification with the post as it is now."""
    fresh = {key: post[key] for key in ("cid", "record", "labels") if key in post}
    payload = {key: value for key, value in mapping(raw.payload).items() if key != "deleted"}
    return Raw(raw.id, {**payload, "notification": lasting({**_note(raw), **fresh})})
