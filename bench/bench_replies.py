"""From a key to the canned replies that fit, among 2,000: ``python bench/bench_replies.py [--rounds N]``.

Typed in a pseudo terminal, beside a field that does nothing but repeat what is typed. Exit code 1 where the goal is missed.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from pty_bench import Program, median, percentile

FLOORS = Path(__file__).parent / "floors"
TYPED = ("r", "e", "t", "\x7f", "\x7f", "\x7f", "t", "a", "l", "\x7f", "\x7f", "\x7f")
GOAL = 50.0
"""Milliseconds from a key to the first results."""


def typed(program: Program, rounds: int) -> list[float]:
    """Return the milliseconds to the last change of the screen, for each key."""
    program.ready("READY")
    program.settle(1)
    strokes = [program.press(key) for _round in range(rounds) for key in TYPED]
    return [stroke.last for stroke in strokes if stroke.last == stroke.last]


def main() -> int:
    """Type into both and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=6)
    rounds = parser.parse_args().rounds
    figures = {}
    for name in ("bare_field", "choosing"):
        with Program(
            [sys.executable, str(FLOORS / f"{name}.py")], 120, 36, {"TERM": "xterm-256color"}
        ) as program:
            figures[name] = typed(program, rounds)
    floor, own = figures["bare_field"], figures["choosing"]
    print(
        f"key to results, median {median(own):6.1f} ms  floor {median(floor):5.1f} ms ({median(own) / median(floor):.2f} x)"
    )
    print(f"key to results, p95    {percentile(own, 0.95):6.1f} ms  floor {percentile(floor, 0.95):5.1f} ms")
    print(f"goal {GOAL:.0f} ms: {'reached' if percentile(own, 0.95) <= GOAL else 'missed'}")
    return percentile(own, 0.95) > GOAL


if __name__ == "__main__":
    sys.exit(main())
