"""Record keys of the AT Protocol: 13 characters that hold a moment in microseconds and a clock number.

Format: https://atproto.com/specs/tid
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"
_LENGTH = 13
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def encode(micros: int, clock: int) -> str:
    """Return the key of that moment (microseconds since 1970); ``clock`` is 0 to 1023."""
    number = (micros << 10) | (clock & 0x3FF)
    return "".join(_ALPHABET[(number >> shift) & 31] for shift in range(5 * (_LENGTH - 1), -1, -5))


def moment(key: str) -> datetime | None:
    """Return the moment in a key, or None where it is no such key."""
    if len(key) != _LENGTH or any(letter not in _ALPHABET for letter in key):
        return None
    number = 0
    for letter in key:
        number = number << 5 | _ALPHABET.index(letter)
    try:
        return _EPOCH + timedelta(microseconds=number >> 10)
    except OverflowError:
        return None


class TidClock:
    """Gives keys that always grow, also when two fall on one microsecond or the clock steps back."""

    def __init__(self, clock: int) -> None:
        self._clock = clock
        self._last = 0

    def next(self, at: datetime) -> str:
        """Return a key for that moment."""
        micros = (at - _EPOCH) // timedelta(microseconds=1)
        self._last = max(micros, self._last + 1)
        return encode(self._last, self._clock)
