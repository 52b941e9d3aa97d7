"""What the relay tells of an account: who mentions it, which no list does, comments on advertised and old pictures, what was taken back."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from typing import Any

from socialdesk.connectors.contract import Raw
from socialdesk.connectors.instagram.account import Account
from socialdesk.connectors.instagram.inbox import OF_COMMENT, comment, is_ours, tag
from socialdesk.connectors.meta import hooks
from socialdesk.connectors.meta.hooks import Event
from socialdesk.connectors.meta.lasting import lasting
from socialdesk.connectors.meta.messages import Us
from socialdesk.connectors.rest import Refusal
from socialdesk.connectors.shapes import identity, mapping, stamp, text

_log = logging.getLogger("socialdesk.connectors.instagram")


async def read(account: Account, events: Sequence[Event], known: Collection[str]) -> list[Raw]:
    """Return what the lists have not brought; ``known`` are the ids of what they have."""
    us, seen, found = await account.us(), set(known), list[Raw]()
    for event in events:
        match event.field:
            case "message" | "message_edit":
                raw = await hooks.private(account, us, event, seen)
            case "comments" | "live_comments":
                raw = await _comment(account, us, event, seen)
            case "mentions":
                raw = await _mention(account, us, event, seen)
            case _:
                raw = None
        if raw is not None:
            found.append(raw)
            seen.add(raw.id)
    return found


async def _comment(account: Account, us: Us, event: Event, seen: set[str]) -> Raw | None:
    value, name = event.value, identity(event.value.get("id"))
    if not name or name in seen:
        return None
    told: dict[str, Any] = {key: value[key] for key in ("id", "text", "from", "parent_id") if key in value}
    found = await _one(account, name, f"{OF_COMMENT},media{{id,permalink}}")
    one = found if identity(found.get("id")) == name else _dated(told, event)
    media = mapping(one.get("media")) or mapping(value.get("media"))
    one = {key: part for key, part in one.items() if key != "media"}
    above = identity(one.get("parent_id"))
    top = one if not above else {"id": above}
    if above and is_ours(one, us):
        top = await _one(account, above, "id,username,from{id,username}") or top
    return comment(one, top, media, us)


async def _mention(account: Account, us: Us, event: Event, seen: set[str]) -> Raw | None:
    media, name = identity(event.value.get("media_id")), identity(event.value.get("comment_id"))
    if not media or f"mention|{name}" in seen or (not name and f"tag|{media}" in seen):
        return None
    if not name:
        fields = f"mentioned_media.media_id({media}){{id,caption,timestamp,username}}"
        found = mapping((await _one(account, us.id, fields)).get("mentioned_media"))
        return tag(_dated({**found, "id": media}, event), us)
    fields = f"mentioned_comment.comment_id({name}){{id,text,timestamp,username,media{{id,permalink}}}}"
    found = mapping((await _one(account, us.id, fields)).get("mentioned_comment"))
    kept: dict[str, Any] = lasting(_dated({**found, "id": name}, event))
    about = {"id": media, **{k: v for k, v in mapping(kept.pop("media", None)).items() if k == "permalink"}}
    return Raw(f"mention|{name}", {"kind": "mention", "it": kept, "media": about, "us": us._asdict()})


def _dated(one: dict[str, Any], event: Event) -> dict[str, Any]:
    """Return it with the time of its delivery where it has none of its own."""
    return {"timestamp": stamp(event.at), **one} if event.at and not text(one.get("timestamp")) else one


async def _one(account: Account, name: str, fields: str) -> dict[str, Any]:
    """Return what Meta shows of it; nothing where it does not."""
    try:
        return await account.get(name, {"fields": fields})
    except Refusal as refusal:
        _log.info("%s: %s (%s)", account.host.account, refusal.code, refusal)
        return {}
