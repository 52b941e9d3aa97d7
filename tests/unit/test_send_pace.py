"""When a reply that could not leave is tried again, and when not (NEEDS A1, promises 1 and 16)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from helpers.bench import Bench
from socialdesk.clock import ManualClock
from socialdesk.domain.priority import to_ms
from socialdesk.errors import AuthRequired

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
