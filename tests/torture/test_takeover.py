"""Several programs on one desk (NEEDS A1, promise 5): one sender at a time, taken over when it is killed; nothing overwritten."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.takeover import TAKEN_OVER, wait_for_another
from socialdesk import paths
from socialdesk.sync.child import EngineChild
from socialdesk.sync.enginelock import lock_of


@pytest.fixture
def programs() -> Iterator[Path]:
    """Run ``socialdesk sync`` and the engines of two screens; gives the lock that decides between them."""
    home = paths.find()
    subprocess.run([sys.executable, "-m", "socialdesk", "queue"], check=True, stdout=subprocess.DEVNULL)
    # Deaths in such a row would make them slower to come back than deaths that are days apart.
    children = [EngineChild(home, home.database, pauses=(1.0,)) for _ in range(2)]
    daemon = subprocess.Popen(
        [sys.executable, "-m", "socialdesk", "sync"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    for child in children:
        child.start()
    yield lock_of(home.database)
    for child in children:
        child.stop(10)
    daemon.kill()
    daemon.wait()


def take_over(lock: Path, deaths: int) -> list[float]:
    """Kill whoever sends, again and again; returns how long it took until another one did."""
    sender, _ = wait_for_another(lock, 0)
    took = []
    for _ in range(deaths):
        time.sleep(1)  # those that wait have begun to wait
        os.kill(sender, signal.SIGKILL)
        sender, seconds = wait_for_another(lock, sender)
        took.append(seconds)
    return took


@pytest.mark.skipif(not Path("/proc/locks").exists(), reason="the machine does not tell who holds a lock")
def test_a1_another_engine_takes_over_from_a_killed_one(programs: Path) -> None:
    assert max(take_over(programs, 2)) <= TAKEN_OVER


@pytest.mark.torture
@pytest.mark.skipif(not Path("/proc/locks").exists(), reason="the machine does not tell who holds a lock")
@pytest.mark.timeout(600)
def test_a1_another_engine_takes_over_forty_times(programs: Path) -> None:
    took = sorted(take_over(programs, 40))
    print(f"40 deaths: taken over after {took[len(took) // 2]:.2f} s (median), {took[-1]:.2f} s at most")
    assert took[-1] <= TAKEN_OVER
