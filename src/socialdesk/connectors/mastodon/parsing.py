"""From stored payloads to messages; pure, so that a mended version can read again what was stored."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import Any

from socialdesk.connectors.contract import Author, Direction, Item, Kind, Raw
from socialdesk.connectors.mastodon import raws
from socialdesk.connectors.mastodon.describe import attachments
from socialdesk.connectors.mastodon.html import text_of
from socialdesk.connectors.mastodon.shape import identity, items, mapping, moment, text, web

_LANGUAGE = re.compile(r"[a-z]{2}(?![a-z])", re.I)


def parse(raw: Raw) -> list[Item]:
    """Return the messages in a payload; raises ``ValueError`` where the indispensable is missing."""
    payload = mapping(raw.payload)
    match payload.get("kind"):
        case "status":
            return [_incoming(payload)]
        case "own":
            return [_own(payload)]
        case "context":
            return [_context(payload)]
    raise ValueError("not a payload of this connector")


def _incoming(payload: dict[str, Any]) -> Item:
    status, me = mapping(payload.get("status")), mapping(payload.get("me"))
    author = _author(status)
    item = _item(payload, status, author, author, Direction.IN)
    at = moment(payload.get("arrived")) or item.at
    return replace(item, at=at, kind=_kind(status, me), deleted=payload.get("deleted") is True)


def _own(payload: dict[str, Any]) -> Item:
    status = mapping(payload.get("status"))
    customer = _person(payload.get("customer"))
    item = _item(payload, status, _author(status), customer, Direction.OUT)
    return replace(item, kind=Kind.DIRECT if item.private else Kind.REPLY)


def _context(payload: dict[str, Any]) -> Item:
    status, me = mapping(payload.get("status")), mapping(payload.get("me"))
    author, customer = _author(status), _person(payload.get("customer"))
    direction = Direction.OUT if author.id == identity(me.get("id")) else Direction.IN
    key = text(payload.get("conversation"))
    item = _item(payload, status, author, customer, direction)
    if author.id == customer.id and item.conversation == key:
        return replace(
            item, context=True
        )  # it may come as a notification, too: the same id, so the same text
    # A post of somebody else may stand in several conversations, and an id names one message.
    return replace(item, id=f"{item.id}|{customer.id}", conversation=key, kind=Kind.POST, context=True)


def _item(
    payload: dict[str, Any], status: dict[str, Any], author: Author, contact: Author, direction: Direction
) -> Item:
    name, at = identity(status.get("id")), _written_at(payload, status)
    if not name or at is None:
        raise ValueError("a post without id or time")
    me, root = mapping(payload.get("me")), text(payload.get("root")) or name
    private = raws.is_private(status)
    return Item(
        id=name,
        conversation=raws.conversation(status, root, contact.id),
        direction=direction,
        at=at,
        author=author,
        contact=contact,
        text=_words(status, me),
        private=private,
        reply_to=identity(status.get("in_reply_to_id")),
        language=_language(status),
        url=web(status.get("url")) or web(status.get("uri")),
        edited_at=moment(status.get("edited_at")),
        remote=_remote(status, root, contact, me),
        title=text_of(text(status.get("spoiler_text"))),
        attachments=attachments(status),
    )


def _written_at(payload: dict[str, Any], status: dict[str, Any]) -> datetime | None:
    return moment(status.get("created_at")) or moment(payload.get("arrived"))


def _remote(status: dict[str, Any], root: str, contact: Author, me: dict[str, Any]) -> dict[str, str]:
    """Return what an answer needs: whom to name, who else may read it, the warning and where it belongs."""
    others = [
        acct
        for one in map(mapping, items(status.get("mentions")))
        if identity(one.get("id")) not in (identity(me.get("id")), contact.id)
        and (acct := text(one.get("acct")))
    ]
    found = {
        "id": identity(status.get("id")),
        "account": contact.id,
        "acct": contact.handle if contact.handle != "?" else "",
        "visibility": text(status.get("visibility")),
        "warning": text(status.get("spoiler_text")),
        "others": " ".join(others[:50]),
        "root": root,
    }
    return {key: value for key, value in found.items() if value}


def _kind(status: dict[str, Any], me: dict[str, Any]) -> Kind:
    ours = identity(me.get("id"))
    if raws.is_private(status):
        return Kind.DIRECT
    if identity(status.get("in_reply_to_account_id")) == ours and identity(status.get("in_reply_to_id")):
        return Kind.REPLY
    if identity(mapping(raws.quoted_of(status).get("account")).get("id")) == ours:
        return Kind.QUOTE
    return Kind.MENTION


def _words(status: dict[str, Any], me: dict[str, Any]) -> str:
    """Return the text, without our own name at its beginning: it is what brought the message here."""
    quotes = bool(raws.quoted_of(status))
    words = text_of(text(status.get("content")), without_quote=quotes)
    for one in map(mapping, items(status.get("mentions"))):
        if identity(one.get("id")) == identity(me.get("id")):
            name = text(one.get("username")) or text(me.get("name"))
            ours = re.compile(rf"@{re.escape(name)}(?:@[\w.:-]*\w)?(?![\w@])[,:]?\s+", re.I)
            return ours.sub("", words, count=1) if ours.match(words) else words
    return words


def _author(status: dict[str, Any]) -> Author:
    """Return who wrote it; of an account that was deleted meanwhile not even the name may be left."""
    account = mapping(status.get("account"))
    if not identity(account.get("id")):
        return Author(f"gone|{identity(status.get('id'))}", "?")
    return _person(account)


def _person(value: Any) -> Author:
    value = mapping(value)
    number = identity(value.get("id"))
    if not number:
        raise ValueError("nobody wrote this")
    handle = text(value.get("acct")) or text(value.get("username"))
    followers = value.get("followers_count")
    known = isinstance(followers, int) and not isinstance(followers, bool) and followers >= 0
    return Author(
        number,
        handle or "?",
        text(value.get("display_name")),
        value.get("bot") is True,
        followers if known else None,
    )


def _language(status: dict[str, Any]) -> str:
    found = _LANGUAGE.match(text(status.get("language")))
    return found.group().lower() if found else ""
