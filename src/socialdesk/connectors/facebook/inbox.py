"""What is new on a page. Meta has no list of new comments: posts tell how many they have, and changed ones are read.

Posts of the last 30 days are compared each time; once in six hours all of them are read again, for counts that lie.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from socialdesk.connectors.contract import Raw
from socialdesk.connectors.facebook.page import Page
from socialdesk.connectors.meta.messages import Us
from socialdesk.connectors.rest import Refusal
from socialdesk.connectors.shapes import digest, identity, mapping, moment, stamp, text, whole

WINDOW = timedelta(days=30)
AT_ONCE = 20
"""So many changed posts are read in one go; the rest in the next, at once."""
_OVERLAP = timedelta(minutes=10)
_OF_COMMENTS = (
    "id,from{id,name},message,created_time,parent{id,from{id,name}},attachment,permalink_url,is_hidden,can_hide,"
    "can_reply_privately,message_tags"
)
_OF_POSTS = "id,message,created_time,updated_time,from{id,name},permalink_url,comments.limit(0).summary(true)"
_VOLATILE = frozenset(
    {"is_hidden", "can_hide", "can_reply_privately", "comments", "updated_time", "like_count"}
)
LISTS = {"feed": "feed", "tagged": "tagged", "ads": "ads_posts"}


class Inbox:
    """Reads a page's posts; ``known`` is, for each post, its count, its last change and when its newest known comment was written."""

    def __init__(self, page: Page) -> None:
        self._page = page

    async def posts(self, which: str, now: datetime) -> list[dict[str, Any]]:
        """Return the posts of the window in a list, newest first."""
        us, start = await self._page.us(), now - WINDOW
        since = str(int(start.timestamp()))
        found: list[dict[str, Any]] = []
        async for page in self._page.every(
            f"{us.id}/{LISTS[which]}", {"fields": _OF_POSTS, "limit": "50", "since": since}
        ):
            found += [one for one in page if identity(one.get("id"))]
            if page and all((moment(one.get("created_time")) or now) < start for one in page):
                break
        return found

    async def comments(
        self, post: dict[str, Any], known: list[str] | None, now: datetime
    ) -> tuple[list[Raw], list[str]]:
        """Return a post's comments that are not known, oldest first, and what is known of it then."""
        us, name = await self._page.us(), identity(post.get("id"))
        seen = (moment(known[1]) if known else None) or now - WINDOW
        edge = seen - _OVERLAP
        params = {
            "filter": "stream",
            "order": "reverse_chronological",
            "limit": "100",
            "fields": _OF_COMMENTS,
        }
        found: list[dict[str, Any]] = []
        async for page in self._page.every(f"{name}/comments", params):
            fresh = [one for one in page if (moment(one.get("created_time")) or now) > edge]
            found += fresh
            if len(fresh) < len(page):
                break
        newest = max([seen, *(at for one in found if (at := moment(one.get("created_time"))))])
        return [comment(one, post, us) for one in reversed(found)], [mark(post), stamp(newest)]

    async def ratings(self, seen: datetime) -> tuple[list[Raw], datetime]:
        """Return recommendations that are not known, and until when they are."""
        us = await self._page.us()
        fields = "created_time,recommendation_type,rating,review_text,open_graph_story{id},reviewer{id,name}"
        found: list[dict[str, Any]] = []
        async for page in self._page.every(f"{us.id}/ratings", {"fields": fields, "limit": "50"}):
            fresh = [one for one in page if (moment(one.get("created_time")) or seen) > seen - _OVERLAP]
            found += fresh
            if len(fresh) < len(page):
                break
        newest = max([seen, *(at for one in found if (at := moment(one.get("created_time"))))])
        return [_rating(one, us) for one in reversed(found)], newest

    async def again(self, known: list[Raw]) -> list[Raw]:
        """Return those that were edited, or that can no longer be seen: deleted and forbidden look the same."""
        changed = []
        for raw in known:
            payload = mapping(raw.payload)
            if payload.get("kind") not in ("comment", "post"):
                continue
            fields = (
                _OF_COMMENTS
                if payload["kind"] == "comment"
                else "id,message,created_time,from{id,name},permalink_url"
            )
            try:
                new = _kept(await self._page.get(raw.id, {"fields": fields}))
            except Refusal as refusal:
                if refusal.code == "parent_gone" and not payload.get("deleted"):
                    changed.append(Raw(raw.id, {**payload, "deleted": True}))
                continue
            if text(new.get("message")) != text(mapping(payload.get("it")).get("message")):
                changed.append(Raw(raw.id, {**payload, "it": new}))
        return changed


def mark(post: dict[str, Any]) -> str:
    """Return what changes of a post when it gets a comment."""
    summary = mapping(mapping(post.get("comments")).get("summary"))
    return f"{whole(summary.get('total_count')) or 0} {text(post.get('updated_time'))}"


def visitors(post: dict[str, Any], us: Us) -> list[Raw]:
    """Return the post itself where a customer wrote it."""
    name, author = identity(post.get("id")), identity(mapping(post.get("from")).get("id"))
    return (
        []
        if author == us.id or not name
        else [Raw(name, {"kind": "post", "it": _kept(post), "us": us._asdict()})]
    )


def comment(one: dict[str, Any], post: Mapping[str, Any], us: Us) -> Raw:
    """Return what is stored of a comment."""
    about = {key: post[key] for key in ("id", "permalink_url") if key in post}
    payload = {"kind": "comment", "it": _kept(one), "post": about, "us": us._asdict()}
    return Raw(identity(one.get("id")) or f"odd|{digest(one)}", payload)


def _rating(one: dict[str, Any], us: Us) -> Raw:
    story = identity(mapping(one.get("open_graph_story")).get("id"))
    name = story or f"rating|{digest([one.get('created_time'), one.get('reviewer')])}"
    return Raw(name, {"kind": "rating", "it": one, "us": us._asdict()})


def _kept(value: dict[str, Any]) -> dict[str, Any]:
    return {key: one for key, one in value.items() if key not in _VOLATILE}
