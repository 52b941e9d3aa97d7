"""Files of posts: as they were sent, from the server that keeps their author's account; pictures else as the network shows them.

No token goes anywhere: files of posts are open to everybody. Only servers that the account may reach are asked, so that
nobody can have an address of theirs called by writing to the brand.
"""

from __future__ import annotations

from collections.abc import Mapping

import httpx

from socialdesk.connectors.bluesky.client import Client
from socialdesk.connectors.bluesky.servers import DIRECTORY, host_of, hosts
from socialdesk.connectors.bluesky.session import pds_of
from socialdesk.connectors.bluesky.shape import items, mapping, text
from socialdesk.connectors.bluesky.xrpc import TIMEOUT, trouble_of
from socialdesk.connectors.contract import Host, Rejected, Temporary, may_reach

_BLOB = "xrpc/com.atproto.sync.getBlob"


class Downloader:
    """Fetches files for one account."""

    def __init__(self, host: Host, client: Client) -> None:
        self._host = host
        self._client = client
        self._hosts = hosts(host.options)

    async def download(self, remote: Mapping[str, str], most: int) -> bytes:
        """Return a file; raises ``Rejected`` ("too_large") beyond ``most`` bytes."""
        did, cid = remote.get("did", ""), remote.get("cid", "")
        if not (did and cid):
            raise Rejected("no address", code="bad_address")
        own = (await self._client.session()).pds
        try:
            return await self._blob(own, did, cid, most)
        except Rejected as refusal:  # the account of somebody on another server
            if refusal.code == "too_large":
                raise
        server = await self._server_of(did)
        if may_reach(host_of(server), self._hosts):
            return await self._blob(server, did, cid, most)
        shown = await self._shown(remote.get("uri", ""), cid)
        if not may_reach(host_of(shown), self._hosts):
            raise Rejected(host_of(server) or did, code="foreign_host")
        return await self._file(shown, {}, most)

    async def _server_of(self, did: str) -> str:
        """Return where an account lives, "" where only a stranger's server could tell (``did:web``)."""
        if not did.startswith("did:plc:"):
            return ""
        document = await self._client.wire.call("GET", f"https://{DIRECTORY}/{did}", headers={})
        return pds_of(document, "")

    async def _shown(self, uri: str, cid: str) -> str:
        """Return where the network shows that picture, "" where it does not."""
        if not uri:
            return ""
        answer = await self._client.query("app.bsky.feed.getPosts", {"uris": [uri]})
        for post in map(mapping, items(answer.get("posts"))):
            embed = mapping(post.get("embed"))
            media = mapping(embed.get("media")) or embed
            for one in map(mapping, items(media.get("images")) or items(media.get("items"))):
                if cid in text(one.get("fullsize")):
                    return text(one.get("fullsize"))
        return ""

    async def _blob(self, server: str, did: str, cid: str, most: int) -> bytes:
        return await self._file(f"{server}/{_BLOB}", {"did": did, "cid": cid}, most)

    async def _file(self, url: str, params: Mapping[str, str], most: int) -> bytes:
        try:
            async with self._host.http.stream(
                "GET", url, params=dict(params) or None, timeout=TIMEOUT
            ) as answer:
                return await self._body(answer, most)
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            raise Rejected(str(error), code="bad_address") from error
        except httpx.RequestError as error:
            raise trouble_of(error) from error

    async def _body(self, response: httpx.Response, most: int) -> bytes:
        if response.status_code == 429:
            raise self._client.wire.limited(response)
        if 400 <= response.status_code < 500:
            raise Rejected("the file is not there any more", code="parent_gone")
        if response.status_code != 200:
            raise Temporary(f"HTTP {response.status_code}")
        content = bytearray()
        async for part in response.aiter_bytes():
            content += part
            if len(content) > most:
                raise Rejected(f"> {most}", code="too_large")
        return bytes(content)
