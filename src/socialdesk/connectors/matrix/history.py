"""Fills what ``/sync`` left out, by ``/messages``."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from socialdesk.connectors.contract import Raw, Temporary
from socialdesk.connectors.matrix.client import Client, path
from socialdesk.connectors.matrix.events import Teller
from socialdesk.connectors.matrix.rooms import Gap, Place, Room
from socialdesk.connectors.matrix.shape import items, mapping, text
from socialdesk.connectors.matrix.wire import Refusal

PAGE = 100
_PAGES_A_VISIT = 5
_FILTER = {"lazy_load_members": True, "include_redundant_members": True, "not_types": ["m.reaction"]}
_WITHOUT_END = 10_000
"""How many events back, where a gap is read back that has no other end."""


async def fill(client: Client, place: Place) -> list[Raw]:
    """Read on in the first gap, at most a few pages; what was read leaves the gap."""
    gap = place.gaps[0]
    room = place.rooms.setdefault(gap.room, Room())
    try:
        found, rest = await (_forward if gap.forward else _back)(client, gap)
    except Refusal:
        # Some servers cannot read on from a mark of /sync; a room that is closed to us has nothing more.
        rest = (
            replace(gap, forward=False, at=gap.start, end=gap.at, left=_WITHOUT_END) if gap.forward else None
        )
        found = []
    place.gaps[:1] = [rest] if rest else []
    events = [event for page in found for event in items(page.get("chunk"))]
    state = [event for page in found for event in items(page.get("state"))]
    teller = Teller(client, place.user, gap.room, room, 0 if gap.forward else gap.floor)
    raws = await teller.tell(events if gap.forward else events[::-1], state)
    if room.gone and not any(one.room == gap.room for one in place.gaps):
        place.rooms.pop(gap.room, None)
    return raws


async def _forward(client: Client, gap: Gap) -> tuple[list[dict[str, Any]], Gap | None]:
    found: list[dict[str, Any]] = []
    for _ in range(_PAGES_A_VISIT):
        page = await _page(client, gap, "f")
        found.append(page)
        following = text(page.get("end"))
        if not following or following in (gap.at, gap.end):
            return found, None
        # A server that does not heed the end tells for ever that there is nothing more.
        left = gap.left - 1 if not items(page.get("chunk")) else 0
        if left < -_PAGES_A_VISIT * 10:
            return found, None
        gap = replace(gap, at=following, left=left)
    return found, gap


async def _back(client: Client, gap: Gap) -> tuple[list[dict[str, Any]], Gap | None]:
    found: list[dict[str, Any]] = []
    for _ in range(_PAGES_A_VISIT):
        page = await _page(client, gap, "b")
        found.append(page)
        events, following = items(page.get("chunk")), text(page.get("end"))
        left = gap.left - max(len(events), 1)
        times = [at for one in events if isinstance(at := mapping(one).get("origin_server_ts"), int | float)]
        below = bool(times) and max(times) < gap.floor
        if not following or following in (gap.at, gap.end) or left <= 0 or below:
            return found, None
        gap = replace(gap, at=following, left=left)
    return found, gap


async def _page(client: Client, gap: Gap, direction: str) -> dict[str, Any]:
    params: dict[str, Any] = {"from": gap.at, "dir": direction, "limit": PAGE, "filter": json.dumps(_FILTER)}
    if gap.end:
        params["to"] = gap.end
    page = await client.call("GET", path("rooms", gap.room, "messages"), params=params)
    if not isinstance(page.get("chunk"), list):
        raise Temporary("the answer has no chunk", code="bad_answer")
    return page
