"""The relay as a process that is started, ended and killed, and a network that brings to it as Meta does."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import os
import random
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx

from helpers.canaries import canary
from socialdesk.relay.signatures import Kind
from socialdesk.relay.store import Store

SECRET = canary("app-secret")


class Vault:
    """Holds the desk's key."""

    def __init__(self, key: str) -> None:
        self._key = key

    async def secret(self, name: str) -> str:
        """Return it."""
        assert name == "relay_key"
        return self._key

    async def load_session(self) -> dict[str, str]:
        """Return nothing."""
        return {}

    async def save_session(self, session: object) -> None:
        """Keep nothing."""


class Relay:
    """The process."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.folder = folder
        self.address = f"http://127.0.0.1:{port}"
        (folder / "relay.toml").write_text(f"port = {port}\n")
        store = Store(folder / "relay.db")
        _, self.key = store.create("shop", Kind.META, "env:APP_SECRET")
        store.close()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; it is asked until it answers."""
        command = [sys.executable, "-m", "socialdesk", "relay", "serve", "--config", "relay.toml"]
        environment = {**os.environ, "APP_SECRET": SECRET}
        with (self.folder / "relay.log").open("ab") as log:
            self._process = subprocess.Popen(
                command, cwd=self.folder, env=environment, stdout=log, stderr=log
            )
        for _ in range(200):
            try:
                httpx.get(f"{self.address}/health", timeout=1)
            except httpx.HTTPError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError((self.folder / "relay.log").read_text())

    def end(self, how: signal.Signals) -> None:
        """End it, in order or not."""
        if self._process is not None:
            self._process.send_signal(how)
            ended = self._process.wait(20)
            self._process = None
            if how is signal.SIGTERM:
                assert ended == 0 and not (self.folder / "relay.db-wal").exists(), "in order, the file closed"


async def bring(web: httpx.AsyncClient, relay: Relay, body: bytes, rng: random.Random) -> int:
    """Bring a delivery until it is taken; returns how often it was brought."""
    digest = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    headers = {"X-Hub-Signature-256": f"sha256={digest}"}
    for attempt in range(1, 2_000):
        try:
            answer = await web.post(f"{relay.address}/hooks/shop", content=body, headers=headers)
        except httpx.HTTPError:
            await asyncio.sleep(rng.uniform(0.02, 0.1))
            continue
        if answer.status_code == 200:
            return attempt
        assert answer.status_code == 503, answer.status_code
    raise AssertionError("never taken")
