"""What is new on a page. Meta has no list of new comments: posts tell how many they have, and changed ones are read.

The newest fifty posts are compared at each visit, those of thirty days every ten minutes, the newest five hundred of a year every six hours: that
is how a comment on an old post is found. Then those of thirty days are read again, too, for counts that lie.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from socialdesk.connectors.contract import Raw
from socialdesk.connectors.facebook.page import Page
from socialdesk.connectors.meta.lasting import lasting
from socialdesk.connectors.meta.messages import Us
from socialdesk.connectors.meta.walking import Known, Walks, all_before, when
from socialdesk.connectors.shapes import digest, identity, mapping, mappings, moment, stamp, text, whole

WINDOW = timedelta(days=30)
YEAR = timedelta(days=365)
_OVERLAP = timedelta(minutes=2)
OF_COMMENTS = (
    "id,from{id,name},message,created_time,parent{id,from{id,name}},attachment,permalink_url,message_tags"
)
_OF_POSTS = (
    "id,message,created_time,updated_time,from{id,name},permalink_url,"
    "comments.filter(stream).limit(0).summary(true)"
)
LISTS = {"feed": "feed", "tagged": "tagged", "ads": "ads_posts"}
_NEWEST_FIRST = {"filter": "stream", "order": "reverse_chronological", "limit": "100", "fields": OF_COMMENTS}


class Inbox:
    """Reads a page's posts, and their comments a stretch at a time."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.walks = Walks(page)

    async def posts(self, which: str, start: datetime, most: int) -> list[dict[str, Any]]:
        """Return the posts since then in a list, newest first, those of so many of its pages."""
        us = await self._page.us()
        params = {"fields": _OF_POSTS, "limit": "50", "since": str(int(start.timestamp()))}
        found: list[dict[str, Any]] = []
        async for page in self._page.every(f"{us.id}/{LISTS[which]}", params, most=most):
            found += [{**one, "_list": which} for one in page if identity(one.get("id"))]
            if page and all((when(one.get("created_time")) or start) < start for one in page):
                break
        return found

    async def comments(
        self, post: dict[str, Any], known: Known | None, now: datetime, most: int
    ) -> tuple[list[Raw], Known, int]:
        """Return comments of a post that are not known, oldest first, what is known of it then, and how many pages that took."""
        us, name = await self._page.us(), identity(post.get("id"))
        seen = (moment(known.seen) if known else None) or now - WINDOW
        edge = seen - _OVERLAP
        enough = all_before(edge, "created_time")
        rows, done, asked = await self.walks.read(name, f"{name}/comments", _NEWEST_FIRST, most, enough)
        fresh = [one for one in rows if (when(one.get("created_time")) or now) > edge]
        new = sum((when(one.get("created_time")) or now) > seen for one in fresh)
        if known and not known.turns and _may_hide_some(new, known.mark, mark(post)):
            fresh = [one for one in rows if (when(one.get("created_time")) or now) > now - WINDOW]
        times = [at for one in fresh if (at := when(one.get("created_time")))]
        after = (known or Known("", stamp(seen))).after(mark(post), seen, times, done=done)
        fresh = [one for one in fresh if post.get("_list") != "tagged" or _concerns(one, us)]
        return [comment(one, post, us, _answered(one, rows, us)) for one in reversed(fresh)], after, asked

    async def ratings(self, seen: datetime) -> tuple[list[Raw], datetime]:
        """Return recommendations that are not known, and until when they are."""
        us = await self._page.us()
        fields = "created_time,recommendation_type,rating,review_text,open_graph_story{id},reviewer{id,name}"
        found: list[dict[str, Any]] = []
        async for page in self._page.every(f"{us.id}/ratings", {"fields": fields, "limit": "50"}):
            fresh = [one for one in page if (when(one.get("created_time")) or seen) > seen - _OVERLAP]
            found += fresh
            if page and not fresh:
                break
        newest = max([seen, *(at for one in found if (at := when(one.get("created_time"))))])
        return [_rating(one, us) for one in reversed(found)], newest


def mark(post: Mapping[str, Any]) -> str:
    """Return what changes of a post when it gets a comment."""
    summary = mapping(mapping(post.get("comments")).get("summary"))
    return f"{whole(summary.get('total_count')) or 0} {text(post.get('updated_time'))}"


def _may_hide_some(found: int, before: str, now: str) -> bool:
    """Say whether a post has more new comments than were found: some were held back, and bear the time at which they were written.

    Where nothing is known of its count, in the look that is taken every six hours, that may be so, too.
    """
    counts = [one.partition(" ")[0] for one in (before, now)]
    return not before or (all(one.isdecimal() for one in counts) and int(counts[1]) - int(counts[0]) > found)


def is_settled(post: Mapping[str, Any], now: datetime) -> bool:
    """Say whether nothing happened to a post since so long ago that a desk that never saw it need not begin with it."""
    changed = when(post.get("updated_time"))
    written = when(post.get("created_time"))
    return bool(changed and written) and max(filter(None, (changed, written))) < now - WINDOW


def visitors(post: dict[str, Any], us: Us) -> list[Raw]:
    """Return the post itself where a customer wrote it."""
    name, author = identity(post.get("id")), identity(mapping(post.get("from")).get("id"))
    if author == us.id or not name or (not author and post.get("_list") == "ads"):
        return []
    it = {key: one for key, one in post.items() if key != "_list"}
    return [Raw(name, {"kind": "post", "it": lasting(it), "us": us._asdict()})]


def comment(one: dict[str, Any], post: Mapping[str, Any], us: Us, to: Mapping[str, Any] | None = None) -> Raw:
    """Return what is stored of a comment: ``to`` whom it answers, where it is ours and its parent does not tell."""
    about: dict[str, Any] = {"id": identity(post.get("id"))}
    if "created_time" in post and visitors(dict(post), us):
        about["by"] = mapping(post.get("from"))
    kept = lasting(one)
    payload = {"kind": "comment", "it": kept, "post": about, "us": us._asdict()}
    return Raw(identity(one.get("id")) or f"odd|{digest(kept)}", {**payload, **({"to": to} if to else {})})


def _answered(one: dict[str, Any], rows: list[dict[str, Any]], us: Us) -> dict[str, Any] | None:
    """Return the customer's comment before ours in a thread that we began ourselves, by whom Meta says it is not told."""
    parent = mapping(one.get("parent"))
    ours = identity(mapping(one.get("from")).get("id")) == us.id
    if not ours or identity(mapping(parent.get("from")).get("id")) != us.id:
        return None
    at, top = when(one.get("created_time")), identity(parent.get("id"))
    before = [
        (written, other)
        for other in rows
        if identity(mapping(other.get("parent")).get("id")) == top
        and identity(mapping(other.get("from")).get("id")) != us.id
        and (written := when(other.get("created_time")))
        and at
        and written <= at
    ]
    found = max(before, key=lambda both: both[0], default=None)
    return {key: found[1][key] for key in ("id", "from") if key in found[1]} if found else None


def _concerns(one: dict[str, Any], us: Us) -> bool:
    """Say whether a comment below somebody else's post is ours, answers us or names us."""
    people = [one.get("from"), mapping(one.get("parent")).get("from"), *mappings(one.get("message_tags"))]
    return any(identity(mapping(person).get("id")) == us.id for person in people)


def _rating(one: dict[str, Any], us: Us) -> Raw:
    story = identity(mapping(one.get("open_graph_story")).get("id"))
    name = story or digest([one.get("created_time"), one.get("reviewer")])
    return Raw(f"rating|{name}", {"kind": "rating", "it": one, "us": us._asdict()})
