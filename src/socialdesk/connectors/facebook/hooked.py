"""What the relay tells of a page: comments on pictures, ads and old posts at once, mentions, and what was taken back."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from typing import Any

from socialdesk.connectors.contract import Raw
from socialdesk.connectors.facebook.inbox import OF_COMMENTS, comment
from socialdesk.connectors.facebook.page import Page
from socialdesk.connectors.meta import hooks
from socialdesk.connectors.meta.hooks import Event
from socialdesk.connectors.meta.lasting import lasting
from socialdesk.connectors.meta.messages import Us
from socialdesk.connectors.rest import Refusal
from socialdesk.connectors.shapes import identity, mapping, stamp, text

_log = logging.getLogger("socialdesk.connectors.facebook")


async def read(page: Page, events: Sequence[Event], known: Collection[str]) -> list[Raw]:
    """Return what the lists have not brought; ``known`` are the ids of what they have."""
    us, seen, found = await page.us(), set(known), list[Raw]()
    for event in events:
        if event.field in ("message", "message_edit"):
            raw = await hooks.private(page, us, event, seen)
        else:
            raw = await _public(page, us, event, seen)
        if raw is not None:
            found.append(raw)
            seen.add(raw.id)
    return found


async def _public(page: Page, us: Us, event: Event, seen: set[str]) -> Raw | None:
    value, verb = event.value, text(event.value.get("verb"))
    name = identity(value.get("comment_id"))
    if event.field not in ("feed", "mention") or verb in ("hide", "unhide", "block", "unblock"):
        return None
    if name and text(value.get("item")) in ("comment", ""):
        return await _comment(page, us, event, "" if name in seen and verb == "add" else name)
    if event.field == "mention":
        return await _mention(page, us, event, identity(value.get("post_id")), seen)
    return None


async def _comment(page: Page, us: Us, event: Event, name: str) -> Raw | None:
    if not name:
        return None
    value, about = event.value, {"id": identity(event.value.get("post_id"))}
    if text(value.get("verb")) == "remove":
        gone = comment({**_told(event, name), "message": ""}, about, us)
        return Raw(gone.id, {**gone.payload, "deleted": True})
    found = await _one(page, name, OF_COMMENTS)
    raw = comment(found if identity(found.get("id")) else _told(event, name), about, us)
    edited = text(value.get("verb")) in ("edit", "edited") and event.at is not None
    times = {"edited": stamp(event.at)} if edited and event.at else {}
    return Raw(name, {**raw.payload, **times})


async def _mention(page: Page, us: Us, event: Event, name: str, seen: set[str]) -> Raw | None:
    if not name or name in seen:
        return None
    found = await _one(page, name, "id,message,created_time,from{id,name},permalink_url")
    it = lasting(found if identity(found.get("id")) else _told(event, name))
    return Raw(name, {"kind": "post", "it": it, "us": us._asdict()})


async def _one(page: Page, name: str, fields: str) -> dict[str, Any]:
    """Return what Meta shows of it; nothing where it does not."""
    try:
        return await page.get(name, {"fields": fields})
    except Refusal as refusal:
        _log.info("%s: %s (%s)", page.host.account, refusal.code, refusal)
        return {}


def _told(event: Event, name: str) -> dict[str, Any]:
    """Return a comment or a post as the delivery tells it, in the shape that the lists have."""
    value, at = event.value, event.at
    parent = identity(value.get("parent_id"))
    below = {"parent": {"id": parent}} if parent not in ("", identity(value.get("post_id"))) else {}
    sender = mapping(value.get("from")) or {"id": value.get("sender_id"), "name": value.get("sender_name")}
    time = {"created_time": stamp(at)} if at else {}
    return {"id": name, "message": text(value.get("message")), "from": sender, **time, **below}
