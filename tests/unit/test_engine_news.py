"""News by push, second looks, and what a server says of itself (NEEDS A1, A4)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from helpers.bench import Bench
from socialdesk.clock import ManualClock
from socialdesk.connectors.contract import Page, Raw
from socialdesk.errors import PluginError, Temporary

pytestmark = pytest.mark.anyio


@pytest.fixture
def bench(clock: ManualClock) -> Iterator[Bench]:
    made = Bench(clock)
    yield made
    made.close()


def able(bench: Bench, **methods: Any) -> None:
    """Give the network's connector more methods, and say so in its capabilities."""
    more: dict[str, Any] = {"push": True} if "listen" in methods else {}
    if "revisit" in methods:
        more["revisit"] = timedelta(minutes=5)
    capabilities = replace(bench.kind.capabilities, poll=timedelta(minutes=2), **more)
    bench.kind = type("Scripted", (bench.kind,), {**methods, "capabilities": capabilities})


class Line:
    """A connection for news that the test holds the other end of."""

    def __init__(self) -> None:
        self.news: Callable[[], None] | None = None
        self.ends = asyncio.Event()
        self.opened = 0

    async def listen(self, _connector: object, news: Callable[[], None]) -> None:
        """Stay until the line is cut."""
        self.opened += 1
        self.news = news
        news()
        await self.ends.wait()
        self.ends.clear()
        raise Temporary("cut off")


@pytest.fixture
async def line(bench: Bench) -> Line:
    """A network that tells of news."""
    made = Line()

    async def listen(self: object, news: Callable[[], None]) -> None:
        await made.listen(self, news)

    able(bench, listen=listen)
    return made


def fetches(bench: Bench) -> int:
    return bench.scripts["shop"].calls.count("fetch")


async def test_news_are_fetched_at_once(bench: Bench, line: Line) -> None:
    """A1: no interval is waited for."""
    bench.add()
    async with bench.running():
        await bench.advance(60)
        bench.network.customer("shop", "1", "¿Abrís hoy?", bench.clock.now())
        assert line.news is not None
        line.news()
        await bench.advance(0)
        assert bench.texts() == ["¿Abrís hoy?"]


async def test_a_burst_of_news_makes_few_rounds(bench: Bench, line: Line) -> None:
    """Each round counts against the network's limits: one a second, and the last one is not forgotten."""
    bench.add()
    async with bench.running():
        await bench.advance(60)
        assert line.news is not None
        before = fetches(bench)
        for number in range(30):
            bench.network.customer("shop", f"n{number}", f"mensaje {number}", bench.clock.now())
            line.news()
            await bench.advance(0.1)
        await bench.advance(10)
        assert len(bench.texts()) == 30
        assert fetches(bench) - before <= 5


async def test_each_of_a_few_messages_is_seen_at_once(bench: Bench, line: Line) -> None:
    """A1: within two seconds, also while others write."""
    bench.add()
    async with bench.running():
        await bench.advance(60)
        assert line.news is not None
        for number in range(20):
            bench.network.customer("shop", f"n{number}", f"mensaje {number}", bench.clock.now())
            line.news()
            await bench.advance(1.1)
            assert len(bench.texts()) == number + 1
            await bench.advance(2)


async def test_an_hour_of_news_stays_below_the_strictest_limit(bench: Bench, line: Line) -> None:
    """300 calls in 15 minutes (Mastodon), with room for others."""
    bench.add()
    async with bench.running():
        await bench.advance(60)
        assert line.news is not None
        before = fetches(bench)
        for _ in range(1800):
            line.news()
            await bench.advance(0.5)
        assert fetches(bench) - before <= 240


async def test_while_it_listens_it_rarely_asks(bench: Bench, line: Line) -> None:
    """Every five minutes is enough; once the line is cut it is asked at its usual pace, and listened to again."""
    bench.add()
    async with bench.running():
        await bench.advance(60)
        before = fetches(bench)
        await bench.advance(3600)
        assert 10 <= fetches(bench) - before <= 14
        line.ends.set()
        await bench.advance(0)
        bench.network.customer("shop", "1", "¿Hola?", bench.clock.now())
        await bench.advance(10)
        assert line.opened == 2 and bench.texts() == ["¿Hola?"]


