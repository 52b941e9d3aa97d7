"""Asks why a finding is let stand: one of the reasons that are offered, or one's own words (NEEDS C2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from socialdesk.i18n import _
from socialdesk.screens.families import family_name, reasons
from socialdesk.screens.picks import Pick, picker

if TYPE_CHECKING:
    from textual.app import App

_OTHER = "?"


async def ask_reason(app: App[str], family: str, about: str = "") -> str:
    """Return why a finding of a family is let stand, or "": it is not. ``about`` says which one it is."""
    title = _("Let it stand: {family}. Why?").format(family=about or family_name(family))
    picks = [Pick(reason, "", reason) for reason in reasons(family)]
    other = Pick(_("Another reason…"), "", _OTHER)
    reason: str | None = await app.push_screen_wait(picker(title, [*picks, other], own=str))
    return await _typed(app, title) if reason == _OTHER else (reason or "").strip()


async def _typed(app: App[str], title: str) -> str:
    from socialdesk.screens.ask import Ask

    def problem(text: str) -> str:
        return "" if text.strip() else _("Say in a few words why it is right here.")

    return (await app.push_screen_wait(Ask(title, _("It is kept with the answer."), problem)) or "").strip()
