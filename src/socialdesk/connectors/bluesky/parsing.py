"""From stored payloads to messages; pure, so that a mended version can read again what was stored."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from socialdesk.connectors.bluesky import tid
from socialdesk.connectors.bluesky.attaching import attachments
from socialdesk.connectors.bluesky.describe import describe
from socialdesk.connectors.bluesky.inbox import thread_key
from socialdesk.connectors.bluesky.labels import warning
from socialdesk.connectors.bluesky.shape import items, key_of, mapping, moment, repo_of, text, web_address
from socialdesk.connectors.contract import Author, Direction, Item, Kind, Raw

_KINDS = {"mention": Kind.MENTION, "reply": Kind.REPLY, "quote": Kind.QUOTE}
_BELIEVED = timedelta(days=30)


def parse(raw: Raw) -> list[Item]:
    """Return the messages in a payload; raises ``ValueError`` where the indispensable is missing."""
    payload = mapping(raw.payload)
    readers = {"notification": _notification, "own": _own, "context": _context, "gap": _gap, "dm": _direct}
    reader = readers.get(text(payload.get("kind")))
    if reader is None:
        raise ValueError("not a payload of this connector")
    return [reader(payload)]


def _notification(payload: dict[str, Any]) -> Item:
    note = mapping(payload.get("notification"))
    author = _author(note.get("author"))
    item = _post(note, author, author, Direction.IN, _KINDS.get(text(note.get("reason")), Kind.OTHER))
    return replace(item, deleted=payload.get("deleted") is True)


def _own(payload: dict[str, Any]) -> Item:
    post = mapping(payload.get("post"))
    customer = _author(payload.get("customer"))
    return _post(post, _author(post.get("author")), customer, Direction.OUT, Kind.REPLY)


def _context(payload: dict[str, Any]) -> Item:
    post = mapping(payload.get("post"))
    author, customer = _author(post.get("author")), _author(payload.get("customer"))
    direction = Direction.OUT if author.id == payload.get("me") else Direction.IN
    item = _post(post, author, customer, direction, Kind.POST)
    conversation = text(payload.get("conversation"))
    # A post of somebody else may stand in several conversations, and an id names one message.
    own_words = author.id == customer.id and item.conversation == conversation
    if own_words:  # may also come as a notification: the same id, so the same text
        return replace(item, context=True)
    words = describe(post.get("record"), post.get("embed"))
    return replace(item, id=f"{item.id}|{customer.id}", conversation=conversation, text=words, context=True)


def _gap(payload: dict[str, Any]) -> Item:
    """Return a placeholder for a post that is gone or that we may not see."""
    uri, customer = text(payload.get("uri")), _author(payload.get("customer"))
    before = moment(payload.get("before"))
    at = tid.moment(key_of(uri)) or (before and before - timedelta(seconds=1))
    if at is None or (before is not None and at > before):
        raise ValueError("no time for a missing post")
    author = Author(repo_of(uri) or "unknown", repo_of(uri) or "?")
    sign = "🚫" if payload.get("blocked") else "🗑"
    return Item(
        id=f"{uri}|{customer.id}",
        conversation=text(payload.get("conversation")),
        direction=Direction.OUT if author.id == payload.get("me") else Direction.IN,
        at=at,
        author=author,
        contact=customer,
        text=f"{sign} {web_address(uri)}",
        kind=Kind.POST,
        context=True,
        url=web_address(uri),
    )


def _direct(payload: dict[str, Any]) -> Item:
    message, convo = mapping(payload.get("message")), text(payload.get("convo"))
    identity, sender = text(message.get("id")), text(mapping(message.get("sender")).get("did"))
    at = moment(message.get("sentAt"))
    if not (identity and convo and sender and at):
        raise ValueError("a direct message without id, sender or time")
    known = [mapping(one) for one in items(payload.get("members"))]
    people = {one["did"]: _author(one) for one in known if text(one.get("did"))}
    mine = sender == payload.get("me")
    author = people.get(sender, Author(sender, sender))
    others = [one for did, one in people.items() if did != payload.get("me")]
    contact = author
    if payload.get("group") or (mine and not others):
        contact = Author(convo, ", ".join(one.handle for one in others[:3]) or convo)
    elif mine:
        contact = others[0]
    return Item(
        id=identity,
        conversation=convo,
        direction=Direction.OUT if mine else Direction.IN,
        at=at,
        author=author,
        contact=contact,
        text=describe(message),
        kind=Kind.DIRECT,
        private=True,
        reply_to=text(mapping(message.get("replyTo")).get("id")),
        url=f"https://bsky.app/messages/{convo}",
        deleted=payload.get("deleted") is True,
        remote={"convo": convo, "did": contact.id, "message": identity},
        attachments=attachments(message, "", ""),
    )


def _post(view: dict[str, Any], author: Author, contact: Author, direction: Direction, kind: Kind) -> Item:
    uri, cid, record = text(view.get("uri")), text(view.get("cid")), mapping(view.get("record"))
    at = _written_at(view)
    if not uri.startswith("at://") or at is None:
        raise ValueError("a post without address or time")
    reply = mapping(record.get("reply"))
    root = mapping(reply.get("root"))
    return Item(
        id=uri,
        conversation=thread_key(record, uri, contact.id),
        direction=direction,
        at=at,
        author=author,
        contact=contact,
        text=describe(record),
        kind=kind,
        reply_to=text(mapping(reply.get("parent")).get("uri")),
        language=_language(record),
        url=web_address(uri),
        remote={
            "uri": uri,
            "cid": cid,
            "root_uri": text(root.get("uri")) or uri,
            "root_cid": text(root.get("cid")) if root.get("uri") else cid,
        },
        title=warning(record, view.get("labels"), view.get("author")),
        attachments=attachments(record, author.id, uri),
    )


def _written_at(view: dict[str, Any]) -> datetime | None:
    """Return when it was written: what its author declares, unless that lies after its arrival or far before it."""
    declared = moment(mapping(view.get("record")).get("createdAt"))
    arrived = moment(view.get("indexedAt"))
    if declared is None or arrived is None:
        return arrived or declared
    return declared if arrived - _BELIEVED <= declared <= arrived else arrived


def _author(value: Any) -> Author:
    """Return a person; the DID is who they are, a handle may be lost (``handle.invalid``)."""
    value = mapping(value)
    did, handle = text(value.get("did")), text(value.get("handle"))
    if not did:
        raise ValueError("nobody wrote this")
    shown = did if handle in ("", "handle.invalid") else handle
    return Author(did, shown, text(value.get("displayName")), _is_robot(value))


def _is_robot(value: dict[str, Any]) -> bool:
    """Say whether its owner, or a moderator, marks the account as automated."""
    labels = [mapping(label) for label in items(value.get("labels"))]
    return any(label.get("val") == "bot" and label.get("neg") is not True for label in labels)


def _language(record: dict[str, Any]) -> str:
    langs = record.get("langs")
    first = text(langs[0]) if isinstance(langs, list) and langs else ""
    code = first.split("-")[0].lower()
    return code if len(code) == 2 and code.isascii() and code.isalpha() else ""
