"""What is new: pictures tell how many comments they have, changed ones are read; tags have a list of their own.

Who mentions the brand in a comment or a caption is told by webhook only.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from socialdesk.connectors.contract import Raw
from socialdesk.connectors.instagram.account import Account
from socialdesk.connectors.meta.messages import Us
from socialdesk.connectors.rest import Refusal
from socialdesk.connectors.shapes import digest, identity, mapping, mappings, moment, stamp, text, whole

WINDOW = timedelta(days=30)
AT_ONCE = 20
_OVERLAP = timedelta(minutes=10)
_ONE = "id,text,timestamp,username,from{id,username},hidden,parent_id"
_OF_COMMENTS = f"{_ONE},replies.limit(50){{{_ONE}}}"
_OF_MEDIA = "id,caption,permalink,timestamp,comments_count"
_VOLATILE = frozenset({"hidden", "replies", "like_count"})


class Inbox:
    """Reads the account's pictures; ``known`` is, for each, its count and when its newest known comment was written."""

    def __init__(self, account: Account) -> None:
        self._account = account

    async def media(self, now: datetime) -> list[dict[str, Any]]:
        """Return the pictures and films of the window, newest first."""
        us = await self._account.us()
        found: list[dict[str, Any]] = []
        async for page in self._account.every(f"{us.id}/media", {"fields": _OF_MEDIA, "limit": "50"}):
            found += [one for one in page if identity(one.get("id"))]
            if page and all((moment(one.get("timestamp")) or now) < now - WINDOW for one in page):
                break
        return found

    async def comments(
        self, media: dict[str, Any], known: list[str] | None, now: datetime
    ) -> tuple[list[Raw], list[str]]:
        """Return the comments of a picture that are not known, oldest first, and what is known of it then.

        All threads are gone through: an answer does not move its thread up.
        """
        us = await self._account.us()
        seen = (moment(known[1]) if known else None) or now - WINDOW
        found: list[tuple[dict[str, Any], dict[str, Any]]] = []
        async for page in self._account.every(
            f"{identity(media.get('id'))}/comments", {"fields": _OF_COMMENTS, "limit": "50"}
        ):
            for top in page:
                found += [(top, one) for one in [top, *await self._replies(top)]]
        dated = [(moment(one.get("timestamp")), top, one) for top, one in found]
        fresh = [(at, top, one) for at, top, one in dated if at is None or at > seen - _OVERLAP]
        fresh.sort(key=lambda both: both[0] or now)
        newest = max([seen, *(at for at, _, _ in fresh if at)])
        return [comment(one, top, media, us) for _, top, one in fresh], [mark(media), stamp(newest)]

    async def _replies(self, top: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the answers to a comment: those beside it, or all of them where there are more."""
        beside = mapping(top.get("replies"))
        if not mapping(beside.get("paging")).get("next"):
            return mappings(beside.get("data"))
        found: list[dict[str, Any]] = []
        async for page in self._account.every(
            f"{identity(top.get('id'))}/replies", {"fields": _ONE, "limit": "50"}
        ):
            found += page
        return found

    async def tags(self, seen: datetime) -> tuple[list[Raw], datetime]:
        """Return pictures of others on which the brand is tagged, and until when they are known."""
        us = await self._account.us()
        fields = "id,caption,username,timestamp,permalink"
        found: list[dict[str, Any]] = []
        async for page in self._account.every(f"{us.id}/tags", {"fields": fields, "limit": "50"}):
            fresh = [one for one in page if (moment(one.get("timestamp")) or seen) > seen - _OVERLAP]
            found += fresh
            if len(fresh) < len(page):
                break
        newest = max([seen, *(at for one in found if (at := moment(one.get("timestamp"))))])
        named = [one for one in reversed(found) if identity(one.get("id"))]
        return [
            Raw(f"tag|{identity(one['id'])}", {"kind": "tag", "it": one, "us": us._asdict()}) for one in named
        ], newest

    async def again(self, known: list[Raw]) -> list[Raw]:
        """Return those that can no longer be seen: Instagram knows no edits of comments."""
        changed = []
        for raw in known:
            payload = mapping(raw.payload)
            if payload.get("kind") != "comment" or payload.get("deleted"):
                continue
            try:
                await self._account.get(raw.id, {"fields": "id"})
            except Refusal as refusal:
                if refusal.code == "parent_gone":
                    changed.append(Raw(raw.id, {**payload, "deleted": True}))
        return changed


def mark(media: dict[str, Any]) -> str:
    """Return what changes of a picture when it gets a comment."""
    return str(whole(media.get("comments_count")) or 0)


def comment(one: dict[str, Any], top: dict[str, Any], media: dict[str, Any], us: Us) -> Raw:
    """Return what is stored of a comment."""
    about = {key: media[key] for key in ("id", "permalink") if key in media}
    begun = {key: top[key] for key in ("id", "username", "from") if key in top}
    kept = {key: value for key, value in one.items() if key not in _VOLATILE}
    payload = {"kind": "comment", "it": kept, "top": begun, "media": about, "us": us._asdict()}
    return Raw(identity(one.get("id")) or f"odd|{digest(text(one.get('text')))}", payload)
