"""Screens that are left once, however often the key is pressed."""

from __future__ import annotations

from typing import TypeVar

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen, Screen

T = TypeVar("T")


class LeavesOnce(Screen[T]):
    """A screen that takes itself away and no other.

    Textual takes away whichever screen is in front, so a second escape, on its way to a screen that has gone meanwhile,
    would take the one below with it.
    """

    def dismiss(self, result: T | None = None) -> AwaitComplete:
        """Leave with a result, while this screen is in front."""
        if self.app.screen is not self:
            return AwaitComplete()
        return super().dismiss(result)


class Modal(LeavesOnce[T], ModalScreen[T]):
    """A question above the desk."""
