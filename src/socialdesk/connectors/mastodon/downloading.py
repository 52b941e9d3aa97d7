"""Attachments, from the server's own place for files; the token goes nowhere but to the server itself."""

from __future__ import annotations

from collections.abc import Mapping

import httpx

from socialdesk.connectors.contract import Host, Rejected, Temporary
from socialdesk.connectors.mastodon.client import Client
from socialdesk.connectors.mastodon.instance import host_of
from socialdesk.connectors.mastodon.shape import web
from socialdesk.connectors.mastodon.wire import TIMEOUT, trouble_of


async def download(host: Host, client: Client, remote: Mapping[str, str], most: int) -> bytes:
    """Return a file; raises ``Rejected`` ("too_large") beyond ``most`` bytes."""
    url = web(remote.get("url"))
    if not url:
        raise Rejected("no address", code="bad_address")
    own = host_of(url) == host_of(client.server)
    headers = await client.bearer() if own else {}
    try:
        async with host.http.stream("GET", url, headers=headers, timeout=TIMEOUT) as response:
            return await _body(response, most)
    except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise Rejected(str(error), code="bad_address") from error
    except httpx.RequestError as error:
        raise trouble_of(error) from error


async def _body(response: httpx.Response, most: int) -> bytes:
    if response.status_code in (404, 410):
        raise Rejected("the file is not there any more", code="parent_gone")
    if response.status_code != 200:
        raise Temporary(f"HTTP {response.status_code}")
    content = bytearray()
    async for part in response.aiter_bytes():
        content += part
        if len(content) > most:
            raise Rejected(f"> {most}", code="too_large")
    return bytes(content)
