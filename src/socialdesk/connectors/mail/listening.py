"""IDLE: the server tells at once when something comes in (RFC 2177)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from socialdesk.connectors.contract import Host
from socialdesk.connectors.mail.access import Access
from socialdesk.connectors.mail.inbox import folders_of
from socialdesk.connectors.mail.post import connect

AGAIN = 9 * 60.0
"""Seconds until IDLE is asked for anew: servers forget it after 29 minutes, routers on the way after ten or fifteen."""
NOOP = 30.0
"""The pace of asking where a server has no IDLE."""


async def listen(host: Host, access: Access, news: Callable[[], None]) -> None:
    """Watch the first folder until the connection ends."""
    wire = await connect(host, access)
    try:
        client, folder = wire.client, folders_of(host.options)[0]
        await wire.call(lambda: client.select_folder(folder, readonly=True))
        able = await wire.call(client.has_capability, "IDLE")
        begun = False
        while True:
            told = await wire.call(_idle, client) if able else []
            told += await wire.call(client.idle_check, 0) if able else []
            if not begun or any(map(_is_news, told)):
                begun = True
                news()  # only now that it listens: what comes from here on is told
            if able:
                told = []
                if await wire.readable(AGAIN):
                    told += await wire.call(client.idle_check, 0)
                told += (await wire.call(client.idle_done))[1]
            else:
                await wire.readable(NOOP)
                told = (await wire.call(client.noop))[1]
            if any(map(_is_news, told)):
                news()
    finally:
        wire.close()


def _idle(client: Any) -> list[Any]:
    """Begin to idle; returns what came in between, which the library's own call takes for a refusal."""
    from imapclient.exceptions import IMAPClientAbortError  # type: ignore[import-untyped]

    line, told = client._imap, []
    client._idle_tag = tag = line._command("IDLE")
    while (answer := line._get_response()) is not None:
        if line.tagged_commands.get(tag):
            raise IMAPClientAbortError("IDLE was refused")
        words = answer.split() if isinstance(answer, bytes) else []
        told.append((words[1], words[2]) if len(words) == 3 and words[0] == b"*" else ())
    return told


def _is_news(told: Any) -> bool:
    return isinstance(told, tuple) and len(told) >= 2 and told[1] in (b"EXISTS", b"RECENT")
