"""Looking again at posts: Mastodon tells nobody of an edit or a deletion of a post that names them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from socialdesk.connectors.contract import Raw, Temporary
from socialdesk.connectors.mastodon.client import Client
from socialdesk.connectors.mastodon.shape import identity, items, lasting, mapping, step
from socialdesk.connectors.mastodon.wire import Refusal

_AT_ONCE = 20
"""Posts that a server gives by their ids in one answer, and single posts that are asked for in one look."""
_GONE = (404, 410)
_SHOWN = ("content", "spoiler_text", "edited_at", "sensitive", "visibility")


class Revisitor:
    """Finds what was edited or deleted. Gone is what two looks in a row do not find, and a question of its own, either."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._missed: frozenset[str] = frozenset()
        self._singly = False

    async def changed(self, known: Sequence[Raw]) -> list[Raw]:
        """Return those that are other than they were."""
        posts = {name: raw for raw in known if (name := identity(_status(raw).get("id"))) and _is_post(raw)}
        found = await self._posts(list(posts))
        missing = frozenset(name for name, post in found.items() if post is None)
        gone = [posts[name] for name in missing & self._missed]
        self._missed = missing
        return [
            *(
                _rewritten(posts[name], post)
                for name, post in found.items()
                if post and _differs(posts[name], post)
            ),
            *(Raw(raw.id, {**mapping(raw.payload), "deleted": True}) for raw in gone if not _is_deleted(raw)),
        ]

    async def _posts(self, names: list[str]) -> dict[str, dict[str, Any] | None]:
        """Return each post that was asked for, None for one that is not there."""
        found: dict[str, dict[str, Any] | None] = {}
        for start in range(0, len(names), _AT_ONCE):
            if self._singly:
                break
            part = names[start : start + _AT_ONCE]
            try:
                page = (await self._client.listed("/api/v1/statuses", {"id[]": part})).body
            except Refusal:
                self._singly = True  # servers before 4.3, and others
                break
            except Temporary as trouble:
                if trouble.code != "bad_answer":
                    raise
                self._singly = True  # a page for people, where there is nothing for programs
                break
            found |= {identity(mapping(one).get("id")): mapping(one) for one in page}
        left = [name for name in names if name not in found]
        return {name: found[name] for name in names if name in found} | await self._one_by_one(left)

    async def _one_by_one(self, names: list[str]) -> dict[str, dict[str, Any] | None]:
        found: dict[str, dict[str, Any] | None] = {}
        for name in names[:_AT_ONCE]:
            try:
                found[name] = await self._client.object(f"/api/v1/statuses/{step(name)}")
            except Refusal as refusal:
                if refusal.status in _GONE:
                    found[name] = None
            except Temporary as trouble:
                if trouble.code != "bad_answer":
                    raise  # a page for people in place of one post says nothing of the others
        return found


def _status(raw: Raw) -> dict[str, Any]:
    return mapping(mapping(raw.payload).get("status"))


def _is_post(raw: Raw) -> bool:
    return mapping(raw.payload).get("kind") == "status"


def _is_deleted(raw: Raw) -> bool:
    return mapping(raw.payload).get("deleted") is True


def _differs(raw: Raw, post: dict[str, Any]) -> bool:
    return _is_deleted(raw) or _shown(_status(raw)) != _shown(post)


def _shown(status: dict[str, Any]) -> list[Any]:
    """Return what a reader sees of a post."""
    options = [mapping(one).get("title") for one in items(mapping(status.get("poll")).get("options"))]
    media = [
        (identity(one.get("id")), one.get("description"))
        for one in map(mapping, items(status.get("media_attachments")))
    ]
    return [*(status.get(part) for part in _SHOWN), options, media]


def _rewritten(raw: Raw, post: dict[str, Any]) -> Raw:
    payload = {key: value for key, value in mapping(raw.payload).items() if key != "deleted"}
    return Raw(raw.id, {**payload, "status": lasting(post)})
