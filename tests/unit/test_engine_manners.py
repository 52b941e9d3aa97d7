"""How the engine behaves towards networks, and how accounts behave towards each other ("Also here" of docs/reliability.md; A1)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from helpers.bench import Bench
from socialdesk.clock import ManualClock
from socialdesk.connectors.contract import Page
from socialdesk.domain.models import Delivery
from socialdesk.errors import RateLimited, Temporary

pytestmark = pytest.mark.anyio


@pytest.fixture
def bench(clock: ManualClock) -> Iterator[Bench]:
    made = Bench(clock)
    yield made
    made.close()


def fetches(bench: Bench, account: str = "shop") -> int:
    return bench.scripts[account].calls.count("fetch")


async def test_a_storm_of_refusals_is_answered_with_patience(bench: Bench) -> None:
    """A network that says "in five minutes" for an hour is asked once in five minutes, whatever wakes the engine."""
    script = bench.add()

    def refuse() -> RateLimited:
        return RateLimited("slower", until=bench.clock.now() + timedelta(minutes=5))

    async with bench.running() as engine:
        await bench.advance(60)
        before = fetches(bench)
        for minute in range(60):
            script.fails_always = refuse()
            if minute % 7 == 0:
                engine.nudge()
            await bench.advance(60)
        assert fetches(bench) - before <= 13
        script.fails_always = None
        await bench.advance(700)
        assert bench.account() == ("ok", "")


async def test_one_account_s_breaker_is_its_own(bench: Bench) -> None:
    """Where one network fails for hours it is asked ever more seldom; the other is asked as always."""
    bench.add("bad").fails_always = Temporary("down")
    bench.add("good")
    async with bench.running():
        await bench.hours(3)
        assert fetches(bench, "bad") <= 8 + 3 * 3600 / 450
        assert fetches(bench, "good") >= 3 * 3600 / 60
        bench.scripts["bad"].fails_always = None
        bench.network.customer("bad", "1", "¿Hola?", bench.clock.now())
        await bench.advance(700)
        assert bench.texts() == ["¿Hola?"], "a single attempt that works closes the breaker"


async def test_a_person_may_try_at_once_what_the_breaker_holds_back(bench: Bench) -> None:
    """Nudged, an account in trouble is tried at once."""
    bench.add().fails_always = Temporary("down")
    async with bench.running() as engine:
        await bench.hours(3)
        before = fetches(bench)
        bench.scripts["shop"].fails_always = None
        engine.nudge()
        await bench.advance(1)
        assert fetches(bench) == before + 1 and bench.account() == ("ok", "")


@pytest.mark.parametrize("many", [500, pytest.param(10_000, marks=pytest.mark.torture)])
async def test_a_flood_on_one_account_holds_up_no_other(bench: Bench, many: int) -> None:
    """Fair turns: many messages wait on one account and three on each of nineteen; theirs are in after two pages of it."""
    names = ["flood", *(f"small{number}" for number in range(19))]
    news: list[Callable[[], None]] = []
    in_after: dict[str, int] = {}

    async def listen(_self: object, tell: Callable[[], None]) -> None:
        news.append(tell)
        await asyncio.Event().wait()

    async def fetch(self: Any, cursor: str) -> Page:
        page = await plain(self, cursor)
        if page.items:
            in_after.setdefault(self.host.account, fetches(bench, "flood"))
        return page

    bench.kind.page = many // 100
    plain, can = bench.kind.fetch, replace(bench.kind.capabilities, push=True)
    bench.kind = type("Scripted", (bench.kind,), {"fetch": fetch, "listen": listen, "capabilities": can})
    for name in names:
        bench.add(name)
    async with bench.running():
        await bench.advance(5)
        before, now = fetches(bench, "flood"), bench.clock.now()
        for number in range(many):
            bench.network.customer("flood", f"f{number}", f"mensaje {number}", now, conversation="f")
        for name in names[1:]:
            for number in range(3):
                bench.network.customer(name, f"{name}-{number}", f"de {name}", now)
        for tell in news:
            tell()
        await bench.advance(1)
    assert len(bench.texts()) == many + 19 * 3
    assert fetches(bench, "flood") - before >= 100
    assert len(in_after) == 20 and max(in_after.values()) - before <= 2


async def test_without_a_line_the_desk_is_well_and_goes_on_by_itself(bench: Bench) -> None:
    """Offline is a normal state: nobody is signed out, answers wait, and all leaves and arrives once the line is back."""
    script = bench.add()
    bench.network.customer("shop", "1", "¿Abrís hoy?", bench.clock.now())
    async with bench.running():
        await bench.advance(5)
        script.fails_always = httpx.ConnectError("no route to host")
        script.sends.extend([httpx.ConnectError("no route to host")] * 50)
        await bench.advance(60)
        bench.reply("Hasta las ocho")
        await bench.advance(600)
        assert bench.account() == ("offline", "offline")
        assert bench.states() in ([Delivery.QUEUED], [Delivery.RETRY_WAIT])
        script.fails_always = None
        script.sends.clear()
        bench.network.customer("shop", "2", "¿Hola?", bench.clock.now(), conversation="c-1")
        await bench.advance(700)
        assert bench.account() == ("ok", "") and bench.states() == [Delivery.SENT]
        assert sorted(bench.texts()) == ["¿Abrís hoy?", "¿Hola?"]
        assert bench.network.posts() == ["Hasta las ocho"]
