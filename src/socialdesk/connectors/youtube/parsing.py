"""From stored comments to messages; pure, so that a mended version can read again what was stored."""

from __future__ import annotations

import html
import re
from typing import Any

from socialdesk.connectors.contract import Attachment, Author, Direction, Item, Kind, Media, Raw
from socialdesk.connectors.shapes import identity, mapping, moment, text, web

_MARKED = re.compile(r"<br\s*/?>|</?[abi]>|<a\s[^<>]*href=|&(?:#39|quot|amp|lt|gt);", re.I)


def parse(raw: Raw) -> list[Item]:
    """Return the comment in a payload; raises ``ValueError`` where the indispensable is missing."""
    payload = mapping(raw.payload)
    if payload.get("kind") != "comment":
        raise ValueError("not a payload of this connector")
    comment, thread, me = (
        mapping(payload.get("comment")),
        text(payload.get("thread")),
        text(payload.get("me")),
    )
    about = mapping(comment.get("snippet"))
    name, at = identity(comment.get("id")), moment(about.get("publishedAt"))
    if not (name and thread and at):
        raise ValueError("a comment without id, thread or time")
    author, customer = author_of(comment), mapping(payload.get("customer"))
    ours = bool(me) and author.id == me
    contact = _person(customer) if ours else author
    if contact is None:
        return []  # the brand's own comment, to nobody
    video = text(about.get("videoId")) or text(payload.get("video"))
    edited = moment(about.get("updatedAt"))
    item = Item(
        id=name,
        conversation=f"{thread}|{contact.id}",
        direction=Direction.OUT if ours else Direction.IN,
        at=at,
        author=author,
        contact=contact,
        text=words(about),
        kind=Kind.REPLY if name != thread else Kind.COMMENT,
        reply_to="" if name == thread else thread,
        url=f"https://www.youtube.com/watch?v={video}&lc={name}" if video else "",
        deleted=payload.get("deleted") is True,
        edited_at=edited if edited and edited > at else None,
        remote={"comment": name, "thread": thread},
        title=_standing(about) or ("YouTube: published" if payload.get("shown") else ""),
        attachments=[Attachment(Media.IMAGE)] if about.get("picture") or web(about.get("imageUrl")) else [],
    )
    return [item]


def words(about: dict[str, Any]) -> str:
    """Return what was typed, where YouTube tells it, else what it shows, which was asked for as plain text."""
    return text(about.get("textOriginal")) or plain(text(about.get("textDisplay")))


def plain(shown: str) -> str:
    """Return what is shown without the marks of HTML, in which YouTube writes all the same now and then."""
    if not _MARKED.search(shown):
        return shown
    lines = re.sub(r"<br\s*/?>", "\n", shown, flags=re.I)
    return html.unescape(re.sub(r"</?(?:a|b|i|s|strong|em)(?:\s[^<>]*)?>", "", lines, flags=re.I))


def author_of(comment: dict[str, Any]) -> Author:
    """Return who wrote it; the number of a channel that was deleted is missing."""
    about = mapping(comment.get("snippet"))
    shown = text(about.get("authorDisplayName"))
    number = identity(mapping(about.get("authorChannelId")).get("value"))
    return Author(number or f"gone|{identity(comment.get('id'))}", shown or "?", shown.lstrip("@"))


def _standing(about: dict[str, Any]) -> str:
    """Return why the public does not see it, "" where it does."""
    state = text(about.get("moderationStatus"))
    return f"YouTube: {state}" if state not in ("", "published") else ""


def _person(value: dict[str, Any]) -> Author | None:
    number = text(value.get("id"))
    return Author(number, text(value.get("handle")) or "?", text(value.get("name"))) if number else None
