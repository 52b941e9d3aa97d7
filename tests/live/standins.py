"""The strict stand-ins of networks that have no server for others to run, behind real sockets on this machine.

The engine speaks to the networks' own hosts; ``Rerouted`` brings that to the server here, which hands it to the stand-in of that host.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

Answer = Callable[[httpx.Request], Awaitable[httpx.Response]]
_WHERE = "X-Meant-For"


class Rerouted(httpx.AsyncBaseTransport):
    """Brings what is meant for any host but this machine to a server on it."""

    def __init__(self, address: str) -> None:
        self._address = httpx.URL(address)
        self._inner = httpx.AsyncHTTPTransport(trust_env=False)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send it."""
        if request.url.host == "127.0.0.1":
            return await self._inner.handle_async_request(request)
        here = request.url.copy_with(scheme="http", host=self._address.host, port=self._address.port)
        headers = [*request.headers.raw, (_WHERE.encode(), str(request.url).encode())]
        rerouted = httpx.Request(
            request.method, here, headers=headers, stream=request.stream, extensions=request.extensions
        )
        return await self._inner.handle_async_request(rerouted)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()


@contextlib.contextmanager
def served(hosts: Mapping[str, Answer]) -> Iterator[str]:
    """Serve stand-ins by their hosts; gives the address. One request at a time: they know no threads."""
    alone = threading.Lock()

    class Door(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _take(self) -> None:
            url = httpx.URL(self.headers[_WHERE])
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            request = httpx.Request(self.command, url, headers=dict(self.headers), content=body)
            with alone:
                answer: httpx.Response = asyncio.run(hosts[url.host](request))  # type: ignore[arg-type]
            content = answer.content
            self.send_response(answer.status_code)
            for name, value in answer.headers.items():
                if name not in ("content-length", "transfer-encoding", "connection"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_DELETE = _take

        def log_message(self, *_args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
