"""What can be done to a customer's post besides answering it; all but a report may be repeated without harm."""

from __future__ import annotations

from collections.abc import Mapping

from socialdesk.connectors.contract import Act, Rejected
from socialdesk.connectors.mastodon.client import Client
from socialdesk.connectors.mastodon.shape import step
from socialdesk.connectors.mastodon.wire import Refusal

ACTS = frozenset({Act.LIKE, Act.MUTE, Act.BLOCK, Act.REPORT, Act.SPAM})
UNDOABLE = frozenset({Act.LIKE, Act.MUTE, Act.BLOCK})
_CALLS = {
    (Act.LIKE, False): "statuses/{id}/favourite",
    (Act.LIKE, True): "statuses/{id}/unfavourite",
    (Act.MUTE, False): "accounts/{account}/mute",
    (Act.MUTE, True): "accounts/{account}/unmute",
    (Act.BLOCK, False): "accounts/{account}/block",
    (Act.BLOCK, True): "accounts/{account}/unblock",
}


async def act(client: Client, which: Act, on: Mapping[str, str], undo: bool) -> None:
    """Do it, or take it back."""
    if not on.get("id") or not on.get("account"):
        raise Rejected("a post without id or author", code="act_not_here")
    try:
        if which in (Act.REPORT, Act.SPAM):
            await _report(client, which, on)
        else:
            path = _CALLS[which, undo].format(id=step(on["id"]), account=step(on["account"]))
            await client.act(f"/api/v1/{path}")
    except Refusal as refusal:
        raise await client.reason(refusal, "acts_not_allowed") from refusal


async def _report(client: Client, which: Act, on: Mapping[str, str]) -> None:
    """Tell the server's moderators, and those of the author's own server."""
    body = {
        "account_id": on["account"],
        "status_ids": [on["id"]],
        "category": "spam" if which is Act.SPAM else "other",
        "forward": "@" in on.get("acct", ""),
    }
    await client.act("/api/v1/reports", body)
