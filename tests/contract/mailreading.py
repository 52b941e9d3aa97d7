"""What the tests of mail have in common."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from contract.fake_mail import FakeMail
from contract.fake_mailbox import ME, MailVault
from socialdesk.connectors import testing
from socialdesk.connectors.contract import Connector, Item, Outgoing, Raw
from socialdesk.connectors.mail import MailConnector, parsing, payload, threads


@asynccontextmanager
async def at_work(
    mail: FakeMail, vault: MailVault | None = None, **options: str
) -> AsyncIterator[MailConnector]:
    """A connector to that mailbox, closed in the end."""
    host = mail.host(vault, **options)
    async with host.http:
        connector = MailConnector(host)
        try:
            yield connector
        finally:
            await connector.aclose()


async def read(connector: Connector, cursor: str = "") -> tuple[list[Item], str]:
    """Fetch until there is no more; returns the messages and the cursor."""
    raws, cursor = await testing.read(connector, cursor)
    return testing.understood(connector, raws), cursor


def reply_to(item: Item, connector: Connector, text: str = "¡Gracias!") -> Outgoing:
    """A reply to that message."""
    at = connector.host.clock.now()
    return Outgoing(connector.new_key(at), item.conversation, item.remote, text, True, at, "es")


def understood(source: str | bytes, role: str = "inbox", received: str = "2026-11-22T10:00:00+00:00") -> Item:
    """Return the message in a letter, without any server."""
    data = source.replace("\r\n", "\n").replace("\n", "\r\n").encode() if isinstance(source, str) else source
    node = payload.tree(data)
    content = {
        "v": 1,
        "me": ME,
        "role": role,
        "folder": "INBOX",
        "validity": 7,
        "uid": 1,
        "received": received,
        "node": node,
    }
    raw = testing.stored(Raw(threads.identity(node["headers"], "x"), content))
    (item,) = parsing.parse(raw)
    return item


HEAD = """From: Ana <ana@cliente.test>
To: info@tienda.test
Subject: Una pregunta
Message-ID: <one@cliente.test>
Date: Sun, 22 Nov 2026 09:59:00 +0000
MIME-Version: 1.0
"""
