"""A clock that was wrong once takes nothing away, and silences nobody once it is right (promises 1, 2 and 14)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from helpers.bench import Bench
from socialdesk.clock import ManualClock
from socialdesk.config import Config
from socialdesk.desk import Desk
from socialdesk.domain.privacy import Term
from socialdesk.errors import RateLimited, Temporary

pytestmark = pytest.mark.anyio
YEARS = timedelta(days=3650)


@pytest.fixture
def bench(clock: ManualClock) -> Iterator[Bench]:
    """A desk with an account on a scripted network."""
    made = Bench(clock)
    made.add()
    yield made
    made.close()


def desk(bench: Bench) -> Desk:
    """Return the desk."""
    return Desk(bench.database, bench.clock, bench.config, lambda: {"scripted"})


def customer(bench: Bench, number: str, text: str, who: str = "zoraida") -> None:
    """Let a customer write now."""
    bench.network.customer("shop", number, text, bench.clock.now(), who=who, conversation=who)


@pytest.mark.parametrize("asked", [True, False])
async def test_whoever_was_erased_by_a_clock_years_ahead_is_heard_again(bench: Bench, asked: bool) -> None:
    """Promises 2 and 14: asked for, or the retention; what was taken stays away, what they write from then on comes."""
    bench.config = Config(privacy={"Brand": {"retention": Term(days=730)}})
    customer(bench, "1", "hola")
    async with bench.running():
        await bench.advance(30)
        desk(bench).resolve(1)
    real = bench.clock.moment
    bench.clock.moment += YEARS
    if asked:
        desk(bench).erase(desk(bench).people("@zoraida"))
    else:
        assert desk(bench).keep_terms().retired == 1
    bench.clock.moment = real + timedelta(hours=1)
    customer(bench, "2", "nueva pregunta")
    bench.write("UPDATE account SET cursor = ''")
    async with bench.running():
        await bench.advance(120)
    assert bench.texts() == ["nueva pregunta"]


async def test_a_clock_that_leapt_empties_no_desk_before_an_account_was_reached(bench: Bench) -> None:
    """Promises 2 and 14: with a wrong clock no certificate holds; neither the desk nor its backups lose anything."""
    bench.config = Config(privacy={"Brand": {"retention": Term(days=730), "block": Term()}})
    customer(bench, "1", "hola")
    async with bench.running():
        await bench.advance(30)
        desk(bench).resolve(1)
    real = bench.clock.moment
    bench.clock.moment += YEARS
    bench.scripts["shop"].fetches.extend([Temporary()] * 50)
    async with bench.running():
        await bench.advance(60)
    assert bench.texts() == ["hola"]
    bench.scripts["shop"].fetches.clear()
    bench.clock.moment = real + timedelta(hours=1)
    async with bench.running():
        await bench.advance(60)
    assert bench.texts() == ["hola"]


@pytest.mark.parametrize("once", [True, False])
async def test_a_desk_that_was_off_for_long_keeps_its_terms_once_an_account_was_reached(
    bench: Bench, once: bool
) -> None:
    """Promise 14: by a service, and by each run of a timetable."""
    bench.config = Config(privacy={"Brand": {"retention": Term(days=30)}})
    customer(bench, "1", "hola")
    async with bench.running():
        await bench.advance(30)
        desk(bench).resolve(1)
    bench.clock.moment += timedelta(days=40)
    if once:
        await bench.engine().once()
    else:
        async with bench.running():
            await bench.advance(10)
    assert bench.texts() == []


async def test_a_person_may_say_that_the_clock_is_right(bench: Bench) -> None:
    """Promise 14: where no account can be reached."""
    bench.config = Config(privacy={"Brand": {"retention": Term(days=30)}})
    customer(bench, "1", "hola")
    async with bench.running():
        await bench.advance(30)
        desk(bench).resolve(1)
    bench.clock.moment += timedelta(days=40)
    assert desk(bench).keep_terms().retired == 1
    assert bench.texts() == []


@pytest.mark.parametrize("once", [True, False])
async def test_a_limit_that_a_wrong_clock_wrote_down_silences_no_account(bench: Bench, once: bool) -> None:
    """Promises 2 and 3: the network asked for minutes, in a year that has not come."""
    real = bench.clock.moment
    bench.clock.moment += YEARS
    bench.scripts["shop"].fetches.append(RateLimited(until=bench.clock.moment + timedelta(minutes=5)))
    async with bench.running():
        await bench.advance(5)
    assert bench.account()[0] == "limited"
    bench.clock.moment = real
    customer(bench, "1", "hola")
    if once:
        await bench.engine().once()
    else:
        async with bench.running():
            await bench.advance(60)
    assert bench.texts() == ["hola"]
    assert bench.account() == ("ok", "")


async def test_a_limit_of_minutes_is_still_obeyed_after_a_restart(bench: Bench) -> None:
    """Promise 3: a network that asked for patience gets it."""
    bench.scripts["shop"].fetches.append(RateLimited(until=bench.clock.moment + timedelta(hours=20)))
    async with bench.running():
        await bench.advance(5)
    customer(bench, "1", "hola")
    async with bench.running():
        await bench.advance(60)
    assert bench.texts() == []


@pytest.mark.parametrize("state", ["queued", "retry_wait"])
async def test_a_reply_that_a_wrong_clock_held_leaves(bench: Bench, state: str) -> None:
    """Promise 1: after its hold from now on, and after no more than a network may ask to wait."""
    customer(bench, "1", "hola")
    async with bench.running():
        await bench.advance(30)
        real = bench.clock.moment
        bench.clock.moment += YEARS
        desk(bench).reply(1, "buenas")
        bench.write("UPDATE outbox SET state = ?, reason = 'rate_limited'", state)
        bench.clock.moment = real
        await bench.advance(5)
        assert bench.network.posts() == []
        await bench.advance(30)
    assert bench.network.posts() == ["buenas"]


async def test_what_was_scheduled_for_next_year_stays_there(bench: Bench) -> None:
    """Promise 1: only what nobody chose is drawn near."""
    customer(bench, "1", "hola")
    async with bench.running():
        await bench.advance(30)
        bench.reply("felicidades", at=bench.clock.now() + YEARS)
        await bench.advance(120)
    assert bench.states() == ["queued"]
