"""A mailbox at a relay of one's own, as ``socialdesk relay`` keeps it: numbered deliveries, confirmed by their numbers."""

from __future__ import annotations

import base64
import json
from typing import Any

import httpx

from socialdesk.clock import ManualClock

RELAY = "https://relay.example.org"


class FakeRelay:
    """One mailbox."""

    def __init__(self, clock: ManualClock, key: str) -> None:
        self.clock = clock
        self.key = key
        self.mailbox: list[dict[str, Any]] = []
        self.confirmed = 0

    def bring(self, body: Any) -> None:
        """Meta brings something: bytes, or what is written as JSON."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        at = self.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
        one = {"position": len(self.mailbox) + 1, "at": at, "type": "application/json"}
        self.mailbox.append({**one, "body": base64.b64encode(raw).decode()})

    def again(self) -> None:
        """The last delivery comes a second time."""
        self.mailbox.append({**self.mailbox[-1], "position": len(self.mailbox) + 1})

    def serve(self, request: httpx.Request) -> httpx.Response:
        """Answer as the relay does."""
        if request.headers.get("authorization") != f"Bearer {self.key}":
            return httpx.Response(401, json={"error": "unauthorized"})
        if request.url.path == "/v1/confirm":
            self.confirmed = json.loads(request.content)["through"]
            return httpx.Response(200, json={})
        query = request.url.params
        after, limit = int(query["after"]), int(query["limit"])
        found = [one for one in self.mailbox if one["position"] > after][:limit]
        oldest = self.mailbox[0]["position"] if self.mailbox else 0
        return httpx.Response(200, json={"items": found, "newest": len(self.mailbox), "oldest": oldest})
