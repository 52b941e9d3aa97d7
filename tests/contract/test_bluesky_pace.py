"""What an account on Bluesky asks of its network in an hour, through the whole engine (NEED A1)."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from random import Random

import httpx
import pytest

from contract.fake_bluesky import SERVICE, FakeBluesky
from contract.fake_parts import BRAND, PASSWORD
from helpers.manual import Inline, ManualPace
from socialdesk import paths
from socialdesk.clock import ManualClock
from socialdesk.config import Config
from socialdesk.connectors import registry
from socialdesk.desk import Desk
from socialdesk.domain.models import State, View
from socialdesk.secrets import Secrets
from socialdesk.storage.database import Database
from socialdesk.sync.engine import Engine

pytestmark = pytest.mark.anyio
ALLOWED = 36_000
"""Requests an hour: 3,000 in five minutes, for all behind one address (https://docs.bsky.app/docs/advanced-guides/rate-limits)."""
HOUR = 3600.0


@pytest.fixture
def database() -> Iterator[Database]:
    """An empty desk's file."""
    place = paths.find().database
    place.parent.mkdir(parents=True, exist_ok=True)
    database = Database(place)
    yield database
    database.close()


@pytest.mark.parametrize("waiting", [0, 1, 60])
async def test_an_hour_in_which_nothing_happens_asks_little(
    bluesky: FakeBluesky, clock: ManualClock, database: Database, waiting: int
) -> None:
    """Under a quarter of what the network allows, the second looks at what customers wait for included; no session is made."""
    home, pace = paths.find(), ManualPace(clock)
    asyncio.get_running_loop().set_default_executor(Inline(1))
    config = Config(undo=timedelta(0))
    desk = Desk(database, clock, config)
    options = {"handle": BRAND["handle"], "service": SERVICE}
    desk.add_account("bluesky", "tienda", "tienda", options, {"password": "env:PASSWORD"}, None)
    for number in range(waiting):
        clock.moment += timedelta(seconds=1)
        bluesky.mention(f"mensaje {number}")
    engine = Engine(
        database,
        registry.load,
        Secrets(home.data / "secrets", environment={"PASSWORD": PASSWORD}),
        clock,
        config,
        home,
        pace=pace,
        random=Random(1),
        executor=Inline(1),
        transport=httpx.MockTransport(bluesky._answer),
    )
    stop = asyncio.Event()
    running = asyncio.create_task(engine.run(stop))
    try:
        await pace.advance(60)  # the first visits go deeper
        rows = [row for row in desk.queue(View("all")).rows if row.state is State.WAITING]
        assert len(rows) == waiting
        bluesky.calls.clear()
        await pace.advance(HOUR)
    finally:
        stop.set()
        await running
    asked = Counter(bluesky.calls)
    print(f"{waiting} waiting: {asked.total()} requests in an hour: {dict(asked)}")
    looks = asked["app.bsky.feed.getPosts"] / -(-waiting // 25) if waiting else 11
    assert 11 <= looks <= 12, "second looks every five minutes, 25 posts at a time"
    assert asked["com.atproto.server.createSession"] == 0
    assert asked.total() < ALLOWED / 4
