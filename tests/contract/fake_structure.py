"""Parts of letters as IMAP numbers and describes them."""

from __future__ import annotations

import email
import re
from email import policy
from email.message import Message
from typing import Any


def section(source: bytes, name: str) -> bytes:
    """Return the bytes of a section: all, the headers, or a numbered part as it was sent."""
    if not name:
        return source
    if name == "HEADER":
        return source.split(b"\r\n\r\n", 1)[0] + b"\r\n\r\n"
    part: Any = email.message_from_bytes(source, policy=policy.compat32)
    for number in name.split("."):
        if part.get_content_type() == "message/rfc822" and part.is_multipart():
            part = part.get_payload(0)
        if part.is_multipart() and part.get_content_maintype() == "multipart":
            part = part.get_payload(int(number) - 1)
        else:
            assert number == "1", f"no section {name}"
    inside = part.get_payload()
    if isinstance(inside, list):
        return b"".join(one.as_bytes() for one in inside)
    return str(part._payload).encode("ascii", "surrogateescape")


def structure(source: bytes) -> bytes:
    """Return the BODYSTRUCTURE of a letter."""
    return _described(email.message_from_bytes(source, policy=policy.compat32))


def _described(part: Message) -> bytes:
    inside: Any = part.get_payload()
    if part.get_content_maintype() == "multipart" and isinstance(inside, list):
        return b"(%s %s NIL NIL NIL)" % (
            b"".join(map(_described, inside)),
            _quoted(part.get_content_subtype()),
        )
    parameters = _written(part.get("content-type"))[1:]
    given = b"(%s)" % b" ".join(map(_quoted, parameters)) if parameters else b"NIL"
    data = (
        b"".join(one.as_bytes() for one in inside)
        if isinstance(inside, list)
        else str(part._payload).encode("ascii", "surrogateescape")  # type: ignore[attr-defined]
    )
    described = [
        _quoted(part.get_content_maintype()),
        _quoted(part.get_content_subtype()),
        given,
        b"NIL",
        b"NIL",
        _quoted(str(part.get("content-transfer-encoding", "7bit"))),
        str(len(data)).encode(),
    ]
    if part.get_content_maintype() == "text":
        described.append(b"1")
    if part.get_content_type() == "message/rfc822":
        described += [b'(NIL "inner" NIL NIL NIL NIL NIL NIL NIL NIL)', _described(inside[0]), b"1"]
    described += [b"NIL", _disposition(part), b"NIL"]
    return b"(%s)" % b" ".join(described)


def _disposition(part: Message) -> bytes:
    words = _written(part.get("content-disposition"))
    if not words:
        return b"NIL"
    pairs = b"(%s)" % b" ".join(map(_quoted, words[1:])) if words[1:] else b"NIL"
    return b"(%s %s)" % (_quoted(words[0]), pairs)


def _written(header: Any) -> list[str]:
    """Return a header's value and its parameters as they were written, in pieces and coded (RFC 2231)."""
    if header is None:
        return []
    value, *parameters = re.sub(r"\r?\n", "", str(header)).split(";")
    pairs = [one.strip().partition("=") for one in parameters if "=" in one]
    return [value.strip(), *(word for name, _, content in pairs for word in (name, content.strip('"')))]


def _quoted(word: Any) -> bytes:
    return b'"%s"' % str(word).encode("utf-8", "surrogateescape").replace(b"\\", b"\\\\").replace(
        b'"', b'\\"'
    )
