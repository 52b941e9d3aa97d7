"""What can be done to a customer's post besides answering it. Each looks first, so that a repeat changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from socialdesk.connectors.bluesky import records
from socialdesk.connectors.bluesky.client import Client
from socialdesk.connectors.bluesky.shape import items, key_of, mapping, repo_of, stamp, text
from socialdesk.connectors.contract import Act, Rejected

ACTS = frozenset({Act.LIKE, Act.HIDE, Act.MUTE, Act.BLOCK, Act.REPORT, Act.SPAM})
UNDOABLE = frozenset({Act.LIKE, Act.HIDE, Act.MUTE, Act.BLOCK})
_LIKE, _BLOCK, _GATE = "app.bsky.feed.like", "app.bsky.graph.block", "app.bsky.feed.threadgate"
_REASONS = {
    Act.SPAM: "com.atproto.moderation.defs#reasonSpam",
    Act.REPORT: "com.atproto.moderation.defs#reasonOther",
}
MOST_HIDDEN = 300
"""Replies that one thread can hide, as the lexicon of threadgates has it."""


class Moderator:
    """Acts in the name of one account."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def act(self, act: Act, on: Mapping[str, str], now: datetime, undo: bool) -> None:
        """Do it, or take it back. Raises ``Rejected`` where that cannot be done to this message."""
        if act in (Act.MUTE, Act.BLOCK):
            who = on.get("did") or repo_of(on.get("uri"))
            await (self._mute(who, undo) if act is Act.MUTE else self._block(who, now, undo))
        elif not on.get("uri"):
            raise Rejected("only posts", code="act_not_here")
        elif act is Act.LIKE:
            await self._like(on, now, undo)
        elif act is Act.HIDE:
            await self._hide(on, now, undo)
        else:
            await self._report(act, on)

    async def _like(self, on: Mapping[str, str], now: datetime, undo: bool) -> None:
        answer = await self._client.query("app.bsky.feed.getPosts", {"uris": [on["uri"]]})
        posts = items(answer.get("posts"))
        if not posts:
            raise Rejected("the post is not there any more", code="parent_gone")
        liked = text(mapping(mapping(posts[0]).get("viewer")).get("like"))
        if undo and liked:
            await records.remove(self._client, liked)
        elif not undo and not liked:
            subject = {"uri": on["uri"], "cid": on.get("cid", "")}
            await records.add(self._client, _LIKE, {"subject": subject, "createdAt": stamp(now)})

    async def _block(self, who: str, now: datetime, undo: bool) -> None:
        profile = await self._client.query("app.bsky.actor.getProfile", {"actor": who})
        blocking = text(mapping(profile.get("viewer")).get("blocking"))
        if undo and blocking:
            await records.remove(self._client, blocking)
        elif not undo and not blocking:
            await records.add(self._client, _BLOCK, {"subject": who, "createdAt": stamp(now)})

    async def _mute(self, who: str, undo: bool) -> None:
        call = "app.bsky.graph.unmuteActor" if undo else "app.bsky.graph.muteActor"
        await self._client.act(call, {"actor": who})

    async def _hide(self, on: Mapping[str, str], now: datetime, undo: bool) -> None:
        """Hide a reply in the brand's own thread; in somebody else's nobody but them can."""
        root = on.get("root_uri", "")
        if repo_of(root) != (await self._client.session()).did or root == on["uri"]:
            raise Rejected("the thread is somebody else's", code="not_our_thread")
        gate = partial(_gate, root=root, hidden=on["uri"], now=now, undo=undo)
        await records.change(self._client, _GATE, key_of(root), gate)

    async def _report(self, act: Act, on: Mapping[str, str]) -> None:
        subject = {"$type": "com.atproto.repo.strongRef", "uri": on["uri"], "cid": on.get("cid", "")}
        body = {"reasonType": _REASONS[act], "subject": subject}
        await self._client.act("com.atproto.moderation.createReport", body)


def _gate(record: dict[str, Any], root: str, hidden: str, now: datetime, undo: bool) -> dict[str, Any]:
    """Return the thread's gate with that reply hidden, or shown again; who may reply stays as it is."""
    before = [one for one in items(record.get("hiddenReplies")) if isinstance(one, str)]
    if undo == (hidden not in before):
        return record
    after = [one for one in before if one != hidden] if undo else [*before, hidden]
    if len(after) > MOST_HIDDEN:
        raise Rejected(f"{len(after)} > {MOST_HIDDEN}", code="too_many_hidden")
    return {"$type": _GATE, "post": root, "createdAt": stamp(now), **record, "hiddenReplies": after}
