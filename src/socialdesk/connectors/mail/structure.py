"""Large letters: their parts are asked for by name, so that nothing but their words is carried over."""

from __future__ import annotations

from email.message import Message
from typing import Any

from imapclient.exceptions import IMAPClientAbortError, IMAPClientError  # type: ignore[import-untyped]

from socialdesk.connectors.mail import payload
from socialdesk.connectors.mail.payload import WORDS, Node

UNREADABLE = (IMAPClientError, TypeError, ValueError, IndexError, AttributeError, KeyError)
"""What the library raises on answers that are none of IMAP's; the connection itself is still good."""
_DEPTH = 12
_PARTIAL = 256 * 1024


def read(client: Any, uid: int) -> Node:
    """Return the node of a letter without carrying over more than its headers and its words."""
    try:
        answer = client.fetch([uid], ["BODY.PEEK[HEADER]", "BODYSTRUCTURE"]).get(uid, {})
        node = _node(answer.get(b"BODYSTRUCTURE"), "", 0)
        _fill(client, uid, node)
        return {**node, "headers": payload.tree(answer[b"BODY[HEADER]"])["headers"]}
    except IMAPClientAbortError:
        raise
    except UNREADABLE:
        return _beginning(client, uid)  # servers write this description in many ways, some of them wrong


def _beginning(client: Any, uid: int) -> Node:
    answer = client.fetch([uid], [f"BODY.PEEK[]<0.{_PARTIAL}>"]).get(uid, {})
    source = next((value for key, value in answer.items() if key.startswith(b"BODY[]")), b"")
    return payload.tree(source)


def _node(shape: Any, section: str, depth: int) -> Node:
    if depth > _DEPTH:
        raise ValueError("too deep")
    if isinstance(shape[0], list):
        lead = f"{section}." if section else ""
        parts = [_node(one, f"{lead}{number}", depth + 1) for number, one in enumerate(shape[0], 1)]
        return {"type": f"multipart/{_word(shape[1])}", "section": section, "parts": parts}
    return _leaf(shape, section or "1", depth)


def _leaf(shape: Any, section: str, depth: int) -> Node:
    kind = f"{_word(shape[0])}/{_word(shape[1])}"
    labels = _pairs(shape[2])
    node: Node = {
        "type": kind,
        "section": section,
        "charset": labels.get("charset", ""),
        "method": labels.get("method", ""),
        "encoding": _word(shape[5]),
    }
    size = int(shape[6] or 0)
    node["size"] = size * 3 // 4 if node["encoding"] == "base64" else size
    disposition = next((one for one in shape[7:] if _is_disposition(one)), None)
    names = dict(labels)
    if disposition is not None:
        node["disposition"] = _word(disposition[0])
        names |= _pairs(disposition[1])
    node["name"] = _named(names)
    return {name: value for name, value in node.items() if value != ""}


def _fill(client: Any, uid: int, node: Node) -> None:
    """Fetch the words of the parts that have any."""
    for part in node.get("parts") or [node]:
        if part.get("parts"):
            _fill(client, uid, part)
        elif payload.is_words(part):
            section = part["section"]
            answer = client.fetch([uid], [f"BODY.PEEK[{section}]<0.{2 * WORDS}>"]).get(uid, {})
            data = next(
                (
                    value
                    for key, value in answer.items()
                    if key.startswith(b"BODY[") and isinstance(value, bytes)
                ),
                b"",
            )
            decoded = _decoded(data, str(part.get("encoding", "")))
            part["text"] = decoded[:WORDS].decode("latin-1")
            if len(decoded) > WORDS or len(data) >= 2 * WORDS:
                part["cut"] = True


def _decoded(data: bytes, encoding: str) -> bytes:
    part = Message()
    part["Content-Transfer-Encoding"] = encoding
    part.set_payload(data.decode("ascii", "surrogateescape"))
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else data


def _named(names: dict[str, str]) -> str:
    """Return a file's name from parameters, whole or in the pieces of RFC 2231."""
    part = Message()
    for key in ("filename", "name"):
        pieces = {name: value for name, value in names.items() if name.partition("*")[0] == key}
        if pieces:
            part["Content-Disposition"] = "attachment; " + "; ".join(
                f"{name.replace('name', 'filename') if key == 'name' else name}={_quoted(name, value)}"
                for name, value in pieces.items()
            )
            return payload.bytewise(part.get_filename() or "")
    return ""


def _quoted(name: str, value: str) -> str:
    return value if name.endswith("*") else '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _is_disposition(one: Any) -> bool:
    return isinstance(one, tuple) and len(one) >= 2 and _word(one[0]) in ("attachment", "inline")


def _pairs(values: Any) -> dict[str, str]:
    if not isinstance(values, tuple | list):
        return {}
    flat = [_text(one) for one in values]
    return {name.lower(): value for name, value in zip(flat[::2], flat[1::2], strict=False)}


def _word(value: Any) -> str:
    return _text(value).strip().lower()


def _text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value if value is not None else "")
