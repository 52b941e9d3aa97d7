"""``kill -9`` between and within the parts of numbered threads (NEEDS A1): in order, none lost, none twice."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from helpers.bench import Bench
from helpers.killing import engines, seed, wait_for, wait_for_work
from socialdesk.clock import SystemClock
from socialdesk.config import Config
from socialdesk.connectors.contract import Proof
from socialdesk.desk import Desk

PARTS = 4
EACH = 3
"""Threads that are queued before each death."""


def torture(tmp_path: Path, proof: Proof, kills: int, number: int) -> None:
    """Kill that many engines while they send threads, then let one finish."""
    random = Random(number)
    bench = Bench(SystemClock(), proof, network_file=str(tmp_path / "network.db"))  # type: ignore[arg-type]
    bench.add()
    desk = Desk(bench.database, bench.clock, Config(agent="eva"), connectors=lambda: ["scripted"])
    with engines(proof, bench.network_file) as source:
        for n in range(1, kills * EACH + 1):
            bench.network.customer("shop", str(n), f"question {n}", datetime.now(UTC) - timedelta(hours=1))
        source.start(number)
        wait_for(bench, "SELECT count(*) FROM conversation", kills * EACH)
        source.kill()
        for death in range(kills):
            for n in range(death * EACH + 1, (death + 1) * EACH + 1):
                parts = [f"{n} ({part}/{PARTS})" for part in range(1, PARTS + 1)]
                desk.reply(n, " ".join(parts), split=parts, now=True)
            before = bench.database.version()
            source.start(number + death)
            wait_for_work(bench, before, random)
            source.kill()
        source.start(number + kills)
        wait_for(bench, "SELECT count(*) FROM outbox WHERE state <> 'sent'", 0, patience=60)
        source.kill()
    told = defaultdict(list)
    for text in bench.network.posts():
        told[text.partition(" ")[0]].append(text)
    for n in range(1, kills * EACH + 1):
        assert told[str(n)] == [f"{n} ({part}/{PARTS})" for part in range(1, PARTS + 1)], f"seed {number}"
        shown = [message.text for message in desk.thread(n).messages]
        assert shown[1:] == told[str(n)], f"seed {number}"
    bench.close()


@pytest.mark.parametrize("proof", [Proof.KEY, Proof.READ_BACK])
def test_a1_threads_survive_a_few_deaths(tmp_path: Path, proof: Proof) -> None:
    torture(tmp_path, proof, 4, seed())


@pytest.mark.torture
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("proof", [Proof.KEY, Proof.READ_BACK])
def test_a1_threads_survive_sixty_deaths(tmp_path: Path, proof: Proof) -> None:
    torture(tmp_path, proof, 60, seed())
