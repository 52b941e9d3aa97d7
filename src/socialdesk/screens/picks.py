"""Choices for a picker, without the widgets that show them: those are imported when a picker first opens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from socialdesk.screens.picker import Picker

T = TypeVar("T")


class Pick(NamedTuple, Generic[T]):
    """One choice: what it says, a note at the right, and what choosing it gives."""

    label: str
    note: str
    value: T


def picker(
    title: str, picks: Sequence[Pick[Any]], *, chosen: int = 0, own: Callable[[str], Any] | None = None
) -> Picker[Any]:
    """Return a screen to choose in; it gives the chosen value, or None.

    With ``own`` the last choice stands for words of one's own: it stays whatever is typed, and ``own`` makes its value.
    """
    from socialdesk.screens.picker import Picker

    return Picker(title, picks, chosen=chosen, own=own)
