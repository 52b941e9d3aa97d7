"""What came with a post and is no text: pictures, sound, films and polls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from socialdesk.connectors.contract import Attachment, Media
from socialdesk.connectors.mastodon.html import text_of
from socialdesk.connectors.mastodon.shape import items, mapping, text, web

_MEDIA = {"image": Media.IMAGE, "gifv": Media.VIDEO, "video": Media.VIDEO, "audio": Media.AUDIO}


def attachments(status: Mapping[str, Any]) -> list[Attachment]:
    """Return what came with a post; a post that shows nothing at all has a thing that we do not know."""
    found = [_file(mapping(one)) for one in items(status.get("media_attachments"))]
    found += _poll(mapping(status.get("poll")))
    if not found and not text(status.get("content")).strip() and not text(status.get("spoiler_text")).strip():
        found.append(Attachment(Media.OTHER))
    return found


def _file(one: dict[str, Any]) -> Attachment:
    address = web(one.get("url")) or web(one.get("remote_url"))
    return Attachment(
        _MEDIA.get(text(one.get("type")), Media.FILE if address else Media.OTHER),
        name=_name(address),
        description=text(one.get("description")),
        type=text(one.get("mime_type")) or text(mapping(one.get("pleroma")).get("mime_type")),
        remote={"url": address} if address else {},
    )


def _poll(poll: dict[str, Any]) -> Iterator[Attachment]:
    options = [text_of(text(mapping(one).get("title"))) for one in items(poll.get("options"))]
    if poll:
        yield Attachment(Media.POLL, description=" / ".join(filter(None, options)))


def _name(address: str) -> str:
    try:
        return unquote(urlsplit(address).path.rsplit("/", 1)[-1]) if address else ""
    except ValueError:
        return ""
