"""Thousands of items that nobody can read among good ones (NEEDS A1, promise 3): they block nothing and stay visible."""

from __future__ import annotations

import asyncio
import copy
import json
from collections.abc import Callable, Sequence
from random import Random
from typing import Any, ClassVar
from zlib import crc32

import pytest

from contract.fake_bluesky import FakeBluesky
from contract.fake_parts import MemoryVault
from helpers.bench import Bench
from helpers.killing import seed
from helpers.network import Scripted
from socialdesk.clock import ManualClock
from socialdesk.config import Config
from socialdesk.connectors import testing
from socialdesk.connectors.bluesky import BlueskyConnector
from socialdesk.connectors.contract import Connector, Item, Page, Raw
from socialdesk.connectors.demo import DemoConnector
from socialdesk.desk import Desk
from socialdesk.storage.inbox import Stored
from socialdesk.sync import understand

GOOD = 100
PAGE = 400
ODD: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1 << 80,
    1.5e308,
    "",
    "x" * 100_000,
    "\ud800",
    "\x1b]0;owned\x07",
    "2026-13-45T99:99:99Z",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-12:00",
    "at://",
    [],
    {},
    [[[[[[]]]]]],
    {"$type": "app.bsky.unheard.of#thing"},
)


class Served(Scripted):
    """Serves items that are given, and understands them as another connector does."""

    raws: ClassVar[Sequence[Raw]]
    read: ClassVar[Callable[[Raw], Sequence[Item]]]

    async def fetch(self, cursor: str) -> Page:
        """Return the next page."""
        first = int(cursor or 0)
        page = self.raws[first : first + PAGE]
        return Page(page, str(first + len(page)), first + PAGE < len(self.raws))

    def parse(self, raw: Raw) -> Sequence[Item]:
        """Understand one."""
        return type(self).read(raw)


def spoilt(payload: Any, random: Random) -> Any:
    """Return a copy in which something, or several things, are not what they should be."""
    made = copy.deepcopy(payload)
    for _ in range(random.choice((1, 1, 1, 2, 5))):
        places = list(_places(made))
        if not places:
            return odd(random)
        inside, key = random.choice(places)
        match random.randrange(4):
            case 0 if isinstance(inside, dict):
                del inside[key]
            case 1 if isinstance(inside, dict):
                inside[f"{key}_"] = inside.pop(key)
            case 2 if isinstance(inside, list):
                inside.insert(0, odd(random))
            case _:
                inside[key] = odd(random)
    return made


def odd(random: Random) -> Any:
    """Return something that nobody expects."""
    return copy.deepcopy(random.choice(ODD))


def _places(value: Any) -> Any:
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in list(pairs):
        yield value, key
        yield from _places(inner)


async def bluesky(clock: ManualClock) -> tuple[Connector, list[Raw]]:
    """Return Bluesky's connector and what customers wrote there, publicly and privately."""
    network = FakeBluesky(clock)
    for number in range(GOOD):
        post = network.mention(f"good {number}")
        if number % 3 == 0:
            network.mention(f"more {number}", parent=post)
        if number % 5 == 0:
            network.message(f"talk{number}", post["author"], f"private {number}")
    host = network.host(MemoryVault())
    async with host.http:
        connector = BlueskyConnector(host)
        raws, _ = await testing.read(connector, "")
    return connector, list(raws)


async def demo(clock: ManualClock) -> tuple[Connector, list[Raw]]:
    """Return the demo's connector and its town's messages."""
    network = FakeBluesky(clock)
    host = network.host(MemoryVault())
    async with host.http:
        connector = DemoConnector(host)
        raws, _ = await testing.read(connector, "")
    return connector, list(raws)


SOURCES = {"bluesky": bluesky, "demo": demo}


async def torture(clock: ManualClock, source: str, count: int, number: int) -> tuple[int, int]:
    """Serve good items among that many spoilt ones; returns how many of those were understood, and not."""
    random = Random(number)
    connector, raws = await SOURCES[source](clock)
    # A spoilt copy may well tell of the message that it was made from: those are not the ones that have to stay.
    told = [(raw, [crc32(item.id.encode()) % 2 for item in connector.parse(raw)]) for raw in raws]
    good, victims = ([raw for raw, ids in told if set(ids) == {half}] for half in (0, 1))
    assert len(good) > len(raws) // 4
    bad = [Raw(f"bad-{n}", spoilt(random.choice(victims).payload, random)) for n in range(count)]
    mixed = [*good, *bad]
    random.shuffle(mixed)
    bench = Bench(clock)
    bench.add()
    attributes = {"raws": mixed, "read": staticmethod(connector.parse), "scripts": bench.scripts}
    bench.kind = type("Served", (Served,), attributes)
    async with bench.running():
        await bench.advance(3600)
    check(bench, connector, good, bad)
    # Another version understands what this one could not: all of it is tried again.
    unread = bench.all("SELECT count(*) FROM raw_item WHERE state = 'quarantined'")[0][0]
    tried: list[str] = []

    def again(raw: Raw) -> Sequence[Item]:
        tried.append(raw.id)
        return []

    bench.kind = type("Served", (Served,), attributes | {"read": staticmethod(again), "version": "2"})
    async with bench.running():
        await bench.advance(3600)
    assert len(set(tried)) == unread
    assert bench.all("SELECT count(*) FROM raw_item WHERE state <> 'parsed'") == [(0,)]
    bench.close()
    return count - unread, unread


def check(bench: Bench, connector: Connector, good: list[Raw], bad: list[Raw]) -> None:
    """Compare what is stored with what was served."""
    assert bench.account() == ("ok", "")
    stored = dict(bench.all("SELECT remote_id, text FROM message"))
    for raw in good:
        for item in understand.understand(connector, Stored(0, raw.id, json.dumps(raw.payload))).messages:
            assert item.deleted or stored[item.id] == item.text, raw.id
    states = dict(bench.all("SELECT remote_id, state FROM raw_item"))
    assert {states[raw.id] for raw in bad} <= {"parsed", "quarantined"}
    assert all(states[raw.id] == "parsed" for raw in good)
    unread = [name for name, state in states.items() if state == "quarantined"]
    desk = Desk(bench.database, bench.clock, Config())
    assert {item.remote_id for item in desk.quarantine("shop")} <= set(unread)
    assert all(item.error for item in desk.quarantine("shop"))


@pytest.mark.parametrize("source", list(SOURCES))
def test_a1_what_cannot_be_read_blocks_nothing(clock: ManualClock, source: str) -> None:
    """The short form of the trial below."""
    understood, unread = asyncio.run(torture(clock, source, 400, seed()))
    assert understood and unread


@pytest.mark.torture
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("source", list(SOURCES))
def test_a1_ten_thousand_items_that_cannot_be_read_block_nothing(clock: ManualClock, source: str) -> None:
    understood, unread = asyncio.run(torture(clock, source, 10_000, seed()))
    print(f"{source}: 10,000 spoilt items: {understood} understood all the same, {unread} in quarantine")
