"""The relay as a process of its own, killed and started again, between a network that repeats itself and a desk that does (issue 7).

Each delivery is brought until it is answered with 200, as Meta does, some of them twice, many at a time and in no order; the desk's side
is ``connectors.relaying``, and begins anew from what it stored. ``SOCIALDESK_SEED`` repeats a run's decisions.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import time
from collections import Counter
from pathlib import Path

import httpx
import pytest

from live.relayserver import Relay, Vault, bring
from socialdesk.clock import SystemClock
from socialdesk.connectors.contract import Host
from socialdesk.connectors.relaying import Mailbox

pytestmark = [pytest.mark.live, pytest.mark.anyio]
SENDERS = 24


class Desk:
    """Fetches, stores, confirms, and forgets now and then what it had not stored."""

    def __init__(self, relay: Relay, rng: random.Random) -> None:
        self._relay = relay
        self._rng = rng
        self.position = 0
        self.stored: list[tuple[int, str]] = []
        self.restarts = 0

    async def work(self, enough: int) -> None:
        """Work until so many different deliveries have come."""
        while len(self.stored) < enough:
            async with httpx.AsyncClient() as web:
                options = {"relay": self._relay.address}
                mailbox = Mailbox(Host("tienda", options, Vault(self._relay.key), web, SystemClock()))
                try:
                    await self._visits(mailbox, enough)
                except Exception:  # the relay is being killed; a desk tries again
                    await asyncio.sleep(0.05)
            self.restarts += 1

    async def _visits(self, mailbox: Mailbox, enough: int) -> None:
        while len(self.stored) < enough:
            batch = await mailbox.after(self.position, limit=50)
            if self._rng.random() < 0.1:
                return  # it died before it stored
            self.stored += [(one.position, str(one.body["id"])) for one in batch.deliveries]
            last = batch.deliveries[-1].position if batch.deliveries else 0
            self.position = last or batch.passed(self.position)  # the connectors' own rule
            if self._rng.random() < 0.1:
                return  # it died before it confirmed
            await mailbox.confirm(self.position)
            if not batch.deliveries:
                await asyncio.sleep(0.02)


async def trial(folder: Path, deliveries: int, ends: int) -> None:
    """So many deliveries, and so many ends of the relay in between."""
    seed = int(os.environ.get("SOCIALDESK_SEED") or time.time())
    rng = random.Random(seed)
    relay = Relay(folder)
    relay.start()
    names = [f"d{number}" for number in range(deliveries)]
    todo = names + rng.sample(names, deliveries // 10)
    rng.shuffle(todo)
    brought, desk = 0, Desk(relay, rng)
    fetching = asyncio.create_task(desk.work(deliveries))

    async def sender(web: httpx.AsyncClient) -> None:
        nonlocal brought
        while todo:
            name = todo.pop()
            await bring(web, relay, json.dumps({"object": "page", "id": name}).encode(), rng)
            brought += 1

    async def executioner() -> None:
        for number in range(1, ends + 1):
            while brought < number * deliveries // (ends + 1):
                await asyncio.sleep(0.01)
            how = rng.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGTERM])
            await asyncio.to_thread(relay.end, how)
            await asyncio.to_thread(relay.start)

    try:
        async with httpx.AsyncClient(timeout=10) as web:
            await asyncio.gather(executioner(), *(sender(web) for _ in range(SENDERS)))
        await asyncio.wait_for(fetching, 60)
    finally:
        fetching.cancel()
        relay.end(signal.SIGTERM)
    counted = Counter(name for _, name in desk.stored)
    lost, doubled = set(names) - set(counted), {name for name, times in counted.items() if times > 1}
    print(
        f"\nseed {seed}: {brought} brought for {deliveries}, {ends} ends of the relay, "
        f"{desk.restarts} of the desk: {len(lost)} lost, {len(doubled)} doubled"
    )
    assert not lost and not doubled
    positions = [position for position, _ in desk.stored]
    assert positions == sorted(set(positions)), "in order, each number once"


async def test_five_hundred_deliveries_over_five_ends(tmp_path: Path) -> None:
    """The short form."""
    await trial(tmp_path, 500, 5)


@pytest.mark.torture
@pytest.mark.timeout(1800)
async def test_ten_thousand_deliveries_over_forty_ends(tmp_path: Path) -> None:
    """The long form."""
    await trial(tmp_path, 10_000, 40)
