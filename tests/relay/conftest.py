"""A relay in memory of the process, on a file of its own, and networks that sign."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from socialdesk.clock import ManualClock
from socialdesk.errors import SecretError
from socialdesk.relay.service import Limits, Relay
from socialdesk.relay.signatures import Kind
from socialdesk.relay.store import Store

SECRETS = {"env:META": "app-secret-of-meta", "env:OTHER": "another-apps-secret", "env:X": "consumer-secret"}


def secret_of(reference: str) -> str:
    """What an operator put where the mailbox says."""
    if reference not in SECRETS:
        raise SecretError(reference, code="env_missing")
    return SECRETS[reference]


@dataclass
class Post:
    """A relay at work, and what people do to it."""

    store: Store
    relay: Relay
    web: httpx.AsyncClient
    token: str
    key: str

    def signed(self, body: bytes, secret: str = SECRETS["env:META"]) -> dict[str, str]:
        """Meta's signature."""
        digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        return {"X-Hub-Signature-256": f"sha256={digest}", "Content-Type": "application/json"}

    async def bring(self, body: bytes, name: str = "shop") -> int:
        """Meta brings something; returns the status."""
        return (await self.web.post(f"/hooks/{name}", content=body, headers=self.signed(body))).status_code

    async def fetch(self, after: int = 0, key: str = "", **query: Any) -> Any:
        """The desk asks."""
        headers = {"Authorization": f"Bearer {key or self.key}"}
        answer = await self.web.get("/v1/items", params={"after": after, **query}, headers=headers)
        return answer.json() if answer.status_code == 200 else answer.status_code

    async def confirm(self, through: Any, key: str = "") -> int:
        """The desk has stored it."""
        headers = {"Authorization": f"Bearer {key or self.key}"}
        return (await self.web.post("/v1/confirm", json={"through": through}, headers=headers)).status_code


@pytest.fixture
async def post(tmp_path: Path, clock: ManualClock) -> AsyncIterator[Post]:
    """One mailbox for Meta, called shop."""
    store = Store(tmp_path / "relay.db")
    token, key = store.create("shop", Kind.META, "env:META")
    relay = Relay(store, clock, secret_of, Limits(body=20_000, held=60_000, patience=0.2))
    app = relay.app()
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://relay"
        ) as web,
    ):
        yield Post(store, relay, web, token, key)
    store.close()
