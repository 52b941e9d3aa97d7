"""Where the files of private messages lie now."""

from __future__ import annotations

from collections.abc import Mapping

from socialdesk.connectors.meta import messages
from socialdesk.connectors.meta.graph import Graph
from socialdesk.connectors.meta.messages import Us
from socialdesk.connectors.shapes import web


async def address(graph: Graph, us: Us, remote: Mapping[str, str]) -> str:
    """Return the address of an attachment, asked for anew where it was not stored; "" where it is not told any more."""
    if "message" not in remote:
        return web(remote.get("url"))
    found = messages.files(await graph.get(remote["message"], {"fields": messages.fields_of(us)}))
    number = remote.get("file", "")
    return web(found[int(number)]) if number.isdecimal() and int(number) < len(found) else ""
