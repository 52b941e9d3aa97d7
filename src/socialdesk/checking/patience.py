"""Lets the code of others run for so long and no longer."""

from __future__ import annotations

import signal
from collections.abc import Callable
from threading import Thread, current_thread, main_thread
from time import monotonic
from types import FrameType
from typing import TypeVar

T = TypeVar("T")

_AGAIN = 0.1
"""Seconds after which code that has swallowed its end is told again."""


class TooLong(BaseException):
    """It did not end in time."""


def within(seconds: float, work: Callable[[], T]) -> T:
    """Return what some work gives; raises ``TooLong`` once it has taken that long, and whatever it raises.

    In the main thread it is ended by an alarm, which also stops an expression of ``re`` that never ends: that holds back
    all other threads. Elsewhere it is left behind in a thread of its own, which nothing can end.
    """
    if current_thread() is main_thread() and hasattr(signal, "setitimer"):
        return _by_alarm(seconds, work)
    return _in_thread(seconds, work)


def _by_alarm(seconds: float, work: Callable[[], T]) -> T:
    def ring(_number: int, _frame: FrameType | None) -> None:
        raise TooLong

    handler = signal.signal(signal.SIGALRM, ring)
    began, (left, interval) = monotonic(), signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN)
    try:
        try:
            return work()
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    finally:  # once more: the alarm may have rung on the way out
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, handler)
        if left:  # somebody else's alarm
            signal.setitimer(signal.ITIMER_REAL, max(left - (monotonic() - began), _AGAIN), interval)


def _in_thread(seconds: float, work: Callable[[], T]) -> T:
    ended: list[T | BaseException] = []

    def run() -> None:
        try:
            ended.append(work())
        except BaseException as error:
            ended.append(error)

    thread = Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if not ended:
        raise TooLong
    if isinstance(ended[0], BaseException):
        raise ended[0]
    return ended[0]
