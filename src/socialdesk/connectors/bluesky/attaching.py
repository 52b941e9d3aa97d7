"""What came with a post and is no text: pictures, films, previews of addresses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from socialdesk.connectors.bluesky.shape import items, mapping, text
from socialdesk.connectors.contract import Attachment, Media

_IMAGES = ("app.bsky.embed.images", "app.bsky.embed.gallery")
_WITH_MEDIA = "app.bsky.embed.recordWithMedia"
_QUOTES = ("", "app.bsky.embed.record")
_DESCRIBED = 300
"""Characters of a page's own description."""


def attachments(record: Any, author: str, uri: str) -> list[Attachment]:
    """Return what came with a record of that author (a DID) at that address; alternative texts describe it."""
    embed = mapping(mapping(record).get("embed"))
    if kind_of(embed) == _WITH_MEDIA:
        embed = mapping(embed.get("media"))
    return list(_found(embed, {"did": author, "uri": uri}))


def kind_of(embed: dict[str, Any]) -> str:
    """Return what is embedded, whether as its author wrote it or as a server shows it."""
    return text(embed.get("$type")).partition("#")[0]


def _found(embed: dict[str, Any], where: dict[str, str]) -> Iterator[Attachment]:
    kind = kind_of(embed)
    if kind in _IMAGES:
        for one in map(mapping, items(embed.get("images")) or items(embed.get("items"))):
            yield _file(Media.IMAGE, one.get("image"), one.get("alt"), where)
    elif kind == "app.bsky.embed.video":
        yield _file(Media.VIDEO, embed.get("video"), embed.get("alt"), where)
    elif kind == "app.bsky.embed.external":
        yield _card(mapping(embed.get("external")))
    elif kind not in _QUOTES:
        yield Attachment(Media.OTHER)


def _file(media: Media, blob: Any, alt: Any, where: dict[str, str]) -> Attachment:
    blob = mapping(blob)
    # Posts of the first days name their files by "cid" alone (https://atproto.com/specs/data-model).
    cid, size = text(mapping(blob.get("ref")).get("$link")) or text(blob.get("cid")), blob.get("size")
    return Attachment(
        media,
        description=text(alt),
        type=text(blob.get("mimeType")),
        size=size if type(size) is int and size > 0 else None,
        remote={**where, "cid": cid} if cid and all(where.values()) else {},
    )


def _card(card: dict[str, Any]) -> Attachment:
    """Return the preview of an address; the page itself is a stranger's and is never fetched."""
    lines = (text(card.get("title")), text(card.get("uri")), text(card.get("description"))[:_DESCRIBED])
    return Attachment(Media.LINK, description="\n".join(filter(None, lines)))
