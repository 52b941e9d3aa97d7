"""Windows and stars on their way from a connector to the desk: nonsense loses no message (issue 7, points 2 to 5; NEEDS A1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

import pytest

from helpers.bench import Bench
from socialdesk.clock import ManualClock
from socialdesk.connectors.contract import Item, Raw

pytestmark = pytest.mark.anyio


class NoZone(tzinfo):
    """A zone that does not know how far it is from UTC."""

    def utcoffset(self, dt: datetime | None) -> timedelta | None:
        """Nobody knows."""
        return None

    dst = utcoffset

    def tzname(self, dt: datetime | None) -> str | None:
        """Nobody knows."""
        return None


@pytest.fixture
def bench(clock: ManualClock) -> Iterator[Bench]:
    made = Bench(clock)
    yield made
    made.close()


def gives(bench: Bench, monkeypatch: pytest.MonkeyPatch, **fields: Any) -> None:
    """Let the network's connector tell these of each message."""
    real = bench.kind.parse

    def parse(self: Any, raw: Raw) -> Sequence[Item]:
        return [replace(one, **fields) for one in real(self, raw)]

    monkeypatch.setattr(bench.kind, "parse", parse)


async def received(bench: Bench) -> tuple[int | None, int | None]:
    """Let a customer write; returns what the desk knows of window and stars."""
    bench.add()
    bench.network.customer("shop", "1", "¿Abrís hoy?", bench.clock.now())
    async with bench.running():
        pass
    assert bench.texts() == ["¿Abrís hoy?"]
    assert bench.all("SELECT count(*) FROM raw_item WHERE state = 'quarantined'") == [(0,)]
    [row] = bench.all("SELECT answer_until, rating FROM message")
    assert bench.all("SELECT answer_until, rating FROM conversation") == [row]
    return row


async def test_both_reach_the_message_and_its_conversation(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    until = bench.clock.now() + timedelta(hours=24)
    gives(bench, monkeypatch, answer_until=until, rating=2)
    assert await received(bench) == (int(until.timestamp() * 1000), 2)


@pytest.mark.parametrize(
    "until",
    [
        datetime(2026, 3, 2, 12, 0),  # noqa: DTZ001 - that is what is tried
        datetime(2026, 3, 2, 12, 0, tzinfo=NoZone()),
        datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(1, 1, 1, tzinfo=UTC),
        "2026-03-02T12:00:00Z",
        1_772_452_800,
    ],
)
@pytest.mark.parametrize("rating", [7, 0, -1, "5", 4.5, True, [5]])
async def test_what_is_neither_a_moment_nor_a_number_of_stars_is_left_out(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, until: Any, rating: Any
) -> None:
    gives(bench, monkeypatch, answer_until=until, rating=rating)
    assert await received(bench) == (None, None)
