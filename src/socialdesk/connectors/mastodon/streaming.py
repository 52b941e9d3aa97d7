"""News as they happen: server-sent events (https://docs.joinmastodon.org/methods/streaming/).

The stream repeats nothing that was missed, so it only says when to look.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

import httpx

from socialdesk.connectors.contract import AuthRequired, Host, Temporary
from socialdesk.connectors.mastodon.client import Client
from socialdesk.connectors.mastodon.inbox import is_message
from socialdesk.connectors.mastodon.wire import trouble_of

SILENCE = 90.0
"""Seconds without a heart-beat after which the line counts as dead; Mastodon sends one every 15."""
_NEWS = frozenset({"notification", "notifications_merged"})


async def listen(host: Host, client: Client, news: Callable[[], None]) -> None:
    """Stay on the stream until it ends."""
    base = host.options.get("streaming", "") or client.server
    url = f"{base}/api/v1/streaming/user/notification"
    headers = {**await client.bearer(), "Accept": "text/event-stream", "Accept-Encoding": "identity"}
    timeout = httpx.Timeout(20, connect=10, read=SILENCE)
    try:
        async with host.http.stream("GET", url, headers=headers, timeout=timeout) as response:
            _check(response)
            news()
            await _follow(response, news)
    except httpx.RequestError as error:
        raise trouble_of(error) from error


def _check(response: httpx.Response) -> None:
    kind = response.headers.get("content-type", "")
    if response.status_code == 200 and kind.startswith("text/event-stream"):
        return
    if response.status_code in (401, 403):
        raise AuthRequired(f"HTTP {response.status_code} from the stream")
    raise Temporary(f"HTTP {response.status_code}: no stream of events there", code="bad_answer")


async def _follow(response: httpx.Response, news: Callable[[], None]) -> None:
    event: dict[str, str] = {}
    async for line in response.aiter_lines():
        if not line:
            if _is_news(event):
                news()
            event = {}
        elif not line.startswith(":"):
            name, _, value = line.partition(":")
            event[name] = event.get(name, "") + value.removeprefix(" ")


def _is_news(event: Mapping[str, str]) -> bool:
    """Say whether an event may be a message; what cannot be read may be one."""
    if event.get("event") not in _NEWS:
        return False
    try:
        told = json.loads(event.get("data", ""))
    except (ValueError, RecursionError):
        return True
    return not isinstance(told, dict) or is_message(told.get("type"))
