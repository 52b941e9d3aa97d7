"""Reads long lists a stretch at a time, newest first, so that no visit is endless and none begins again from the top.

What is known of a list stays in the account's cursor: what Meta told of it when it was read, and until when all is known. Meta's
own places in a list die with what they point at, so they are kept no longer than this process lives: after a restart a list
that was not finished is read from its top again, which repeats and loses nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from socialdesk.connectors.contract import RateLimited, Temporary
from socialdesk.connectors.meta.graph import Graph
from socialdesk.connectors.rest import Refusal
from socialdesk.connectors.shapes import items, moment, since_1970, stamp, text

Rows = list[dict[str, Any]]


class Known(NamedTuple):
    """What is known of a list: ``mark`` is what was told of it, "" where it is to be read; ``seen`` until when all is known.

    While a walk through it lasts, ``begun`` is its mark when that began, ``newest`` what will be ``seen`` at the end, ``turns`` how many
    stretches there were.
    """

    mark: str
    seen: str
    begun: str = ""
    newest: str = ""
    turns: str = ""

    def anew(self) -> Known:
        """Return that it must be read again, whatever is told of it."""
        return self._replace(mark="")

    def after(self, mark: str, edge: datetime, times: Iterable[datetime], *, done: bool) -> Known:
        """Return what is known after a stretch whose rows are of these times."""
        newest = stamp(max([edge, *times, *filter(None, [moment(self.newest)])]))
        begun = self.begun or mark
        if done:
            return Known(begun, newest)
        turns = int(self.turns) + 1 if self.turns.isdecimal() else 1
        return Known("", self.seen, begun, newest, str(turns))


def known_from(kept: object) -> Known | None:
    """Return what a cursor holds of a list."""
    parts = [text(one) for one in items(kept)]
    return Known(*parts[:5]) if len(parts) >= 2 else None


class Walks:
    """Where lists were left."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._left: dict[str, dict[str, str]] = {}

    def forget(self) -> None:
        """Begin all lists anew: what was read last was not stored."""
        self._left.clear()

    def drop(self, name: str) -> None:
        """Begin a list anew: what was read of it was not used."""
        self._left.pop(name, None)

    async def read(
        self, name: str, path: str, params: Mapping[str, str], most: int, enough: Callable[[Rows], bool]
    ) -> tuple[Rows, bool, int]:
        """Return rows from where the list was left, whether it is finished, and how many pages were asked for."""
        place, rows, asked = self._left.pop(name, {}), list[dict[str, Any]](), 0
        while asked < most:
            asked += 1
            try:
                page, following = await self._graph.page(path, params, place)
            except Refusal:
                if not place:
                    raise
                place = {}  # what it pointed at is gone: from the top
                continue
            except (RateLimited, Temporary):
                if not rows:
                    raise
                break
            rows += page
            if enough(page) or not following:
                return rows, True, asked
            place = following
        self._left[name] = place
        return rows, False, asked


def when(value: Any) -> datetime | None:
    """Return the moment that Meta wrote: in ISO 8601 with a zone of four digits, or as seconds or milliseconds since 1970."""
    return moment(value) or since_1970(value)


def all_before(edge: datetime, field: str) -> Callable[[Rows], bool]:
    """Return what tells that a page holds nothing newer than that, where its order does not say that newer ones follow."""

    def enough(page: Rows) -> bool:
        times = [when(one.get(field)) for one in page]
        dated = [at for at in times if at is not None]
        return bool(dated) and len(dated) == len(times) and max(dated) <= edge and dated[0] >= dated[-1]

    return enough
