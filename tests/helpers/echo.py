"""A server that repeats what it was told, in its errors and in where it sends people, and one that they are sent to."""

from __future__ import annotations

import html
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Echo(ThreadingHTTPServer):
    """Listens on this machine; ``heard`` is all that it was sent, ``elsewhere`` where it redirects to."""

    daemon_threads = True

    def __init__(self, elsewhere: str = "") -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.elsewhere = elsewhere
        self.heard: list[str] = []

    @property
    def address(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: Echo

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
        told = f"{self.path} {dict(self.headers)} {body}"
        self.server.heard.append(told)
        kind, _, status = self.path[1:].partition("?")[0].partition("/")
        if kind == "redirect":
            self._say(302, b"", Location=f"{self.server.elsewhere}{self.path}")
        elif kind == "html":
            self._say(int(status), html.escape(told).encode())
        else:
            message = {"quoted": json.dumps(json.dumps(body)), "cut": f"no: {self._half_a_token()}"}
            self._say(int(status or 200), json.dumps({"message": message.get(kind, told)}).encode())

    do_GET = do_POST

    def _half_a_token(self) -> str:
        token = self.headers["Authorization"].removeprefix("Bearer ")
        return token[: len(token) // 2]

    def _say(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, *args: object) -> None:
        pass


@contextmanager
def echoing() -> Iterator[tuple[Echo, Echo]]:
    """Run a server that echoes, and the one that it redirects to."""
    with Echo() as far, Echo(far.address) as near:
        threads = [threading.Thread(target=one.serve_forever, args=(0.05,)) for one in (near, far)]
        for thread in threads:
            thread.start()
        try:
            yield near, far
        finally:
            for one, thread in zip((near, far), threads, strict=True):
                one.shutdown()
                thread.join()
