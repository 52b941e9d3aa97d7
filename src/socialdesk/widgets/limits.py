"""What a widget needs to know of a network's limits; the connectors' own declarations fit."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from socialdesk.domain.measuring import Count
    from socialdesk.domain.models import Act


class SizeLimit(Protocol):
    """How long a text may be, as a connector declares it."""

    @property
    def size(self) -> int: ...
    @property
    def count(self) -> Count: ...
    @property
    def max_bytes(self) -> int | None: ...
    def room(self, text: str) -> int: ...


class Limits(Protocol):
    """What a network allows of an answer."""

    @property
    def public_limit(self) -> SizeLimit: ...
    @property
    def private_limit(self) -> SizeLimit: ...
    @property
    def private_once(self) -> bool: ...
    @property
    def private_window(self) -> timedelta | None: ...
    @property
    def acts(self) -> frozenset[Act]: ...
    @property
    def undoable(self) -> frozenset[Act]: ...
