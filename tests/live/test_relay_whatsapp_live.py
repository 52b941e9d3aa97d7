"""WhatsApp's connector at a real relay that is killed, and itself begun anew from what the desk had stored (issue 7, point 6)."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from helpers.canaries import canary
from live.relayserver import Relay, Vault, bring
from socialdesk.clock import SystemClock
from socialdesk.connectors.contract import Host
from socialdesk.connectors.whatsapp import WhatsAppConnector
from socialdesk.errors import ConnectorError

pytestmark = [pytest.mark.live, pytest.mark.anyio]
NUMBER = "106540352242922"


class Drawer(Vault):
    """Holds the network's token, too."""

    async def secret(self, name: str) -> str:
        """Return it."""
        others = {"token": canary("whatsapp-token"), "app_secret": ""}
        return others[name] if name in others else await super().secret(name)


def message(number: int) -> bytes:
    """What Meta brings for one message of a customer."""
    ana = "34600000001"
    text = {"id": f"wamid.{number}", "from": ana, "timestamp": str(int(time.time())), "type": "text"}
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "34900000000", "phone_number_id": NUMBER},
        "contacts": [{"wa_id": ana, "profile": {"name": "Ana"}}],
        "messages": [text | {"text": {"body": f"hola {number}"}}],
    }
    changes = [{"field": "messages", "value": value}]
    body = {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": changes}]}
    return json.dumps(body).encode()


class Desk:
    """Stores a page with its cursor in one step, and dies now and then before it."""

    def __init__(self, relay: Relay, rng: random.Random) -> None:
        self._relay, self._rng = relay, rng
        self._cursor = ""
        self.texts: list[str] = []
        self.restarts = 0

    async def work(self, enough: int) -> None:
        """Work until so many different messages are stored."""
        no_meta = httpx.MockTransport(lambda _: httpx.Response(503, json={}))
        while len(set(self.texts)) < enough:
            async with httpx.AsyncClient(mounts={"https://": no_meta}) as web:
                options = {"relay": self._relay.address, "number": NUMBER}
                vault: Any = Drawer(self._relay.key)
                connector = WhatsAppConnector(Host("tienda", options, vault, web, SystemClock()))
                try:
                    await self._visits(connector, enough)
                except ConnectorError:  # the relay is being killed; an engine tries again
                    await asyncio.sleep(0.05)
            self.restarts += 1

    async def _visits(self, connector: WhatsAppConnector, enough: int) -> None:
        while len(set(self.texts)) < enough:
            page = await connector.fetch(self._cursor)
            if self._rng.random() < 0.1:
                return
            self.texts += [item.text for raw in page.items for item in connector.parse(raw)]
            self._cursor = page.cursor
            if not page.items:
                await asyncio.sleep(0.02)


async def test_each_message_reaches_the_connector_once(tmp_path: Path) -> None:
    """300 messages, 30 of them brought twice, four ends of the relay."""
    seed = int(os.environ.get("SOCIALDESK_SEED") or time.time())
    rng = random.Random(seed)
    relay = Relay(tmp_path)
    relay.start()
    bodies = [message(number) for number in range(300)]
    todo = bodies + rng.sample(bodies, 30)
    rng.shuffle(todo)
    desk = Desk(relay, rng)
    fetching = asyncio.create_task(desk.work(300))

    async def sender(web: httpx.AsyncClient) -> None:
        while todo:
            await bring(web, relay, todo.pop(), rng)

    async def executioner() -> None:
        for left in (250, 180, 110, 40):
            while len(todo) > left:
                await asyncio.sleep(0.01)
            await asyncio.to_thread(relay.end, rng.choice([signal.SIGKILL, signal.SIGTERM]))
            await asyncio.to_thread(relay.start)

    try:
        async with httpx.AsyncClient(timeout=10) as web:
            await asyncio.gather(executioner(), *(sender(web) for _ in range(12)))
        await asyncio.wait_for(fetching, 60)
    finally:
        fetching.cancel()
        relay.end(signal.SIGTERM)
    print(f"\nseed {seed}: 300 messages over 4 ends of the relay and {desk.restarts} of the desk")
    assert sorted(desk.texts) == sorted(f"hola {number}" for number in range(300))
