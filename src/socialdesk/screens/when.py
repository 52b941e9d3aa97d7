"""Asks for a moment to come: one of the usual ones, or one that is typed."""

from __future__ import annotations

from datetime import datetime

from textual.app import App

from socialdesk.clock import Clock
from socialdesk.i18n import _
from socialdesk.screens import moments
from socialdesk.screens.picks import Pick, picker
from socialdesk.wording import moment


async def ask_when(app: App[str], clock: Clock, title: str) -> datetime | None:
    """Return the moment that the person wants, or None; to be called in a worker."""
    now = clock.now()
    picks: list[Pick[datetime | str]] = [
        Pick(name, moment(when, now), when) for name, when in moments.suggestions(now)
    ]
    picks.append(Pick(_("Another moment…"), "", ""))
    chosen = await app.push_screen_wait(picker(title, picks, own=str))
    return await _typed(app, clock, title, chosen) if isinstance(chosen, str) else chosen


async def _typed(app: App[str], clock: Clock, title: str, typed: str) -> datetime | None:
    """Return the moment that was typed already; where that is none, ask for another."""
    from socialdesk.screens.ask import Ask

    def problem(text: str) -> str:
        try:
            moments.understood(text, clock.now())
        except moments.Unclear as unclear:
            return str(unclear)
        return ""

    text: str | None = typed
    if not typed or problem(typed):
        text = await app.push_screen_wait(Ask(title, moments.hint(), problem, typed))
    return moments.understood(text, clock.now()) if text else None
