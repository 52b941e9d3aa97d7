"""The engine as a process of its own against a server on this machine that asks for patience, or trickles."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import pytest

from socialdesk import paths
from socialdesk.clock import SystemClock
from socialdesk.config import Config
from socialdesk.desk import Desk
from socialdesk.domain.models import Account, AccountState, View
from socialdesk.storage.database import Database

pytestmark = [pytest.mark.live, pytest.mark.timeout(240)]

Headers = dict[str, str]
_DID = "did:plc:brand"
_SIGNED_IN = {"accessJwt": "a", "refreshJwt": "r", "did": _DID, "handle": "tienda.test", "active": True}
_NOW = datetime.now(UTC).isoformat()
_MENTION = {
    "uri": "at://did:plc:ana/app.bsky.feed.post/3k",
    "cid": "c",
    "author": {"did": "did:plc:ana", "handle": "ana.test"},
    "reason": "mention",
    "indexedAt": _NOW,
    "record": {"text": "¿Hola?", "createdAt": _NOW},
}
_ANSWERS: dict[str, Any] = {
    "createSession": _SIGNED_IN,
    "getSession": _SIGNED_IN,
    "getProfile": {"did": _DID, "handle": "tienda.test"},
    "listNotifications": {"notifications": [_MENTION]},
    "getAuthorFeed": {"feed": []},
    "listConvos": {"convos": []},
    "getLog": {"cursor": "1", "logs": []},
}


class Server(ThreadingHTTPServer):
    """As much of Bluesky as reading needs; ``limit`` are the headers of the 429 that the first reading gets."""

    daemon_threads = True
    limit: Callable[[], Headers] | None = None
    trickles = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.readings: list[float] = []

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that has had enough of us is no news."""


class Handler(BaseHTTPRequestHandler):
    """Answers one connection."""

    server: Server

    def do_GET(self) -> None:
        """Answer a reading."""
        name = urlsplit(self.path).path.rpartition(".")[2]
        body = json.dumps(_ANSWERS[name]).encode()
        if name != "listNotifications":
            self._say(200, {}, body)
            return
        self.server.readings.append(time.monotonic())
        limit, self.server.limit = self.server.limit, None
        if limit is not None:
            self._say(429, limit(), b'{"error": "RateLimitExceeded"}')
        else:
            self._say(200, {}, body, slowly=self.server.trickles)

    def do_POST(self) -> None:
        """Answer a sign-in."""
        self.rfile.read(int(self.headers["content-length"]))
        self._say(200, {}, json.dumps(_SIGNED_IN).encode())

    def _say(self, status: int, headers: Headers, body: bytes, *, slowly: bool = False) -> None:
        self.send_response(status)
        for name, value in {"content-type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        for number in range(len(body)) if slowly else ():
            self.wfile.write(body[number : number + 1])
            time.sleep(1)
        if not slowly:
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name it is called by
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[Server]:
    """A server that runs."""
    with Server() as made:
        thread = Thread(target=made.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield made
        made.shutdown()
        thread.join(5)


@pytest.fixture
def desk(server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A desk with one account on that server."""
    monkeypatch.setenv("BRAND_PASSWORD", "abcd-efgh-ijkl-mnop")
    database = Database(paths.find().database)
    desk = Desk(database, SystemClock(), Config())
    options = {
        "handle": "tienda.test",
        "service": f"http://127.0.0.1:{server.server_port}",
        "allow_private": "yes",
    }
    desk.add_account("bluesky", "tienda", "La tienda", options, {"password": "env:BRAND_PASSWORD"}, None)
    yield desk
    database.close()


@contextmanager
def engine(log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run ``socialdesk sync``."""
    with (
        log.open("wb") as said,
        subprocess.Popen([sys.executable, "-m", "socialdesk", "sync"], stdout=said, stderr=said) as process,
    ):
        try:
            yield process
        finally:
            process.kill()


def account_that(desk: Desk, wanted: Callable[[Account], bool], seconds: float) -> Account:
    """Wait until the account is as wanted."""
    end = time.monotonic() + seconds
    while True:
        [account] = desk.accounts()
        if wanted(account):
            return account
        assert time.monotonic() < end, account
        time.sleep(0.1)


def _later(seconds: int) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


LIMITS: dict[str, Callable[[], Headers]] = {
    "seconds": lambda: {"Retry-After": "4"},
    "date": lambda: {"Retry-After": format_datetime(_later(5), usegmt=True)},
    "window": lambda: {"RateLimit-Reset": str(int(_later(5).timestamp()))},
    "nothing": dict,
}


@pytest.mark.parametrize("kind", LIMITS)
def test_a_limited_account_waits_as_asked_and_recovers(
    server: Server, desk: Desk, tmp_path: Path, kind: str
) -> None:
    """A1: seen to wait while it does, not asked again before, and then the message is there."""
    server.limit = LIMITS[kind]
    with engine(tmp_path / "log"):
        account_that(desk, lambda a: a.state is AccountState.LIMITED, 20)
        account_that(desk, lambda a: a.state is AccountState.OK, 20)
        assert [row.preview for row in desk.queue(View("all")).rows] == ["¿Hola?"]
        pause = server.readings[1] - server.readings[0]
        assert (1.4 if kind == "nothing" else 2.9) < pause < 9


def test_a_server_that_trickles_is_given_up_and_the_engine_leaves_when_asked(
    server: Server, desk: Desk, tmp_path: Path
) -> None:
    """A1: a byte a second never stops; the attempt does, the account says so, and recovers; leaving never waits for it."""
    server.trickles = True
    with engine(tmp_path / "log") as process:
        account = account_that(desk, lambda a: a.state is AccountState.TROUBLE, 90)
        assert account.problem == "timeout"
        server.trickles = False
        account_that(desk, lambda a: a.state is AccountState.OK, 30)
        assert desk.queue(View("all")).total == 1
        server.trickles = True
        readings = len(server.readings)
        account_that(desk, lambda _: len(server.readings) > readings, 30)
        asked = time.monotonic()
        process.send_signal(signal.SIGTERM)
        process.wait(10)
        assert time.monotonic() - asked < 5
