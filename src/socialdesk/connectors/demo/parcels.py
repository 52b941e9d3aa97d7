"""What comes with the messages of the demo, and what can be done to them: nothing of it leaves this machine."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from typing import Any

from socialdesk.connectors.contract import Act, Attachment, Media

ACTS: Mapping[str, frozenset[Act]] = {
    "x": frozenset({Act.LIKE, Act.HIDE, Act.MUTE, Act.BLOCK, Act.REPORT}),
    "bluesky": frozenset({Act.LIKE, Act.HIDE, Act.MUTE, Act.BLOCK, Act.REPORT}),
    "facebook": frozenset({Act.LIKE, Act.HIDE, Act.BLOCK, Act.REPORT}),
    "instagram": frozenset({Act.LIKE, Act.HIDE, Act.BLOCK, Act.REPORT}),
    "google": frozenset({Act.REPORT}),
    "mail": frozenset({Act.SPAM}),
}
"""What each network that is played lets one do to a message."""

FINAL = frozenset({Act.REPORT})
"""What nobody can take back."""


def carried(title: str, photo: str, file: str) -> dict[str, Any]:
    """Return what goes into a message's payload beside its text: a subject, a photo of something, a PDF of that name."""
    parts = []
    if photo:
        parts.append({"media": "image", "description": photo, "type": "image/png", "size": len(_png())})
    if file:
        parts.append({"media": "file", "name": file, "type": "application/pdf", "size": len(_pdf())})
    return ({"title": title} if title else {}) | ({"attachments": parts} if parts else {})


def attachments(post: Mapping[str, Any]) -> tuple[Attachment, ...]:
    """Return the attachments of a message."""
    return tuple(
        Attachment(**{**part, "media": Media(part["media"])}, remote={"type": part["type"]})
        for part in post.get("attachments", ())
    )


def content(remote: Mapping[str, str]) -> bytes:
    """Return what is fetched: a picture or a page that anybody can open."""
    return _pdf() if remote.get("type") == "application/pdf" else _png()


def _png() -> bytes:
    """Return a picture of a warm evening, 96 by 64 (https://www.w3.org/TR/png-3/)."""
    rows = b"".join(
        b"\x00" + b"".join(bytes((230 - y, 120 + x, 60 + y)) for x in range(96)) for y in range(64)
    )
    head = struct.pack(">IIBBBBB", 96, 64, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    )


def _pdf() -> bytes:
    """Return a page that says where it comes from (ISO 32000-1, 7.5)."""
    words = b"BT /F1 18 Tf 72 760 Td (socialdesk: a page of the demo) Tj ET"
    bodies = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(words), words),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    file, places = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, start=1):
        places.append(len(file))
        file += b"%d 0 obj%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return file + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
        % (len(bodies) + 1, table, len(bodies) + 1, len(file))
    )
