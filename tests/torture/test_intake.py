"""Three days of twenty accounts on networks with bad habits (NEEDS A1, promise 2): no message missed, none twice.

``SOCIALDESK_SEEDS`` sets how many seeds the long form goes through; the first is printed, ``SOCIALDESK_SEED`` sets it.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from helpers.bench import STRIDE, Bench
from helpers.killing import seed
from helpers.rough_network import Rough, connector_of
from socialdesk.clock import ManualClock

HOURS = 72
STEP = timedelta(minutes=30)
BEGAN = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


async def live(
    bench: Bench, networks: dict[str, Rough], random: Random, hours: int, seen: Counter[str]
) -> None:
    """Let customers write, edit and delete while engines run, die and are started again."""
    ends = bench.clock.now() + timedelta(hours=hours)
    while bench.clock.now() < ends:
        until = min(bench.clock.now() + timedelta(hours=random.randrange(6, 30)), ends)
        dies = random.random() < 0.5
        async with (
            bench.killed(random.randrange(1 << 30)) if dies else bench.running(random.randrange(1 << 30))
        ):
            while bench.clock.now() < until:
                for network in networks.values():
                    happen(network, random, bench.clock.now(), seen)
                await bench.pace.advance(STEP.total_seconds(), STRIDE)
        seen["deaths"] += dies


def happen(network: Rough, random: Random, now: datetime, seen: Counter[str]) -> None:
    """Let something happen on one account's network, or nothing."""
    chance = random.random()
    if chance < 0.25:
        seen["written"] += 1
        poison = random.random() < 0.02
        seen["unreadable"] += poison
        network.write(f"n{len(network.items)}", f"message {random.randrange(1 << 40)}", now, poison=poison)
    elif chance < 0.31 and network.items:
        number = random.choice(list(network.items))
        if not network.items[number].deleted:
            seen["edited"] += 1
            network.edit(number, f"edited {random.randrange(1 << 40)}", now)
    elif chance < 0.33 and network.items:
        seen["deleted"] += 1
        network.delete(random.choice(list(network.items)), now)


async def simulate(seed: int, accounts: int, hours: int) -> Counter[str]:
    """Live through the hours, then compare the desk with the networks; returns what happened."""
    random, seen = Random(seed), Counter[str]()
    bench = Bench(ManualClock(BEGAN))
    networks = {}
    for number in range(accounts):
        name = f"a{number}"
        bench.add(name)
        networks[name] = Rough(
            Random(random.randrange(1 << 30)), timedelta(minutes=random.choice((0, 0, 0, -180, 90)))
        )
    bench.kind = connector_of(networks)  # type: ignore[assignment]
    await live(bench, networks, random, hours, seen)
    async with bench.running(1):  # what was late is seen by now
        await bench.pace.advance(timedelta(hours=12).total_seconds(), STRIDE)
    seen["resets"] = sum(network.resets for network in networks.values())
    for name, network in networks.items():
        assert desk_of(bench, name) == network.truth(), f"seed {seed}, {name}"
    unread = {item for (item,) in bench.all("SELECT remote_id FROM raw_item WHERE state = 'quarantined'")}
    assert bool(unread) is any(
        item.poison for network in networks.values() for item in network.items.values()
    )
    bench.kind = connector_of(networks, "2")  # type: ignore[assignment]
    async with bench.running(2):
        await bench.pace.advance(timedelta(hours=3).total_seconds(), STRIDE)
    for name, network in networks.items():
        for item in network.items.values():
            item.poison = False
        assert desk_of(bench, name) == network.truth(), f"seed {seed}, {name}, after the upgrade"
    bench.close()
    return seen


def desk_of(bench: Bench, account: str) -> dict[str, str]:
    """Return what the desk shows of an account's customers, by number; each comes once, or it is told."""
    rows = bench.database.read().all(
        "SELECT m.remote_id, CASE WHEN m.deleted_at IS NULL THEN m.text ELSE '' END FROM message m"
        " JOIN account a ON a.id = m.account_id WHERE a.name = :name",
        {"name": account},
    )
    assert len(rows) == len({number for number, _ in rows}), f"{account}: a message stands there twice"
    return dict(rows)


def run(seed: int, accounts: int, hours: int) -> Counter[str]:
    """Simulate in an event loop of its own."""
    return asyncio.run(simulate(seed, accounts, hours))


def test_a1_a_day_of_rough_networks_misses_and_doubles_nothing() -> None:
    """The short form of the trial below."""
    seen = run(seed(), 4, 18)
    assert seen["written"] > 10


@pytest.mark.torture
@pytest.mark.timeout(14_400)
def test_a1_three_days_of_twenty_rough_networks_a_thousand_times(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, total, began = seed(), Counter[str](), time.monotonic()
    seeds = int(os.environ.get("SOCIALDESK_SEEDS", "1000"))
    for number in range(seeds):
        monkeypatch.setenv("SOCIALDESK_HOME", str(tmp_path / f"{number}"))
        total += run(first + number, 20, HOURS)
        if number % 25 == 24:
            print(f"{number + 1} seeds, {time.monotonic() - began:.0f} s: {dict(total)}", flush=True)
