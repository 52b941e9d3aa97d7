"""What a letter says, and what came with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from socialdesk.connectors.contract import Attachment, Media
from socialdesk.connectors.mail import folding, headers
from socialdesk.connectors.mail.charsets import decoded, readable

_MEDIA = {"image": Media.IMAGE, "video": Media.VIDEO, "audio": Media.AUDIO}
_KINDS = {"text/calendar": Media.OTHER, "text/vcard": Media.CONTACT, "text/x-vcard": Media.CONTACT}
_EMPTY_HINT = re.compile(
    r"\s*(?:this (?:is a|message|e-?mail).{0,120}html|(?:please )?view (?:this|in).{0,80}(?:browser|html)|your (?:mail|e-?mail) (?:client|program).{0,120}html)",
    re.I | re.S,
)
_ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "application/pdf": "pdf",
    "text/calendar": "ics",
    "message/rfc822": "eml",
}
Node = dict[str, Any]


def text_of(node: Node) -> str:
    """Return the words of a letter for the queue: quotes and signature folded, HTML read as text."""
    return folding.fold(_unstuffed("\n\n".join(filter(None, map(str.strip, _texts(node))))))


def attachments_of(node: Node, place: Mapping[str, str]) -> list[Attachment]:
    """Return what came with it; ``place`` says where the letter lies."""
    return [_attachment(one, place) for one in _others(node)]


def _texts(node: Node) -> Iterator[str]:
    kind = node.get("type", "")
    parts = [part for part in node.get("parts") or [] if isinstance(part, dict)]
    if kind == "message/rfc822":
        return
    if kind == "multipart/alternative":
        yield _best([("\n\n".join(filter(None, _texts(part))), part) for part in parts])
    elif parts:
        for part in parts:
            yield from _texts(part)
    elif isinstance(node.get("text"), str) and not (
        node.get("disposition") == "attachment" and node.get("name")
    ):
        yield _words(node)


def _best(found: list[tuple[str, Node]]) -> str:
    """Return the plain version, or the one in HTML where the plain one says nothing."""
    filled = [(text, part) for text, part in found if text.strip()]
    saying = [(text, part) for text, part in filled if not _EMPTY_HINT.match(text)] or filled
    plain = [text for text, part in saying if part.get("type") == "text/plain"]
    return plain[0] if plain else max((text for text, _part in saying), key=len, default="")


def _words(node: Node) -> str:
    kind, data = node.get("type"), str(node["text"]).encode("latin-1", "replace")
    if kind in ("text/plain", "text/html", "text/enriched"):
        text = decoded(data, str(node.get("charset", "")) or _declared(kind, data))
        text = text.replace("\x00", "")
        return _plain(text, str(kind)) + ("\n[…]" if node.get("cut") else "")
    if kind == "message/delivery-status":
        return ""
    return ""


def _declared(kind: Any, data: bytes) -> str:
    match = re.search(rb"charset=[\"']?([\w.-]{2,30})", data[:2048], re.I) if kind == "text/html" else None
    return match.group(1).decode() if match else ""


def _plain(text: str, kind: str) -> str:
    if kind == "text/enriched":
        return re.sub(r"<[^<>]{0,200}>", "", text)
    looks_html = re.match(r"\s*(?:<!doctype html|<html[\s>])", text, re.I)
    if kind == "text/html" or looks_html:
        from socialdesk.connectors.mail import html

        return html.text_of(text)
    return text


def _unstuffed(text: str) -> str:
    return (
        re.sub(
            r"[ \t]+\n",
            lambda match: match.group() if match.string[: match.start()].endswith("\n--") else "\n",
            text,
        )
        if len(text) < 20_000
        else text
    )


def _others(node: Node) -> Iterator[Node]:
    """Return the parts that are no words of the letter itself, also those within mixed and related ones."""
    parts = [part for part in node.get("parts") or [] if isinstance(part, dict)]
    kind = str(node.get("type", ""))
    if kind == "message/rfc822":
        yield node
    elif parts:
        for part in parts:
            yield from _others(part)
    elif kind == "text/calendar" or ("text" not in node and not kind.startswith("multipart/")):
        yield node


def _attachment(node: Node, place: Mapping[str, str]) -> Attachment:
    kind = str(node.get("type", ""))
    size = node.get("size")
    remote = {**place, "section": str(node.get("section", "")), "encoding": str(node.get("encoding", ""))}
    return Attachment(
        media=_KINDS.get(kind) or _MEDIA.get(kind.partition("/")[0], Media.FILE),
        name=_name(node, kind),
        description=_description(node, kind),
        type=kind,
        size=size if isinstance(size, int) else None,
        remote=remote,
    )


def _name(node: Node, kind: str) -> str:
    name = headers.words(str(node.get("name", "")))
    if name or kind not in _ENDINGS:
        return name
    return f"{node.get('section') or 1}.{_ENDINGS[kind]}"


def _description(node: Node, kind: str) -> str:
    if kind == "message/rfc822":
        inner = next((one for one in node.get("parts") or [] if isinstance(one, dict)), {})
        head = inner.get("headers") or []
        return headers.words(headers.first(head, "subject"))
    if kind == "text/calendar":
        return _appointment(str(node.get("text", "")), str(node.get("method", "")))
    return ""


def _appointment(lines: str, method: str) -> str:
    """Return an appointment in a line: what is asked, its name and its beginning, as the calendar writes them."""
    unfolded = re.sub(r"\r?\n[ \t]", "", readable(lines))
    found = {
        name.partition(";")[0].upper(): value
        for name, _, value in (line.partition(":") for line in reversed(unfolded.splitlines()))
    }
    asked = method.upper() or found.get("METHOD", "").upper()
    name = re.sub(r"\\([,;\\])", r"\1", found.get("SUMMARY", "")).replace("\\n", " ")
    return " · ".join(part.strip() for part in (asked, name, found.get("DTSTART", "")) if part.strip())[:300]
