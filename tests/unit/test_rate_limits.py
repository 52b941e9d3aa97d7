"""A network that asks for patience gets it, also from what waits to leave ("Also here" of docs/reliability.md; A1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from helpers.bench import Bench
from socialdesk.clock import ManualClock
from socialdesk.connectors.contract import Act, Proof
from socialdesk.desk import Desk
from socialdesk.errors import RateLimited

pytestmark = pytest.mark.anyio


@pytest.fixture
def bench(clock: ManualClock) -> Iterator[Bench]:
    made = Bench(clock)
    made.add()
    yield made
    made.close()


async def asked(bench: Bench, count: int) -> None:
    """Let that many customers write."""
    for n in range(count):
        bench.network.customer("shop", str(n), "hola", bench.clock.now(), who=f"w{n}", conversation=f"c{n}")
    async with bench.running():
        await bench.advance(5)


def calls(bench: Bench, what: str) -> int:
    return len([call for call in bench.scripts["shop"].calls if call.startswith(what)])


def limited(bench: Bench, minutes: int = 5) -> RateLimited:
    return RateLimited("slower", until=bench.clock.now() + timedelta(minutes=minutes))


async def test_thirty_answers_make_one_call_while_the_network_asks_for_patience(bench: Bench) -> None:
    """Each of them would be told the same, and networks shut out who goes on asking; later all of them leave."""
    await asked(bench, 30)
    async with bench.running():
        bench.scripts["shop"].sends.append(limited(bench))
        for n in range(30):
            bench.reply(f"respuesta {n}", conversation=n + 1)
        await bench.advance(240)
        assert calls(bench, "send") == 1
        await bench.advance(120)
    assert bench.states() == ["sent"] * 30 and calls(bench, "send") == 31


async def test_patience_outlives_a_restart(bench: Bench) -> None:
    """A service that is begun anew, or each run of a timetable, is no reason to ask again."""
    await asked(bench, 5)
    bench.scripts["shop"].sends.extend([limited(bench)] * 5)
    for n in range(5):
        bench.reply("respuesta", conversation=n + 1)
    for _ in range(4):
        await bench.engine().once()
    assert calls(bench, "send") == 1


async def test_a_limit_on_public_answers_holds_up_no_private_one(bench: Bench) -> None:
    """Networks count them apart, some over a whole day."""
    await asked(bench, 2)
    bench.scripts["shop"].sends.append(limited(bench, 600))
    async with bench.running():
        bench.reply("pública")
        await bench.advance(5)
        bench.reply("privada", conversation=2)
        bench.write("UPDATE outbox SET private = 1 WHERE text = 'privada'")
        await bench.advance(30)
    assert bench.states() == ["retry_wait", "sent"]


async def test_a_storm_of_likes_is_one_call_too_and_holds_up_no_answer(bench: Bench) -> None:
    """Acts of one kind wait for each other only."""
    await asked(bench, 5)
    desk = Desk(bench.database, bench.clock, bench.config, connectors=lambda: ("scripted",))
    bench.scripts["shop"].acts.append(limited(bench))
    for n in range(5):
        desk.act(n + 1, Act.LIKE, now=True)
    async with bench.running():
        await bench.advance(60)
        assert calls(bench, "like") == 1
        bench.reply("respuesta")
        await bench.advance(5)
        assert bench.states() == ["sent"]
        await bench.advance(600)
    assert calls(bench, "like") == 6


async def test_a_look_after_a_reply_waits_as_long_as_the_network_asks(clock: ManualClock) -> None:
    """Where nobody knows whether a reply left, asking too early is not the way to find out."""
    bench = Bench(clock, Proof.READ_BACK)
    try:
        script = bench.add(lose_after=1.0)
        await asked(bench, 1)
        script.looks.append(RateLimited("slower", until=clock.now() + timedelta(minutes=30)))
        bench.reply("respuesta")
        async with bench.running():
            await bench.advance(timedelta(minutes=25))
            assert calls(bench, "look") == 1
            await bench.advance(timedelta(minutes=15))
            assert calls(bench, "look") == 2 and bench.states() == ["sent"]
    finally:
        bench.close()


@pytest.mark.parametrize(
    "until",
    [datetime(2026, 1, 1), datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)],  # noqa: DTZ001
)
async def test_a_moment_that_makes_no_sense_neither_hides_the_limit_nor_lasts(
    bench: Bench, until: datetime
) -> None:
    """A connector that names no zone, or the end of time: the account says "limited", and is asked within a day."""
    script = bench.scripts["shop"]
    async with bench.running():
        await bench.advance(5)
        script.fails_always = RateLimited("slower", until=until)
        await bench.advance(120)
        assert bench.account() == ("limited", "rate_limited")
        script.fails_always = None
        await bench.hours(25)
        assert bench.account() == ("ok", "")
