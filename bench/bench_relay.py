"""Webhooks a second that the relay takes, each on the disk before its 200: ``python bench/bench_relay.py [--seconds 5] [--rounds 3]``.

The relay runs as it does on a server, in a process of its own; the one that brings takes part of the same processors. Floors, by turns in the
same run: the same server answering 200 to whatever comes, and plain ``sqlite3`` with one commit for each row, and for each hundred.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import hmac
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from socialdesk.relay.signatures import Kind
from socialdesk.relay.store import Store

SECRET = "only-for-the-bench"
LINES = 64
GOAL = 1_000
FLOOR = """
import uvicorn
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

async def take(request):
    await request.body()
    return PlainTextResponse("taken")

uvicorn.run(Starlette(routes=[Route("/hooks/shop", take, methods=["POST"])]), port=PORT, access_log=False, log_level="warning")
"""


class Line(asyncio.Protocol):
    """One connection, which brings the next delivery when the last was answered; each is another."""

    def __init__(self, counted: list[float], name: int) -> None:
        self._counted = counted
        self._name = name
        self._number = 0
        self._answer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._bring()

    def data_received(self, data: bytes) -> None:
        """Count an answer, and bring the next; any answer but 200 ends the bench."""
        self._answer += data
        if not self._answer.startswith(b"HTTP/1.1 200"[: len(self._answer)]):
            sys.exit(f"not taken: {self._answer[:80]!r}")
        if not self._answer.endswith((b"kept", b"taken")):
            return
        self._answer = b""
        self._counted.append(time.monotonic() - self._sent)
        self._bring()

    def _bring(self) -> None:
        self._number += 1
        body = b'{"object":"page","entry":[{"id":"%d.%d","text":"%s"}]}' % (
            self._name,
            self._number,
            b"x" * 900,
        )
        digest = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        self._sent = time.monotonic()
        head = (
            "POST /hooks/shop HTTP/1.1\r\nHost: relay\r\nContent-Type: application/json\r\n"
            f"X-Hub-Signature-256: sha256={digest}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self._transport.write(head.encode() + body)


async def bring(port: int, seconds: float) -> tuple[float, float]:
    """Return deliveries a second, and the 95th percentile of an answer's time in milliseconds."""
    loop, counted = asyncio.get_running_loop(), list[float]()
    lines = [
        await loop.create_connection(lambda name=name: Line(counted, name), "127.0.0.1", port)  # type: ignore[misc]
        for name in range(LINES)
    ]
    await asyncio.sleep(seconds)
    rate, late = len(counted) / seconds, sorted(counted)[int(len(counted) * 0.95)] * 1000
    for transport, _ in lines:
        transport.abort()
    return rate, late


def served(command: list[str], port: int, folder: Path, seconds: float) -> tuple[float, float]:
    """Start a server, bring to it, end it."""
    with (folder / "server.log").open("ab") as log:
        process = subprocess.Popen(
            command, cwd=folder, env={**os.environ, "RELAY_SECRET": SECRET}, stdout=log, stderr=log
        )
    try:
        for _ in range(200):
            with socket.socket() as line:
                if line.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        return asyncio.run(bring(port, seconds))
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def rows(folder: Path, batch: int, seconds: float) -> float:
    """Return rows a second of plain sqlite3, one commit for so many."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        connection = sqlite3.connect(Path(place, "rows.db"), isolation_level=None)
        connection.executescript(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE t(a INTEGER PRIMARY KEY, b BLOB);"
        )
        end, written = time.monotonic() + seconds, 0
        while time.monotonic() < end:
            connection.execute("BEGIN")
            connection.executemany("INSERT INTO t(b) VALUES (?)", [(b"x" * 1000,)] * batch)
            connection.execute("COMMIT")
            written += batch
        connection.close()
        return written / seconds


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def main() -> int:
    """Measure; 1 where the goal is missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    took: list[tuple[float, float]] = []
    floors: list[tuple[float, float]] = []
    singles, hundreds = [], []
    with tempfile.TemporaryDirectory(prefix="socialdesk-relay-") as name:
        folder = Path(name)
        port = free_port()
        (folder / "relay.toml").write_text(f"port = {port}\n")
        store = Store(folder / "relay.db")
        store.create("shop", Kind.META, "env:RELAY_SECRET")
        store.close()
        (folder / "floor.py").write_text(FLOOR.replace("PORT", str(port)))
        for _ in range(options.rounds):
            relay = [sys.executable, "-m", "socialdesk", "relay", "serve", "--config", "relay.toml"]
            took.append(served(relay, port, folder, options.seconds))
            floors.append(served([sys.executable, "floor.py"], port, folder, options.seconds))
            singles.append(rows(folder, 1, 1))
            hundreds.append(rows(folder, 100, 1))
    rate, late = (median(column) for column in zip(*took, strict=True))
    bare, bare_late = (median(column) for column in zip(*floors, strict=True))
    print(
        f"webhooks a second, each on the disk before its 200: {rate:,.0f} (goal {GOAL:,}); answered within {late:.0f} ms in 95 of 100"
    )
    print(
        f"floor, the same server keeping nothing:             {bare:,.0f} ({rate / bare:.2f} x); {bare_late:.0f} ms"
    )
    print(
        f"floor, sqlite3 rows a second, one commit each:      {median(singles):,.0f} ({rate / median(singles):.2f} x)"
    )
    print(f"floor, sqlite3 rows a second, a hundred a commit:   {median(hundreds):,.0f}")
    return 0 if rate >= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
