"""A5: deadlines in opening hours beside the minute-by-minute oracle, on more cases than anybody would think of."""

from __future__ import annotations

import multiprocessing
import os
import random
import time

import pytest

from helpers.oracle import Trial, any_places, changing_places, compared

PROCESSES = 2
CHUNK = 50
CASES = 100_000


@pytest.mark.torture
def test_deadlines_are_those_of_the_slow_oracle() -> None:
    """``SOCIALDESK_SEED`` tries the cases of another run again."""
    seed = int(os.environ.get("SOCIALDESK_SEED") or random.SystemRandom().randrange(10**9))
    rng, begun = random.Random(seed), time.monotonic()
    places = [*changing_places(rng, each=8), *any_places(rng, 4_000)]
    rng.shuffle(places)
    chunks = [(rng.randrange(10**9), places[i : i + CHUNK]) for i in range(0, len(places), CHUNK)]
    print(f"\nseed {seed}, {len(places)} windows", flush=True)
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        trials: list[Trial] = pool.starmap(compared, chunks, chunksize=1)
    tried, answered = sum(trial.tried for trial in trials), sum(trial.answered for trial in trials)
    wrong = [case for trial in trials for case in trial.wrong]
    print(
        f"{tried} cases ({answered} due within their window), {len(wrong)} differences, "
        f"{time.monotonic() - begun:.0f} s"
    )
    assert tried >= CASES
    assert wrong == []
