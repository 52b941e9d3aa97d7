"""The names by which ``--view`` knows the ways to look at the queue."""

from __future__ import annotations

from collections.abc import Sequence

from socialdesk.domain.models import View
from socialdesk.errors import NotFound
from socialdesk.i18n import _
from socialdesk.views import BUILT_IN


def find(name: str, own: Sequence[View], brand: str | None = None, channel: str | None = None) -> View:
    """Return the view of that name, built in or the person's own, narrowed down. Raises ``NotFound``.

    Built-in views are known by their English names, the same for every script, and by those the screen shows.
    """
    wanted = name.casefold()
    for view in (*BUILT_IN, *own):
        if wanted in (view.name.casefold(), _(view.name).casefold()):
            return view._replace(brand=brand or view.brand, channel=channel or view.channel)
    known = ", ".join(view.name for view in (*BUILT_IN, *own))
    message = _("no view is called {name}; there are: {names}")
    raise NotFound(message.format(name=name, names=known), code="no_view")
