"""Choices for a picker, without the widgets that show them: those are imported when a picker first opens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from socialdesk.screens.picker import Picker

T = TypeVar("T")


class Pick(NamedTuple, Generic[T]):
    """One choice: what it says, a note at the right, and what choosing it gives."""

    label: str
    note: str
    value: T


def picker(title: str, picks: Sequence[Pick[Any]], *, chosen: int = 0) -> Picker[Any]:
    """Return a screen to choose in; it gives the chosen value, or None."""
    from socialdesk.screens.picker import Picker

    return Picker(title, picks, chosen=chosen)
