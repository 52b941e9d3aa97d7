"""What arrives in public: notifications, the posts around them, and what the brand itself wrote elsewhere."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from socialdesk.connectors.bluesky import reading
from socialdesk.connectors.bluesky.client import Client
from socialdesk.connectors.bluesky.reading import Place, Visit, Way
from socialdesk.connectors.bluesky.shape import lasting, mapping, moment, post_time, repo_of, text
from socialdesk.connectors.contract import RateLimited, Raw, Rejected, Temporary

REASONS = ("reply", "mention", "quote")
"""What a customer can want an answer to; likes, follows and kinds invented later are left out."""

_CONTEXT_CALLS = 10  # a visit
_PARENTS = 10  # posts above the one that was received
_REMEMBERED = 5000


class Inbox:
    """Reads one account's public messages."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._known: dict[str, None] = {}  # posts whose surroundings need no (further) asking, oldest first

    async def notifications(self, place: Place, now: datetime) -> tuple[list[Raw], Place, bool]:
        """Return mentions, replies and quotes, oldest first. ``isRead`` is never looked at: other apps change it."""
        way = Way(self._notification_page, "notifications", post_time, _indexed)
        found = await reading.visit(way, place, now)
        kept = _one_each(one for one in found.found if mapping(one).get("reason") in REASONS or _odd(one))
        return [_raw("notification", one) for one in kept], found.place, found.more

    async def own_posts(self, place: Place, now: datetime) -> tuple[list[Raw], Place, bool]:
        """Return the brand's replies wherever they were written, so that a customer answered by phone waits no more."""
        session = await self._client.session()

        async def page(cursor: str, size: int) -> dict[str, Any]:
            params = {"actor": session.did, "filter": "posts_with_replies", "limit": size}
            return await self._client.query("app.bsky.feed.getAuthorFeed", _with_cursor(params, cursor))

        way = Way(page, "feed", _feed_time, _feed_arrival)
        found: Visit = await reading.visit(way, place, now)
        replies = [raw for entry in found.found if (raw := self._own_reply(entry, session.did))]
        return replies, found.place, found.more

    def _own_reply(self, entry: Any, me: str) -> Raw | None:
        entry = mapping(entry)
        post, reply = mapping(entry.get("post")), mapping(entry.get("reply"))
        if mapping(post.get("author")).get("did") != me or not text(post.get("uri")):
            return None
        parent = mapping(mapping(mapping(post.get("record")).get("reply")).get("parent"))
        customer = mapping(mapping(reply.get("parent")).get("author")) or {"did": repo_of(parent.get("uri"))}
        if customer.get("did") == me:  # a second post below our own first one
            customer = mapping(reply.get("grandparentAuthor"))
        if not text(customer.get("did")) or customer.get("did") == me:
            return None
        self._remember(text(post.get("uri")))
        return own_reply(post, customer)

    async def context(self, notes: Iterable[Raw]) -> list[Raw]:
        """Return what stands above the new ones, newest first asked; trouble here never holds a message back."""
        new = [mapping(raw.payload["notification"]) for raw in notes]
        new = [one for one in new if text(one.get("uri")) and text(one["uri"]) not in self._known]
        wanted = []
        for one in new:
            if self._needs_context(one):
                wanted.append(one)
            else:
                self._remember(one["uri"])
        result: list[Raw] = []
        for one in wanted[::-1][:_CONTEXT_CALLS]:
            try:
                result += await self._around(one)
            except (Temporary, RateLimited):
                break
            except Rejected:
                pass  # the post was deleted meanwhile
            self._remember(one["uri"])
        return result

    def forget(self) -> None:
        """Ask again for the surroundings of what comes again."""
        self._known.clear()

    def _needs_context(self, note: dict[str, Any]) -> bool:
        parent = mapping(mapping(mapping(note.get("record")).get("reply")).get("parent")).get("uri")
        return note.get("reason") == "quote" or (bool(text(parent)) and parent not in self._known)

    async def _around(self, note: dict[str, Any]) -> list[Raw]:
        params = {"uri": note["uri"], "depth": 0, "parentHeight": _PARENTS}
        answer = await self._client.query("app.bsky.feed.getPostThread", params)
        me = (await self._client.session()).did
        return surroundings(mapping(answer.get("thread")), note, me)

    def _remember(self, uri: str) -> None:
        self._known[uri] = None
        if len(self._known) > _REMEMBERED:
            del self._known[next(iter(self._known))]

    async def _notification_page(self, cursor: str, size: int) -> dict[str, Any]:
        # priority is said outright: left out, the account's own preference would hide strangers.
        params = {"limit": size, "reasons": list(REASONS), "priority": "false"}
        return await self._client.query(
            "app.bsky.notification.listNotifications", _with_cursor(params, cursor)
        )


