"""Which answers became which of our messages on a network: the same words may be said twice, and are two answers."""

from __future__ import annotations

_MOST = 500


class Said:
    """What one account has sent, or found to be sent, since the process began."""

    def __init__(self) -> None:
        self._keys: dict[str, str] = {}

    def note(self, name: str, key: str) -> None:
        """Remember that the answer with this key is the network's message of that name."""
        self._keys[name] = key
        if len(self._keys) > _MOST:
            del self._keys[next(iter(self._keys))]

    def is_of_another(self, name: str, key: str) -> bool:
        """Say whether a message is known to be another answer than that with this key."""
        return self._keys.get(name, key) != key
