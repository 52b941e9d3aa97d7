"""Connections to a mailbox, and where its Sent folder is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from socialdesk.connectors.contract import AuthRequired, Host, Rejected
from socialdesk.connectors.mail.access import Access, Pass
from socialdesk.connectors.mail.servers import provider

if TYPE_CHECKING:
    from socialdesk.connectors.mail.wire import Wire

_SENT = b"\\Sent"


async def connect(host: Host, access: Access) -> Wire:
    """Return a signed-in connection to the mailbox; a token that is refused is renewed once."""
    from socialdesk.connectors.mail.wire import Wire

    server = provider(host.options).imap
    if server is None:
        raise Rejected(code="server_unknown")
    given = await access.get()
    try:
        return await Wire.opened(host, server, given)
    except AuthRequired:
        if not given.token:
            raise
        await access.refused()
        return await Wire.opened(host, server, await access.get())


async def try_out(host: Host, password: str) -> None:
    """Sign in once with a password that is not kept yet. Raises ``AuthRequired``."""
    from socialdesk.connectors.mail.wire import Wire

    server = provider(host.options).imap
    if server is None:
        raise Rejected(code="server_unknown")
    wire = await Wire.opened(host, server, Pass(Access(host).user, password.strip(), False))
    wire.close()


def sent_folder(client: Any, options: Mapping[str, str]) -> str:
    """Return the name of the folder with what was sent; "" where there is none."""
    typed = options.get("sent", "").strip()
    return typed or str(client.find_special_folder(_SENT) or "")
