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
        """Leave with a result, while this screen is in front; one that is being laid out leaves once it is there."""
        if self.app.screen is not self:
            return AwaitComplete()
        if not self.is_mounted:
            self.call_later(self._dismiss, result)
            return AwaitComplete()
        return super().dismiss(result)

    def _dismiss(self, result: T | None) -> None:
        """Leave, awaiting nothing: a screen cannot wait for its own end."""
        self.dismiss(result)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Obey keys once there is something to act upon: on a busy machine they may come before the screen is laid out."""
        return self.is_mounted or action in ("back", "dismiss")


class Modal(LeavesOnce[T], ModalScreen[T]):
    """A question above the desk."""
