"""From stored payloads to messages; pure, so that a mended version can read again what was stored."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from socialdesk.connectors.contract import Author, Direction, Item, Kind, Raw
from socialdesk.connectors.mail import bodies, headers, robots, threads
from socialdesk.connectors.mail.headers import Headers
from socialdesk.connectors.mail.payload import sound

SENT = "sent"
_MANY = 5
"""A letter of ours to more than so many is a circular, not an answer."""
_BELIEVED = timedelta(days=3)
_FAST = timedelta(minutes=2)  # how far ahead a writer's clock may be
Person = tuple[str, str]


def parse(raw: Raw) -> list[Item]:
    """Return the message in a payload; nothing where it is none of a customer's. Raises ``ValueError`` without identity."""
    payload = raw.payload if isinstance(raw.payload, dict) else {}
    node = sound(payload.get("node"))
    head: Headers = node.get("headers") or []
    if not head:
        raise ValueError("not a payload of this connector")
    me = str(payload.get("me", "")).lower()
    ours = payload.get("role") == SENT or _is_me(_sender(head), me)
    item = (
        _ours(raw, node, head, me) if ours and not _form(head, me, payload) else _theirs(raw, node, head, me)
    )
    return [item] if item is not None else []


def _theirs(raw: Raw, node: dict[str, Any], head: Headers, me: str) -> Item | None:
    name, address = _sender(head)
    if not address:
        raise ValueError("nobody wrote this")
    robot = robots.is_robot(head, node, address)
    failed = robots.failed_recipient(node) if robot else ""
    author = Author(address.lower(), address, name, robot)
    contact = Author(failed.lower(), failed) if failed else _customer(head, me, author)
    return _item(raw, node, head, Direction.IN, author, contact, failed)


def _ours(raw: Raw, node: dict[str, Any], head: Headers, me: str) -> Item | None:
    """Return an answer of the brand's, wherever it was written; a letter that answers nothing is none of the desk's."""
    if not threads.above(head):
        return None
    found = headers.addresses([*headers.all_of(head, "to"), *headers.all_of(head, "cc")])
    others = list(
        {
            address.lower(): (name, address) for name, address in reversed(found) if address.lower() != me
        }.values()
    )[::-1]
    if not others or len(others) > _MANY:
        return None
    name, address = others[0]
    return _item(
        raw,
        node,
        head,
        Direction.OUT,
        Author(me, me, _sender(head)[0]),
        Author(address.lower(), address, name),
        "",
    )


def _item(
    raw: Raw,
    node: dict[str, Any],
    head: Headers,
    direction: Direction,
    author: Author,
    contact: Author,
    failed: str,
) -> Item:
    payload = raw.payload
    about = robots.returned(node) if failed else head
    root = (
        str(payload.get("root") or "") or threads.root(about) or threads.own_id(head) or threads.no_id(raw.id)
    )
    subject = headers.words(headers.first(head, "subject"))
    place = {name: str(payload.get(name, "")) for name in ("folder", "validity", "uid")}
    return Item(
        id=raw.id,
        conversation=threads.key(root, contact.id),
        direction=direction,
        at=_written(head, payload),
        author=author,
        contact=contact,
        text=bodies.text_of(node),
        kind=Kind.DIRECT,
        private=True,
        reply_to=next(iter(threads.above(head)[::-1]), ""),
        language=_language(head),
        remote=_remote(about, head, contact, subject, root, raw.id),
        title=subject,
        attachments=bodies.attachments_of(node, {**place, "message_id": threads.own_id(head)}),
    )


def _remote(
    about: Headers, head: Headers, contact: Author, subject: str, root: str, identity: str
) -> Mapping[str, str]:
    own = threads.own_id(about) or threads.own_id(head) or threads.no_id(identity)
    if about is not head:
        subject = headers.words(headers.first(about, "subject")) or subject
    return {
        "to": contact.handle,
        "name": contact.name,
        "subject": subject[:400],
        "message_id": own,
        "references": " ".join(threads.chain(root, threads.above(about), own)),
    }


def _sender(head: Headers) -> Person:
    for name in ("from", "sender", "return-path"):
        found = headers.addresses(headers.all_of(head, name))
        if found:
            return found[0]
    return "", ""


def _customer(head: Headers, me: str, author: Author) -> Author:
    """Return who is answered: Reply-To before From, so that the desk shows where an answer would go."""
    for name, address in headers.addresses(headers.all_of(head, "reply-to")):
        if address.lower() != me:
            return Author(address.lower(), address, name or author.name)
    return Author(author.id, author.handle, author.name)


def _form(head: Headers, me: str, payload: dict[str, Any]) -> bool:
    """Say whether this is a web form's letter from the shop to itself, with the customer in Reply-To."""
    found = headers.addresses(headers.all_of(head, "reply-to"))
    return payload.get("role") != SENT and any(address.lower() != me for _name, address in found)


def _is_me(person: Person, me: str) -> bool:
    return person[1].lower() == me


def _written(head: Headers, payload: dict[str, Any]) -> datetime:
    """Return when it was written: by its Date, unless that lies after its arrival or days before it.

    Its arrival is what the last server on its way noted; in a mailbox that has moved, the folder's own time is that of
    the move.
    """
    stored = _stored(payload.get("received"))
    declared = headers.moment(headers.first(head, "date"))
    noted = headers.moment(headers.first(head, "received").rpartition(";")[2])
    arrived = min((at for at in (stored, noted) if at is not None), default=None)
    if arrived is None or declared is None:
        found = arrived or declared
        if found is None:
            raise ValueError("no time")
        return found
    return declared if arrived - _BELIEVED <= declared <= arrived + _FAST else arrived


def _stored(value: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(value)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return None


def _language(head: Headers) -> str:
    code = headers.first(head, "content-language").split(",")[0].strip().split("-")[0].lower()
    return code if len(code) == 2 and code.isascii() and code.isalpha() else ""
