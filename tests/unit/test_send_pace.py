"""When a reply that could not leave is tried again, and when not (NEEDS A1, promises 1 and 16)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from helpers.bench import Bench
from socialdesk.clock import ManualClock
from socialdesk.connectors.contract import Proof
from socialdesk.domain.priority import to_ms
from socialdesk.errors import AuthRequired, Temporary

pytestmark = pytest.mark.anyio


@pytest.fixture
def bench(clock: ManualClock) -> Iterator[Bench]:
    made = Bench(clock)
    made.add()
    yield made
    made.close()


async def test_a_reply_refused_for_its_sign_in_waits_a_quarter_of_an_hour(bench: Bench) -> None:
    """Else a sign-in that may read and not write would be tried without a pause, until the network shuts us out."""
    script = bench.scripts["shop"]
    bench.network.customer("shop", "1", "hola", bench.clock.now())
    async with bench.running():
        script.sends.extend([AuthRequired("scope")] * 9)
        bench.reply("adiós")
        await bench.advance(2)
        sends = [call for call in script.calls if call.startswith("send")]
        assert len(sends) == 1
        [(due,)] = bench.all("SELECT next_attempt_at FROM outbox")
        assert abs(due - to_ms(bench.clock.now()) - 900_000) <= 3_000
        fetched = script.calls.count("fetch")
        assert fetched >= 2, "whether the whole account is signed out is asked at once"
        await bench.advance(timedelta(minutes=10))
        assert len([call for call in script.calls if call.startswith("send")]) == 1


async def asked(bench: Bench) -> None:
    """A customer has asked, and an answer is ready."""
    bench.network.customer("shop", "1", "hola", bench.clock.now())
    async with bench.running():
        pass
    bench.reply("adiós")


def calls(bench: Bench, what: str) -> list[str]:
    return [call for call in bench.scripts["shop"].calls if call.startswith(what)]


async def test_a_network_that_cannot_be_asked_is_asked_less_and_less_often(clock: ManualClock) -> None:
    bench = Bench(clock, Proof.READ_BACK)
    try:
        script = bench.add(lose_after=1.0)
        await asked(bench)
        script.looks.extend([Temporary("down")] * 999)
        async with bench.running():
            await bench.advance(timedelta(minutes=10))
        assert 2 <= len(calls(bench, "look")) <= 12
        assert bench.states() == ["unknown"]
    finally:
        bench.close()


async def test_what_certainly_did_not_leave_is_tried_again_under_its_key(bench: Bench) -> None:
    await asked(bench)
    bench.scripts["shop"].sends.extend([Temporary("503"), Temporary("503")])
    async with bench.running():
        await bench.advance(60)
    assert bench.states() == ["sent"]
    assert len(calls(bench, "send")) == 3 and len(set(calls(bench, "send"))) == 1


async def test_a_key_that_the_network_may_have_forgotten_is_renewed_where_nothing_left(bench: Bench) -> None:
    await asked(bench)
    long_ago = to_ms(bench.clock.now() - timedelta(days=30))
    bench.write("UPDATE outbox SET state = 'retry_wait', key = 'old', first_attempt_at = ?", long_ago)
    async with bench.running():
        pass
    assert bench.states() == ["sent"]
    assert len(calls(bench, "send")) == 1 and calls(bench, "send old") == []


async def test_an_unknown_outcome_is_never_repeated_under_another_key(bench: Bench) -> None:
    """Promise 1: the first one may be there; where its key is forgotten, a person has to look."""
    await asked(bench)
    long_ago = to_ms(bench.clock.now() - timedelta(days=30))
    bench.write("UPDATE outbox SET state = 'unknown', key = 'old', first_attempt_at = ?", long_ago)
    async with bench.running():
        await bench.advance(60)
    assert bench.all("SELECT state, reason FROM outbox") == [("needs_person", "outcome_unknown")]
    assert calls(bench, "send") == []
