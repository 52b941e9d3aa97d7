"""What is new: pictures tell how many comments they have, changed ones are read; tags have a list of their own.

The newest fifty pictures are compared at each visit, those of thirty days every ten minutes, the newest five hundred of a year every six hours.
Who mentions the brand in a comment or a caption is told by webhook only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from socialdesk.connectors.contract import Raw
from socialdesk.connectors.instagram.account import Account
from socialdesk.connectors.meta.lasting import lasting
from socialdesk.connectors.meta.messages import Us
from socialdesk.connectors.meta.walking import Known, Rows, Walks, all_before, when
from socialdesk.connectors.shapes import digest, identity, mapping, mappings, moment, stamp, text, whole

WINDOW = timedelta(days=30)
YEAR = timedelta(days=365)
_OVERLAP = timedelta(minutes=2)
OF_COMMENT = "id,text,timestamp,username,from{id,username},hidden,parent_id"
_OF_THREADS = f"{OF_COMMENT},replies.limit(50){{{OF_COMMENT}}}"
_OF_MEDIA = "id,caption,permalink,timestamp,comments_count"


class Inbox:
    """Reads the account's pictures, and their comments a stretch at a time."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self.walks = Walks(account)

    async def media(self, start: datetime, most: int) -> list[dict[str, Any]]:
        """Return the pictures and films since then, newest first, those of so many pages of the list."""
        us = await self._account.us()
        found: list[dict[str, Any]] = []
        params = {"fields": _OF_MEDIA, "limit": "50"}
        async for page in self._account.every(f"{us.id}/media", params, most=most):
            found += [one for one in page if identity(one.get("id"))]
            if page and all((when(one.get("timestamp")) or start) < start for one in page):
                break
        return found

    async def comments(
        self, media: dict[str, Any], known: Known | None, now: datetime, most: int
    ) -> tuple[list[Raw], Known, int]:
        """Return comments of a picture that are not known, oldest first, what is known of it then, and how many calls that took.

        An answer does not move its thread up: threads are gone through until there are as many new ones as are told of.
        """
        us, name = await self._account.us(), identity(media.get("id"))
        seen = (moment(known.seen) if known else None) or now - WINDOW
        params = {"fields": _OF_THREADS, "limit": "50"}
        enough = _enough(known, media, seen)
        tops, done, asked = await self.walks.read(name, f"{name}/comments", params, most, enough)
        found: list[tuple[dict[str, Any], list[dict[str, Any]]]] = []
        for top in tops:
            answers, calls = await self._replies(top)
            found.append((top, answers))
            asked += calls
        edge = _edge(known, media, [one for top, answers in found for one in (top, *answers)], seen, now)
        raws: list[tuple[datetime, Raw]] = []
        times: list[datetime] = []
        for top, answers in found:
            for one in (top, *answers):
                at = when(one.get("timestamp"))
                if at is None or at > edge:
                    raws.append((at or now, comment(one, top, media, us, named(one, [top, *answers], us))))
                    times += [at] if at else []
        raws.sort(key=lambda both: both[0])
        after = (known or Known("", stamp(seen))).after(mark(media), seen, times, done=done)
        return [raw for _, raw in raws], after, asked

    async def _replies(self, top: dict[str, Any]) -> tuple[list[dict[str, Any]], int]:
        """Return the answers to a comment, and how many calls it took: those beside it, or all of them where there are more."""
        beside = mapping(top.get("replies"))
        if not mapping(beside.get("paging")).get("next"):
            return mappings(beside.get("data")), 0
        found: list[dict[str, Any]] = []
        calls = 0
        params = {"fields": OF_COMMENT, "limit": "50"}
        async for page in self._account.every(f"{identity(top.get('id'))}/replies", params):
            found += page
            calls += 1
        return found, calls

    async def tags(self, seen: datetime) -> tuple[list[Raw], datetime]:
        """Return pictures of others on which the brand is tagged, and until when they are known."""
        us = await self._account.us()
        fields = "id,caption,username,timestamp,permalink"
        found: list[dict[str, Any]] = []
        async for page in self._account.every(f"{us.id}/tags", {"fields": fields, "limit": "50"}):
            fresh = [one for one in page if (when(one.get("timestamp")) or seen) > seen - _OVERLAP]
            found += fresh
            if page and not fresh:
                break
        newest = max([seen, *(at for one in found if (at := when(one.get("timestamp"))))])
        return [tag(one, us) for one in reversed(found) if identity(one.get("id"))], newest


