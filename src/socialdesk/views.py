"""The built-in ways to look at the queue, the same on the screen and on the command line."""

from __future__ import annotations

from socialdesk.domain.models import Box, View
from socialdesk.i18n import N_

ALL = View(N_("all"))
WAITING = View(N_("waiting"), waiting_only=True)
LATE = View(N_("late"), late=True)
SNOOZED = View(N_("snoozed"), box=Box.SNOOZED)
DONE = View(N_("done"), box=Box.DONE)

BUILT_IN = (ALL, WAITING, LATE, SNOOZED, DONE)
