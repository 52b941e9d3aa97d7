"""A letter as it is stored: its headers, its words, and a list of what lies on the server beside them.

JSON, with one character a byte for all that came from the server, so that a mended version can read it again. What is
no text (pictures, documents) stays on the server; it is named, with the place where ``download`` finds it.

A node has ``type``, its IMAP ``section`` and, as far as they apply, ``headers``, ``parts`` (a multipart's or an
enclosed letter's), ``text``, ``size``, ``name``, ``charset``, ``encoding``, ``disposition``, ``cut``.
"""

from __future__ import annotations

from email.message import Message
from typing import Any

from socialdesk.connectors.mail.charsets import readable

WORDS = 128 * 1024
"""Bytes of a text part that are kept; the desk shows less."""
_HEADER, _HEADERS = 8 * 1024, 96 * 1024
_DEPTH, _PARTS = 12, 100
_REPORTS = (
    "message/delivery-status",
    "message/disposition-notification",
    "text/rfc822-headers",
    "message/global-delivery-status",
)
Node = dict[str, Any]


def tree(source: bytes) -> Node:
    """Return the node of a whole letter."""
    import email
    from email import policy

    try:
        # The older policy: it takes headers as they are, where the newer one can fail on hostile ones.
        letter = email.message_from_bytes(source, policy=policy.compat32)
        return _letter(letter, "", _Count())
    except RecursionError:  # parts within parts within parts: only its headers are worth reading
        head = source.split(b"\r\n\r\n", 1)[0]
        return _letter(email.message_from_bytes(head + b"\r\n\r\n", policy=policy.compat32), "", _Count())


def sound(node: Any, depth: int = 0) -> Node:
    """Return a stored node with what is of the wrong type left out; an earlier or later version may have written it."""
    if not isinstance(node, dict) or depth > 2 * _DEPTH:
        return {}
    kept: Node = {
        name: value
        for name, value in node.items()
        if isinstance(value, str | int) and name not in ("parts", "headers")
    }
    kept |= {name: str(kept.get(name, "")) for name in ("type", "section", "name", "charset", "encoding")}
    if not isinstance(kept.get("text", ""), str):
        del kept["text"]
    if isinstance(node.get("parts"), list):
        kept["parts"] = [sound(part, depth + 1) for part in node["parts"]]
    if isinstance(node.get("headers"), list):
        pairs = [pair for pair in node["headers"] if isinstance(pair, list) and len(pair) == 2]
        kept["headers"] = [pair for pair in pairs if all(isinstance(word, str) for word in pair)]
    return kept


class _Count:
    """How many parts a letter may still have."""

    def __init__(self) -> None:
        self.left = _PARTS

    def one(self) -> bool:
        self.left -= 1
        return self.left >= 0


def _letter(letter: Message, section: str, count: _Count, depth: int = 0) -> Node:
    """Return the node of a letter, whole or enclosed at that section."""
    if not letter.is_multipart() or letter.get_content_maintype() == "message":
        node = _part(letter, f"{section}.1" if section else "1", count, depth)
    else:
        node = _part(letter, section, count, depth)
    return {**node, "headers": _headers(letter)}


def _part(part: Message, section: str, count: _Count, depth: int) -> Node:
    kind = part.get_content_type()
    node: Node = {"type": kind, "section": section, **_labels(part)}
    inside = part.get_payload()
    if isinstance(inside, list) and depth < _DEPTH and kind not in _REPORTS:
        if kind == "message/rfc822":
            return {
                **node,
                "parts": [_letter(_message(inside[0]), section, count, depth + 1)]
                if inside and count.one()
                else [],
            }
        lead = f"{section}." if section else ""
        parts = (
            _part(one, f"{lead}{number}", count, depth + 1)
            for number, one in enumerate(inside, 1)
            if count.one()
        )
        return {**node, "parts": list(parts)}
    data = _bytes(part)
    node["size"] = len(data)
    if is_words(node):
        node["text"] = data[:WORDS].decode("latin-1")
        if len(data) > WORDS:
            node["cut"] = True
    return node


def is_words(node: Node) -> bool:
    """Say whether a part's content is kept: text that is meant to be read, and machines' reports."""
    kind = str(node.get("type"))
    if kind in _REPORTS:
        return True
    if kind == "text/calendar":
        return True
    return kind in ("text/plain", "text/html", "text/enriched") and node.get("disposition") != "attachment"


def _bytes(part: Message) -> bytes:
    inside = part.get_payload()
    if isinstance(inside, list):  # a report's groups of lines, or what is too deep
        return b"\n".join(_flat(_message(one)) for one in inside[:20])
    try:
        data = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        data = None
    return data if isinstance(data, bytes) else str(inside or "").encode("utf-8", "surrogateescape")


def _message(part: Any) -> Message:
    """Return the part itself; one that is only words is wrapped."""
    if isinstance(part, Message):
        return part
    made = Message()
    made.set_payload(str(part))
    return made


def _flat(part: Message) -> bytes:
    lines = "".join(f"{name}: {value}\n" for name, value in part.raw_items())
    inside = part.get_payload()
    return (lines + (inside if isinstance(inside, str) else "")).encode("utf-8", "surrogateescape")


def _labels(part: Message) -> Node:
    encoding = str(part.get("content-transfer-encoding") or "").strip().lower()[:40]
    identity = str(part.get("content-id") or "").strip()[:200]
    part = _legible(part)
    found = {
        "charset": _safe(lambda: part.get_param("charset")),
        "name": _safe(part.get_filename),
        "disposition": _safe(part.get_content_disposition),
        "encoding": encoding,
        "id": identity,
        "method": _safe(lambda: part.get_param("method")),
        "report": _safe(lambda: part.get_param("report-type")),
    }
    return {name: bytewise(value) for name, value in found.items() if value}


def _legible(part: Message) -> Message:
    """Return the part's labels with raw eight-bit names as text, which the library would replace by question marks."""
    made = Message()
    for name, value in part.raw_items():
        if name.lower() in ("content-type", "content-disposition"):
            made[name] = readable(bytewise(str(value)))
    return made


def _safe(look: Any) -> str:
    from email.utils import collapse_rfc2231_value

    try:
        found = look()
        return collapse_rfc2231_value(found)[:300] if found else ""
    except Exception:  # a label that cannot be read is none
        return ""


def _headers(letter: Message) -> list[list[str]]:
    found, size = [], 0
    for name, value in letter.raw_items():
        line = bytewise(str(value))[:_HEADER]
        size += len(line) + len(name)
        if size > _HEADERS:
            break
        found.append([bytewise(str(name)), line])
    return found


def bytewise(text: str) -> str:
    """Return text of which each character is one byte, and which JSON takes."""
    return text.encode("utf-8", "surrogateescape").decode("latin-1") if not text.isascii() else text
