"""Whatever happens on two rough networks, in whatever order, and whenever the engine dies (NEEDS A1, promise 2)."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from helpers.bench import STRIDE, Bench
from helpers.rough_network import Rough, connector_of
from socialdesk import paths
from socialdesk.clock import ManualClock

ACCOUNTS = ("a0", "a1")
BEGAN = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
_TEMPLATE: list[Path] = []


class Intake(RuleBasedStateMachine):
    """Customers write, edit and delete; engines come and go; in the end the desk holds what the networks hold."""

    def __init__(self) -> None:
        super().__init__()
        self.home = Path(tempfile.mkdtemp())
        self.outside = os.environ["SOCIALDESK_HOME"]
        os.environ["SOCIALDESK_HOME"] = str(self.home)
        if _TEMPLATE and _TEMPLATE[0].exists():  # a new desk takes longer than all else
            paths.find().database.parent.mkdir(parents=True)
            shutil.copy(_TEMPLATE[0], paths.find().database)
        self.bench = Bench(ManualClock(BEGAN))
        if not _TEMPLATE:
            _TEMPLATE.append(Path(tempfile.mkdtemp()) / "empty.db")
            shutil.copy(self.bench.paths.database, _TEMPLATE[0])
        self.networks = {name: Rough(Random(number)) for number, name in enumerate(ACCOUNTS)}
        for name in ACCOUNTS:
            self.bench.add(name)
        self.bench.kind = connector_of(self.networks)  # type: ignore[assignment]

    @rule(name=st.sampled_from(ACCOUNTS), poison=st.booleans(), count=st.integers(1, 70))
    def write(self, name: str, poison: bool, count: int) -> None:
        network = self.networks[name]
        for _ in range(count):
            number = f"n{len(network.items)}"
            network.write(number, f"message {number}", self.bench.clock.now(), poison=poison and count == 1)

    @precondition(lambda self: any(network.items for network in self.networks.values()))
    @rule(name=st.sampled_from(ACCOUNTS), which=st.integers(0, 500), gone=st.booleans())
    def change(self, name: str, which: int, gone: bool) -> None:
        network = self.networks[name]
        if not network.items:
            return
        number = list(network.items)[which % len(network.items)]
        if gone:
            network.delete(number, self.bench.clock.now())
        elif not network.items[number].deleted:
            network.edit(number, f"edited {len(network.feed)}", self.bench.clock.now())

    @rule(hours=st.integers(1, 9), dies=st.booleans(), seed=st.integers(0, 1 << 20))
    def engine(self, hours: int, dies: bool, seed: int) -> None:
        self._run(timedelta(hours=hours), dies, seed)

    @rule(hours=st.integers(1, 12))
    def sleep(self, hours: int) -> None:
        self.bench.clock.moment += timedelta(hours=hours)

    @invariant()
    def nothing_twice_and_nothing_made_up(self) -> None:
        for name, network in self.networks.items():
            shown = self._shown(name)
            assert len(shown) == len({number for number, _ in shown})
            assert {number for number, _ in shown} <= set(network.items)

    def teardown(self) -> None:
        try:
            self._run(timedelta(hours=16), False, 1)
            for name, network in self.networks.items():
                assert dict(self._shown(name)) == network.truth()
        finally:
            self.bench.close()
            os.environ["SOCIALDESK_HOME"] = self.outside
            shutil.rmtree(self.home)

    def _run(self, span: timedelta, dies: bool, seed: int) -> None:
        async def run() -> None:
            async with self.bench.killed(seed) if dies else self.bench.running(seed):
                await self.bench.pace.advance(span.total_seconds(), STRIDE)

        asyncio.run(run())

    def _shown(self, name: str) -> list[tuple[Any, ...]]:
        return self.bench.database.read().all(
            "SELECT m.remote_id, CASE WHEN m.deleted_at IS NULL THEN m.text ELSE '' END FROM message m"
            " JOIN account a ON a.id = m.account_id WHERE a.name = :name",
            {"name": name},
        )


def trial(examples: int, steps: int) -> None:
    """Let hypothesis look for an order of events that loses or doubles something."""
    run_state_machine_as_test(
        Intake,
        settings=settings(
            phases=[
                Phase.explicit,
                Phase.reuse,
                Phase.generate,
            ],  # each step takes too long to look for fewer
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_a1_no_order_of_events_misses_or_doubles_a_message() -> None:
    """The short form of the trial below."""
    trial(3, 8)


@pytest.mark.torture
@pytest.mark.timeout(7200)
def test_a1_no_order_of_events_misses_or_doubles_a_message_in_long() -> None:
    trial(300, 30)