async def test_a_line_that_never_comes_about_leaves_the_usual_pace(bench: Bench) -> None:
    """Many servers have no streaming: the account is well, and asked every two minutes."""

    async def listen(self: object, news: Callable[[], None]) -> None:
        raise PluginError("no such address")

    able(bench, listen=listen)
    bench.add()
    async with bench.running():
        await bench.advance(3600)
        assert bench.account() == ("ok", "")
        assert 27 <= fetches(bench) <= 36


class Memory:
    """A network that shows edits and deletions only to who asks again."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []
        self.changes: dict[str, dict[str, Any]] = {}
        self.fault: Exception | None = None

    async def revisit(self, known: Sequence[Raw]) -> Sequence[Raw]:
        """Return what is other than it was."""
        self.asked.append([raw.id for raw in known])
        if self.fault is not None:
            raise self.fault
        return [
            Raw(raw.id, {**raw.payload, **self.changes[raw.id]})
            for raw in known
            if raw.id in self.changes and raw.payload | self.changes[raw.id] != raw.payload
        ] + [Raw("never asked for", {})]


@pytest.fixture
def memory(bench: Bench) -> Memory:
    """Such a network, and a desk on it with three customers who wait."""
    made = Memory()

    async def revisit(_self: object, known: Sequence[Raw]) -> Sequence[Raw]:
        return await made.revisit(known)

    able(bench, revisit=revisit)
    bench.add()
    for number in range(3):
        bench.network.customer("shop", f"m{number}", f"mensaje {number}", bench.clock.now())
    return made


async def test_edits_and_deletions_are_seen_on_a_second_look(bench: Bench, memory: Memory) -> None:
    """A4: what was taken back asks for no answer, what was written anew is read as it is."""
    async with bench.running():
        await bench.advance(30)
        memory.changes = {"m1": {"text": "otro"}, "m2": {"deleted": True}}
        await bench.advance(600)
        assert {"mensaje 0", "otro"} <= set(bench.texts()) and "mensaje 1" not in bench.texts()
        assert bench.all("SELECT count(*) FROM message WHERE deleted_at IS NOT NULL") == [(1,)]
        assert bench.all("SELECT count(*) FROM raw_item WHERE state <> 'parsed'") == [(0,)]
        assert len(memory.asked) <= 3, "every five minutes, not at every round"


async def test_only_who_waits_is_looked_at_again(bench: Bench, memory: Memory) -> None:
    """What is settled costs no request."""
    async with bench.running():
        await bench.advance(30)
        bench.write("UPDATE conversation SET waiting_since = NULL WHERE id <> 2")
        memory.asked.clear()
        await bench.advance(600)
        assert memory.asked and all(asked == ["m1"] for asked in memory.asked)


async def test_a_network_that_cannot_look_is_no_trouble(bench: Bench, memory: Memory) -> None:
    """The messages themselves come in; it is tried again later."""
    memory.fault = Temporary("no")
    async with bench.running():
        await bench.advance(1200)
        assert bench.account() == ("ok", "") and len(memory.asked) >= 3


async def test_many_are_looked_at_in_turn(bench: Bench, memory: Memory) -> None:
    """A hundred at a time, the newest first, then those before: the oldest of a long queue too."""
    for number in range(3, 250):
        bench.network.customer("shop", f"m{number}", f"mensaje {number}", bench.clock.now())
    async with bench.running():
        await bench.advance(30)
        await bench.advance(1200)
    assert {name for asked in memory.asked for name in asked} == {f"m{number}" for number in range(250)}
    assert max(map(len, memory.asked)) == 100


async def test_what_a_server_allows_is_kept_with_its_account(bench: Bench) -> None:
    """The limits on the screen are those of the account's own server, and follow it."""

    async def fetch(self: Any, cursor: str) -> Page:
        self.script.calls.append("fetch")
        return Page((), cursor, learned={"most": "500" if len(self.script.calls) < 6 else "5000"})

    able(bench, fetch=fetch)
    bench.add()
    bench.write('UPDATE account SET options = \'{"server": "foro.example"}\'')
    async with bench.running():
        await bench.advance(5)
        assert bench.all("SELECT json_extract(options, '$.most') FROM account") == [("500",)]
        await bench.advance(3600)
    assert bench.all("SELECT options FROM account") == [('{"server":"foro.example","most":"5000"}',)]
