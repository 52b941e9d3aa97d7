"""YouTube hands out a quota a day: each call is taken from the account's part of it (issue 7, point 5)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contract.fake_google import Leave
from contract.fake_youtube import FakeYouTube
from contract.purses import CountedPurse
from contract.reading import read, reply_to
from socialdesk.clock import ManualClock
from socialdesk.connectors.contract import Period, RateLimited, Rejected
from socialdesk.connectors.youtube import YouTubeConnector

pytestmark = pytest.mark.anyio


async def test_looks_and_answers_are_counted_and_stop_before_the_quota(clock: ManualClock) -> None:
    server, purse = FakeYouTube(clock), CountedPurse(1_000)
    server.comment("¿Cuándo hay otro?")
    host = replace(server.host(Leave(server)), purse=purse)
    async with host.http:
        connector = YouTubeConnector(host)
        ((item,), cursor) = await read(connector)
        read_once = purse.reading
        assert 0 < read_once < 20 and purse.answering == 0
        await connector.send(reply_to(item, connector))
        assert purse.answering == 50
        purse.limit = purse.reading + purse.answering + 49
        with pytest.raises(Rejected) as refusal:
            await connector.send(reply_to(item, connector, "Otra vez"))
        assert refusal.value.code == "budget_spent"
        purse.limit -= 49
        with pytest.raises(RateLimited) as limit:
            await connector.fetch(cursor)
        assert limit.value.code == "budget_spent"


async def test_a_call_that_fails_is_counted_too(clock: ManualClock) -> None:
    """As YouTube does."""
    server, purse = FakeYouTube(clock), CountedPurse(1_000)
    server.comment("¿Cuándo hay otro?")
    host = replace(server.host(Leave(server)), purse=purse)
    async with host.http:
        connector = YouTubeConnector(host)
        ((item,), _) = await read(connector)
        with pytest.raises(Rejected):
            await connector.send(
                replace(reply_to(item, connector), reply_to={"thread": "gone", "comment": "gone"})
            )
        assert purse.answering == 50


def test_the_quota_is_the_settings_or_what_google_gives() -> None:
    found = YouTubeConnector.tariff({"quota": "2500"})
    assert (found.limit, found.period, found.zone) == (2_500, Period.DAY, "America/Los_Angeles")
    assert {YouTubeConnector.tariff({"quota": wrong}).limit for wrong in ("", "x", "-1", "9" * 30)} == {
        10_000
    }


@pytest.mark.parametrize("wrong", ["5.000", "5,000", "-1", "1000000000", "muchas"])
async def test_a_quota_that_is_no_number_is_refused(clock: ManualClock, wrong: str) -> None:
    """Whoever lowers it must not get the whole day's."""
    server = FakeYouTube(clock)
    host = server.host(Leave(server), quota=wrong)
    async with host.http:
        with pytest.raises(Rejected) as refusal:
            await YouTubeConnector(host).check()
    assert refusal.value.code == "bad_quota"
