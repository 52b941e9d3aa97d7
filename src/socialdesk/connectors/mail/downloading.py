"""Attachments, fetched from the server when somebody wants them."""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from collections.abc import Mapping
from typing import Any

from socialdesk.connectors.contract import Host, Rejected
from socialdesk.connectors.mail.access import Access
from socialdesk.connectors.mail.post import connect

_ROOM = 4096


async def download(host: Host, access: Access, remote: Mapping[str, str], most: int) -> bytes:
    """Return an attachment's content. Raises ``Rejected`` ("too_large", "attachment_gone")."""
    wire = await connect(host, access)
    try:
        data = await wire.call(_fetched, wire.client, remote, most)
    finally:
        wire.close()
    found = _decoded(data, remote.get("encoding", ""))
    if len(found) > most:
        raise Rejected(f"{len(found)} > {most}", code="too_large")
    return found


def _fetched(client: Any, remote: Mapping[str, str], most: int) -> bytes:
    from socialdesk.connectors.mail.letters import Folder

    section = remote.get("section", "")
    if not re.fullmatch(r"\d{1,4}(?:\.\d{1,4}){0,20}", section):
        raise Rejected("no such part", code="attachment_gone")
    folder = Folder(client, remote.get("folder", "INBOX"))
    uid = int(remote["uid"]) if remote.get("uid", "").isdecimal() else 0
    if str(folder.validity) != remote.get("validity"):
        uid = next(iter(folder.has(remote.get("message_id", ""))), 0)
    wanted = (most * 3 // 2 if remote.get("encoding") == "base64" else most * 3) + _ROOM
    answer = client.fetch([uid], [f"BODY.PEEK[{section}]<0.{wanted}>"]).get(uid, {}) if uid else {}
    data = next((value for name, value in answer.items() if name.startswith(b"BODY[")), None)
    if not isinstance(data, bytes):
        raise Rejected("the letter is not there any more", code="attachment_gone")
    if len(data) >= wanted:
        raise Rejected(f"more than {most}", code="too_large")
    return data


def _decoded(data: bytes, encoding: str) -> bytes:
    if encoding == "base64":
        try:
            clean = re.sub(rb"[^A-Za-z0-9+/]", b"", data.partition(b"=")[0] if b"=" in data else data)
            return base64.b64decode(clean + b"=" * (-len(clean) % 4))
        except binascii.Error:
            return data
    return quopri.decodestring(data) if encoding == "quoted-printable" else data
