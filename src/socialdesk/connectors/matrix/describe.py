"""What a message says: its words, and what came with it."""

from __future__ import annotations

import re
from typing import Any

from socialdesk.connectors.contract import Attachment, Media
from socialdesk.connectors.matrix.events import CALLS, POLLS
from socialdesk.connectors.matrix.shape import items, mapping, text, whole

_FILES = {
    "m.image": Media.IMAGE,
    "m.video": Media.VIDEO,
    "m.audio": Media.AUDIO,
    "m.file": Media.FILE,
}
_VOICE = ("org.matrix.msc3245.voice", "m.voice")
_WORDED = frozenset(["m.text", "m.notice", "m.emote", "m.server_notice"])
MXC = re.compile(r"mxc://([A-Za-z0-9.:\[\]-]{1,255})/([A-Za-z0-9_-]{1,255})")
"""An address of media (client-server API, "Matrix Content (mxc://) URIs")."""
_QUOTE = re.compile(r"> (\* )?<[^>\n]*>[^\n]*(\n>[^\n]*)*\n\n?")
"""What programs put before an answer for those that know no answers, until API v1.13."""


def described(kind: str, content: dict[str, Any], name: str) -> tuple[str, list[Attachment]]:
    """Return the words and what came with them; of something unknown that it is there."""
    if kind in POLLS:
        return "", [_poll(content)]
    if kind in CALLS:
        return "", [Attachment(Media.OTHER, description="📞")]
    if kind == "m.sticker":
        return "", [_file(Media.STICKER, content)]
    message = text(content.get("msgtype"))
    if message in _FILES:
        voice = message == "m.audio" and any(one in content for one in _VOICE)
        return _caption(content), [_file(Media.VOICE if voice else _FILES[message], content)]
    if message == "m.location":
        return "", [_place(content)]
    words = _words(content)
    if message == "m.emote" and words:
        return f"* {name} {words}" if name else f"* {words}", []
    known = message in _WORDED and "body" in content
    return words, [] if words or known else [Attachment(Media.OTHER)]


def _words(content: dict[str, Any]) -> str:
    said = text(content.get("body")) or _extensible(content)
    answers = "m.in_reply_to" in mapping(content.get("m.relates_to"))
    found = _QUOTE.match(said) if answers else None
    return said[found.end() :] if found else said


def _extensible(content: dict[str, Any]) -> str:
    """Return the plain text of a message whose kinds of text are listed (MSC1767)."""
    for name in ("m.text", "org.matrix.msc1767.text"):
        value = content.get(name)
        if isinstance(value, str):
            return value
        for one in map(mapping, items(value)):
            if one.get("mimetype", "text/plain") == "text/plain" and text(one.get("body")):
                return text(one["body"])
    return ""


def _caption(content: dict[str, Any]) -> str:
    """Return the words beside a file: its body, where that is not its name (since API v1.10)."""
    name, body = text(content.get("filename")), text(content.get("body"))
    return body if name and body != name else ""


def _file(media: Media, content: dict[str, Any]) -> Attachment:
    info, address = mapping(content.get("info")), text(content.get("url"))
    size, body = whole(info.get("size")), text(content.get("body"))
    sticker = media is Media.STICKER
    return Attachment(
        media,
        name="" if sticker else text(content.get("filename")) or body,
        description=body if sticker else "",
        type=text(info.get("mimetype")),
        size=size if size is not None and size >= 0 else None,
        remote={"mxc": address} if MXC.fullmatch(address) else {},
    )


def _place(content: dict[str, Any]) -> Attachment:
    where = text(content.get("geo_uri")) or text(mapping(content.get("m.location")).get("uri"))
    told = [text(content.get("body")), where.removeprefix("geo:").partition(";")[0]]
    return Attachment(Media.PLACE, description=" · ".join(filter(None, told)))


def _poll(content: dict[str, Any]) -> Attachment:
    poll = mapping(content.get("m.poll")) or mapping(content.get("org.matrix.msc3381.poll.start"))
    question = mapping(poll.get("question"))
    told = [text(question.get("body")) or _extensible(question)]
    answers = [_extensible(mapping(one)) for one in items(poll.get("answers"))]
    return Attachment(Media.POLL, description=f"{told[0]} {' / '.join(filter(None, answers))}".strip())
