"""The HTTP client that the desk gives to a connector: one an account, closed by the desk.

It reaches the account's own hosts only, ignores proxy variables, follows redirects to the same host only, speaks to public hosts by TLS only, refuses
addresses inside the machine or its network unless the account allows them (a local server), caps the size of
answers after decompression, and notes whether a request that could change something has left.
"""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator, Collection
from contextvars import ContextVar
from typing import cast

import httpx

from socialdesk import __version__
from socialdesk.connectors.hosting import may_reach
from socialdesk.errors import Rejected
from socialdesk.sync.addresses import PublicOnly

MAX_ANSWER = 20 * 1024 * 1024
MAX_REDIRECTS = 5
TIMEOUT = httpx.Timeout(30.0, connect=10.0, pool=10.0)
_HARMLESS = frozenset({"GET", "HEAD", "OPTIONS"})
UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
"""What httpx raises before the first byte has left."""


class Traffic:
    """Whether a request that may change something has left during one call of a connector."""

    def __init__(self) -> None:
        self.left = False


traffic: ContextVar[Traffic | None] = ContextVar("traffic", default=None)
"""Set by the sender around a ``send``."""


def make_client(
    *,
    allow_private: bool = False,
    hosts: Collection[str] = ("*",),
    transport: httpx.AsyncBaseTransport | None = None,
) -> httpx.AsyncClient:
    """Return a client for one account; ``hosts`` are those it may reach, ``transport`` replaces the network in tests."""
    return httpx.AsyncClient(
        transport=_HostTransport(transport or _network(allow_private), allow_private, hosts),
        trust_env=False,
        follow_redirects=False,
        timeout=TIMEOUT,
        headers={"User-Agent": f"socialdesk/{__version__}", "Accept-Encoding": "gzip"},
    )


def _network(allow_private: bool) -> httpx.AsyncHTTPTransport:
    transport = httpx.AsyncHTTPTransport(trust_env=False)
    if not allow_private:
        # httpx offers no public way to choose where its sockets may go; tests/unit/test_engine_http.py guards this.
        pool = transport._pool
        pool._network_backend = PublicOnly(pool._network_backend)
    return transport


class _HostTransport(httpx.AsyncBaseTransport):
    """Wraps the network with the rules above."""

    def __init__(self, inner: httpx.AsyncBaseTransport, allow_private: bool, hosts: Collection[str]) -> None:
        self._inner = inner
        self._allow_private = allow_private
        self._hosts = hosts

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and, where a harmless one is sent elsewhere on the same host, follow."""
        for _ in range(MAX_REDIRECTS):
            response = await self._send(request)
            target = _same_host_target(request, response)
            if target is None:
                return _capped(response)
            await response.aclose()
            request = httpx.Request(
                request.method, target, headers=request.headers, extensions=request.extensions
            )
        raise httpx.TooManyRedirects("on the same host", request=request)

    async def aclose(self) -> None:
        """Close the network's connections."""
        await self._inner.aclose()

    async def _send(self, request: httpx.Request) -> httpx.Response:
        if request.url.scheme != "https" and not self._allow_private:
            raise Rejected(request.url.host, code="insecure_address")
        if not may_reach(request.url.host, self._hosts):
            raise Rejected(request.url.host, code="foreign_host")
        note = traffic.get()
        try:
            response = await self._inner.handle_async_request(request)
        except BaseException as error:
            if (
                note is not None
                and request.method not in _HARMLESS
                and not isinstance(error, (*UNSENT, Rejected))
            ):
                note.left = True
            raise
        if note is not None and request.method not in _HARMLESS:
            note.left = True
        return response


def _same_host_target(request: httpx.Request, response: httpx.Response) -> httpx.URL | None:
    if not response.is_redirect or request.method not in _HARMLESS:
        return None
    target = request.url.join(response.headers["location"])
    here, there = request.url, target
    same = (here.scheme, here.host, here.port) == (there.scheme, there.host, there.port)
    return target if same else None


def _capped(response: httpx.Response) -> httpx.Response:
    """Return the response with a body that is already decompressed and never grows beyond the cap."""
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("identity", "gzip", ""):
        raise httpx.DecodingError(f"unexpected encoding {encoding[:40]}")
    stream = cast(httpx.AsyncByteStream, response.stream)
    headers = [
        (name, value)
        for name, value in response.headers.raw
        if name.lower() not in (b"content-encoding", b"content-length") or encoding != "gzip"
    ]
    return httpx.Response(
        response.status_code,
        headers=headers,
        stream=_Body(stream, gzip=encoding == "gzip"),
        extensions=response.extensions,
    )


class _Body(httpx.AsyncByteStream):
    def __init__(self, inner: httpx.AsyncByteStream, gzip: bool) -> None:
        self._inner = inner
        self._decoder = zlib.decompressobj(zlib.MAX_WBITS | 16) if gzip else None

    async def __aiter__(self) -> AsyncIterator[bytes]:
        total = 0
        async for chunk in self._inner:
            data = self._decoded(chunk, MAX_ANSWER - total)
            total += len(data)
            if total > MAX_ANSWER:
                raise httpx.DecodingError("the answer is too large")
            yield data

    def _decoded(self, chunk: bytes, room: int) -> bytes:
        if self._decoder is None:
            return chunk
        try:
            return self._decoder.decompress(chunk, room + 1)
        except zlib.error:
            raise httpx.DecodingError("damaged gzip") from None

    async def aclose(self) -> None:
        await self._inner.aclose()
