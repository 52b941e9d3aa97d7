"""Replies: posts under a record key of our own, and direct messages.

A post is written with ``putRecord`` and a key stored beforehand: the same key with the same record changes nothing
and gives the same address, so a post may be repeated after any doubt. (``createRecord`` answers 500 to a repeat.)
Direct messages have no such key: after a doubt our own messages are read back.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from socialdesk.connectors.bluesky.client import Client
from socialdesk.connectors.bluesky.facets import facets
from socialdesk.connectors.bluesky.shape import items, mapping, moment, repo_of, stamp, text, web_address
from socialdesk.connectors.contract import Count, Limit, OutcomeUnknown, Outgoing, Receipt, Rejected, measure

POSTS = "app.bsky.feed.post"
PUBLIC_LIMIT = Limit(300, Count.GRAPHEMES, 3000)
PRIVATE_LIMIT = Limit(1000, Count.GRAPHEMES, 10_000)
_CLOCK_DOUBT = timedelta(seconds=2)  # an HTTP date is exact to a second
_LOOK_BACK_PAGES = 5


def is_direct(outgoing: Outgoing) -> bool:
    """Say whether this reply goes out as a direct message."""
    return outgoing.private or "convo" in outgoing.reply_to


class Sender:
    """Sends one account's replies."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Send a reply where it belongs."""
        private = is_direct(outgoing)
        _check_length(outgoing.text, PRIVATE_LIMIT if private else PUBLIC_LIMIT)
        return await (self._message(outgoing) if private else self._post(outgoing))

    async def _post(self, outgoing: Outgoing) -> Receipt:
        record = await self._record(outgoing)
        me = (await self._client.session()).did
        body = {"repo": me, "collection": POSTS, "rkey": outgoing.key, "record": record}
        try:
            await self._check_parent(outgoing.reply_to["uri"])
            answer = await self._client.act("com.atproto.repo.putRecord", body)
        except Rejected:
            # An earlier attempt may have succeeded before the thread was closed.
            receipt = await self._posted(me, outgoing)
            if receipt is None:
                raise
            return receipt
        uri = text(answer.get("uri"))
        if not uri:
            raise OutcomeUnknown("the answer has no address")
        return _published(uri, text(answer.get("cid")), outgoing, outgoing.at)

    async def _record(self, outgoing: Outgoing) -> dict[str, Any]:
        to = outgoing.reply_to
        if not (to.get("uri") and to.get("cid")):
            raise Rejected("the message answered has no address", code="parent_gone")
        root = {"uri": to.get("root_uri") or to["uri"], "cid": to.get("root_cid") or to["cid"]}
        record: dict[str, Any] = {
            "$type": POSTS,
            "text": outgoing.text,
            "createdAt": stamp(outgoing.at),
            "reply": {"root": root, "parent": {"uri": to["uri"], "cid": to["cid"]}},
        }
        if outgoing.language:
            record["langs"] = [outgoing.language]
        found = await facets(outgoing.text, self._resolve)
        return {**record, "facets": found} if found else record

    async def _resolve(self, handle: str) -> str | None:
        try:
            answer = await self._client.query("com.atproto.identity.resolveHandle", {"handle": handle})
        except Rejected:
            return None
        return text(answer.get("did")) or None

    async def _check_parent(self, uri: str) -> None:
        """Raise ``Rejected`` where a reply would be taken and then shown to nobody."""
        answer = await self._client.query("app.bsky.feed.getPosts", {"uris": [uri]})
        posts = [mapping(one) for one in items(answer.get("posts"))]
        if not posts:
            raise Rejected("the post is not there any more", code="parent_gone")
        viewer, author = (
            mapping(posts[0].get("viewer")),
            mapping(mapping(posts[0].get("author")).get("viewer")),
        )
        if author.get("blockedBy") or author.get("blocking"):
            raise Rejected("one of the two has blocked the other", code="blocked")
        if viewer.get("replyDisabled") is True:
            raise Rejected("the author allows no reply here", code="reply_disabled")

    async def _posted(self, me: str, outgoing: Outgoing) -> Receipt | None:
        params = {"repo": me, "collection": POSTS, "rkey": outgoing.key}
        try:
            answer = await self._client.query("com.atproto.repo.getRecord", params)
        except Rejected:
            return None
        uri = text(answer.get("uri"))
        return _published(uri, text(answer.get("cid")), outgoing) if uri else None

    async def _message(self, outgoing: Outgoing) -> Receipt:
        convo = await self._convo(outgoing)
        message: dict[str, Any] = {"text": outgoing.text}
        found = await facets(outgoing.text, self._resolve)
        if found:
            message["facets"] = found
        body = {"convoId": convo, "message": message}
        answer = await self._client.act("chat.bsky.convo.sendMessage", body, chat=True)
        identity = text(answer.get("id"))
        if not identity:
            raise OutcomeUnknown("the answer has no id")
        return _received(identity, convo, moment(answer.get("sentAt")))

    async def _convo(self, outgoing: Outgoing) -> str:
        to = outgoing.reply_to
        if to.get("convo"):
            return to["convo"]
        params = {"members": [to.get("did") or repo_of(to.get("uri"))]}
        answer = await self._client.query("chat.bsky.convo.getConvoForMembers", params, chat=True)
        convo = text(mapping(answer.get("convo")).get("id"))
        if not convo:
            raise Rejected("no conversation can be opened", code="messages_disabled")
        return convo

    async def find_sent(self, outgoing: Outgoing) -> Receipt | None:
        """Look for a direct message of ours with the same words, not older than the first attempt."""
        convo = await self._convo(outgoing)
        me = (await self._client.session()).did
        since = outgoing.at + self._client.wire.skew - _CLOCK_DOUBT
        params: dict[str, Any] = {"convoId": convo, "limit": 100}
        for _ in range(_LOOK_BACK_PAGES):
            answer = await self._client.query("chat.bsky.convo.getMessages", params, chat=True)
            messages = [mapping(one) for one in items(answer.get("messages"))]
            for one in messages:
                sent, sender = moment(one.get("sentAt")), mapping(one.get("sender")).get("did")
                if sender == me and sent and sent >= since and _same(text(one.get("text")), outgoing.text):
                    return _received(text(one.get("id")), convo, sent)
            oldest = moment(messages[-1].get("sentAt")) if messages else None
            following = text(answer.get("cursor"))
            if not following or oldest is None or oldest < since:
                return None
            params["cursor"] = following
        return None


def _check_length(words: str, limit: Limit) -> None:
    length = measure(words, limit.count)
    size = measure(words, Count.BYTES)
    if length > limit.size:
        raise Rejected(f"{length} > {limit.size}", code="too_long")
    if limit.max_bytes is not None and size > limit.max_bytes:
        raise Rejected(f"{size} > {limit.max_bytes} bytes", code="too_long")


def _published(uri: str, cid: str, outgoing: Outgoing, at: datetime | None = None) -> Receipt:
    """Return the receipt of a post, with what a reply to it needs: the thread's root stays the same."""
    if not cid:
        return Receipt(uri, web_address(uri), at)
    to = outgoing.reply_to
    root = {"root_uri": to.get("root_uri") or to["uri"], "root_cid": to.get("root_cid") or to["cid"]}
    return Receipt(uri, web_address(uri), at, remote={"uri": uri, "cid": cid, **root})


def _received(identity: str, convo: str, at: datetime | None) -> Receipt:
    remote = {"convo": convo, "message": identity}
    return Receipt(identity, f"https://bsky.app/messages/{convo}", at, convo, remote)


def _same(left: str, right: str) -> bool:
    return re.sub(r"\s+", " ", left).strip() == re.sub(r"\s+", " ", right).strip()