def thread_key(record: Any, uri: str, customer: str) -> str:
    """Return the key of the conversation with one customer in one thread.

    Third persons who join a thread have conversations of their own, so that each has their own clock.
    """
    root = mapping(mapping(mapping(record).get("reply")).get("root")).get("uri")
    return f"{text(root) or uri}|{customer}"


def own_reply(post: dict[str, Any], customer: dict[str, Any]) -> Raw:
    """Return a reply of the brand to that customer."""
    return Raw(text(post.get("uri")), {"kind": "own", "post": lasting(post), "customer": lasting(customer)})


def surroundings(thread: dict[str, Any], note: dict[str, Any], me: str) -> list[Raw]:
    """Return the posts above one notification, highest first, and the post that it quotes."""
    customer = mapping(note.get("author"))
    key = thread_key(note.get("record"), text(note.get("uri")), text(customer.get("did")))
    shared = {"conversation": key, "customer": lasting(customer), "me": me, "before": note.get("indexedAt")}
    chain: list[Raw] = []
    above = thread.get("parent")
    while isinstance(above, dict) and len(chain) < _PARENTS:
        chain.append(_context(above, shared))
        above = above.get("parent")
    quoted = (
        _quoted(mapping(mapping(thread.get("post")).get("embed"))) if note.get("reason") == "quote" else None
    )
    if quoted is not None:
        chain.insert(0, _context({"post": quoted}, {**shared, "quoted": True}))
    return [raw for raw in reversed(chain) if raw.id]


def _context(node: dict[str, Any], shared: dict[str, Any]) -> Raw:
    post = mapping(node.get("post"))
    uri = text(post.get("uri")) or text(node.get("uri"))
    parent = mapping(mapping(mapping(post.get("record")).get("reply")).get("parent")).get("uri")
    did, customer = mapping(post.get("author")).get("did"), shared["customer"]
    if did == shared["me"] and repo_of(parent) == text(customer.get("did")) and not shared.get("quoted"):
        return own_reply(
            post, customer
        )  # an answer to this customer, maybe older than our reading of our own posts
    if post:
        return Raw(
            f"context|{shared['conversation']}|{uri}", {"kind": "context", "post": lasting(post), **shared}
        )
    gone = {"kind": "gap", "uri": uri, "blocked": node.get("blocked") is True, **shared}
    return Raw(f"context|{shared['conversation']}|{uri}" if uri else "", gone)


def _quoted(embed: dict[str, Any]) -> dict[str, Any] | None:
    """Return the quoted post as a post view; embedded ones call their record ``value``."""
    record = mapping(embed.get("record"))
    record = mapping(record.get("record")) or record
    if not text(record.get("uri")) or not isinstance(record.get("value"), dict):
        return None
    return {**{key: record[key] for key in record if key != "value"}, "record": record["value"]}


def _with_cursor(params: dict[str, Any], cursor: str) -> dict[str, Any]:
    return {**params, "cursor": cursor} if cursor else params


def _one_each(found: Iterable[Any]) -> list[Any]:
    """Keep one notification a post: the same one may come as a reply and as a mention."""
    best: dict[str, Any] = {}
    for one in found:
        uri = text(mapping(one).get("uri")) or _digest(one)
        if uri not in best or _rank(one) < _rank(best[uri]):
            best[uri] = one
    return list(best.values())


def _rank(one: Any) -> int:
    reason = mapping(one).get("reason")
    return REASONS.index(reason) if reason in REASONS else len(REASONS)


def _odd(one: Any) -> bool:
    """Whether this is no notification at all; it goes on, so that the desk can show that something came."""
    return not isinstance(one, dict) or not isinstance(one.get("reason"), str)


def _raw(kind: str, one: Any) -> Raw:
    return Raw(text(mapping(one).get("uri")) or f"odd|{_digest(one)}", {"kind": kind, kind: lasting(one)})


def _digest(one: Any) -> str:
    return hashlib.sha256(json.dumps(one, sort_keys=True).encode()).hexdigest()[:32]


def _indexed(one: Any) -> datetime | None:
    return moment(mapping(one).get("indexedAt"))


def _feed_time(entry: Any) -> datetime | None:
    reposted = moment(mapping(mapping(entry).get("reason")).get("indexedAt"))
    return reposted or post_time(mapping(entry).get("post"))


def _feed_arrival(entry: Any) -> datetime | None:
    return _indexed(mapping(entry).get("post"))
