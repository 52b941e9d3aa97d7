"""Answers: within 24 hours of what the customer wrote last in one's own words, later by an approved template only.

https://developers.facebook.com/docs/whatsapp/cloud-api. A number that only this business knows goes into ``recipient``: in ``to`` Meta
would take it for a telephone number, say yes and deliver nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from socialdesk.connectors.contract import Count, Limit, OutcomeUnknown, Outgoing, Receipt, Rejected, measure
from socialdesk.connectors.meta.graph import Graph
from socialdesk.connectors.shapes import identity, mapping, mappings, moment, text

LIMIT = Limit(4096, Count.CODE_POINTS)
TEMPLATE = Limit(1024, Count.CODE_POINTS)
WINDOW = timedelta(hours=24)


async def send(graph: Graph, number: str, outgoing: Outgoing) -> Receipt:
    """Send one answer."""
    limit = TEMPLATE if is_late(outgoing) else LIMIT
    if measure(outgoing.text, limit.count) > limit.size:
        raise Rejected(f"> {limit.size}", code="too_long")
    body = {
        "messaging_product": "whatsapp",
        **to(outgoing.reply_to),
        **(_template(graph, outgoing) if is_late(outgoing) else _words(outgoing)),
        "biz_opaque_callback_data": outgoing.key,
    }
    answer = await graph.ask("POST", f"{number}/messages", body=body, posts=True)
    name = identity(next(iter(mappings(answer.get("messages"))), {}).get("id"))
    if not name:
        raise OutcomeUnknown("the answer names no message")
    return Receipt(name, "", None, outgoing.conversation, dict(outgoing.reply_to))


def is_late(outgoing: Outgoing) -> bool:
    """Say whether the customer's last words are longer ago than own words may answer."""
    asked = moment(outgoing.reply_to.get("at"))
    return asked is not None and outgoing.at - asked > WINDOW


def to(remote: Mapping[str, str]) -> dict[str, str]:
    """Return whom a call is for."""
    if group := remote.get("group", ""):
        return {"recipient_type": "group", "to": group}
    if scoped := remote.get("scoped", ""):
        return {"recipient_type": "individual", "recipient": scoped}
    if telephone := remote.get("telephone", ""):
        return {"recipient_type": "individual", "to": telephone}
    raise Rejected("nobody to write to", code="parent_gone")


def _words(outgoing: Outgoing) -> dict[str, Any]:
    return {"type": "text", "text": {"body": outgoing.text, "preview_url": False}}


def _template(graph: Graph, outgoing: Outgoing) -> dict[str, Any]:
    """Return the template that opens a conversation again; its one gap takes the answer, on one line."""
    name, _, language = graph.host.options.get("template", "").strip().partition("/")
    if not name:
        raise Rejected("> 24 h", code="window_closed")
    line = " ".join(outgoing.text.split())
    gap = {"type": "body", "parameters": [{"type": "text", "text": line}]}
    language = text(language) or outgoing.language or "es"
    return {
        "type": "template",
        "template": mapping({"name": name, "language": {"code": language}, "components": [gap]}),
    }