def _enough(known: Known | None, media: dict[str, Any], seen: datetime) -> Callable[[Rows], bool]:
    """Return what tells that a page is the last that is needed; a picture that is to be read anew is read to its end."""
    if known is not None and not known.mark:
        return lambda page: False
    told = _told(known, media)
    are_old, new = all_before(seen - _OVERLAP, "timestamp"), 0

    def enough(page: Rows) -> bool:
        nonlocal new
        for top in page:
            for one in (top, *mappings(mapping(top.get("replies")).get("data"))):
                at = when(one.get("timestamp"))
                new += at is not None and at > seen
        return are_old(page) and new >= told

    return enough


def _told(known: Known | None, media: Mapping[str, Any]) -> int:
    """Return how many more comments a picture is told to have than when it was read, 0 where that is not known."""
    before, now = (known.mark if known else ""), mark(media)
    return int(now) - int(before) if before.isdecimal() and now.isdecimal() else 0


def _edge(known: Known | None, media: dict[str, Any], rows: Rows, seen: datetime, now: datetime) -> datetime:
    """Return since when comments count as new.

    Where there are more than were found, some were let through late, and bear the time at which they were written; so it may be
    in the look that is taken every six hours.
    """
    new = sum((when(one.get("timestamp")) or now) > seen for one in rows)
    late = known is not None and not known.turns and (not known.mark or _told(known, media) > new)
    return now - WINDOW if late else seen - _OVERLAP


def mark(media: Mapping[str, Any]) -> str:
    """Return what changes of a picture when it gets a comment; "?" where Instagram does not count."""
    count = whole(media.get("comments_count"))
    return "?" if count is None else str(count)


def is_settled(media: Mapping[str, Any], now: datetime) -> bool:
    """Say whether a picture that was never seen is so old that a desk need not begin with its comments."""
    written = when(media.get("timestamp"))
    return written is not None and written < now - WINDOW


def comment(
    one: dict[str, Any],
    top: Mapping[str, Any],
    media: Mapping[str, Any],
    us: Us,
    to: Mapping[str, Any] | None = None,
) -> Raw:
    """Return what is stored of a comment: ``to`` whom it answers, where it is ours and in the thread of somebody else."""
    about = {key: media[key] for key in ("id", "permalink") if key in media}
    begun = {key: top[key] for key in ("id", "username", "from") if key in top}
    kept = lasting(one)
    payload = {"kind": "comment", "it": kept, "top": begun, "media": about, "us": us._asdict()}
    return Raw(identity(one.get("id")) or f"odd|{digest(kept)}", {**payload, **({"to": to} if to else {})})


def tag(one: dict[str, Any], us: Us) -> Raw:
    """Return what is stored of somebody else's picture that names the brand."""
    return Raw(f"tag|{identity(one.get('id'))}", {"kind": "tag", "it": lasting(one), "us": us._asdict()})


def is_ours(one: Mapping[str, Any], us: Us) -> bool:
    """Say whether the brand wrote a comment."""
    return us.is_us(one.get("from")) or (bool(us.name) and text(one.get("username")) == us.name)


def named(one: dict[str, Any], thread: list[dict[str, Any]], us: Us) -> dict[str, Any] | None:
    """Return the comment of whom an answer of ours names first: below somebody else's comment that is whom it is for."""
    said = text(one.get("text")).split()
    if not is_ours(one, us) or not said or not said[0].startswith("@"):
        return None
    name = said[0].lstrip("@").rstrip(",:;.!").lower()
    for other in thread:
        author = text(other.get("username")) or text(mapping(other.get("from")).get("username"))
        if author.lower() == name and not is_ours(other, us):
            return {key: other[key] for key in ("id", "username", "from") if key in other}
    return None
