"""Public answers. Meta has no key for them: one whose outcome is unknown is looked for below the comment."""

from __future__ import annotations

from datetime import timedelta

from socialdesk.connectors.contract import OutcomeUnknown, Outgoing, Receipt, Rejected
from socialdesk.connectors.facebook.page import Page
from socialdesk.connectors.shapes import identity, mapping, moment, text

_BEFORE = timedelta(minutes=2)


async def send(page: Page, outgoing: Outgoing) -> Receipt:
    """Answer a comment or a post, below it."""
    comment = outgoing.reply_to.get("comment", "")
    if not comment:
        raise Rejected("it cannot be answered by the network's interface", code="reply_disabled")
    made = await page.ask("POST", f"{comment}/comments", form={"message": outgoing.text}, posts=True)
    name = identity(made.get("id"))
    if not name:
        raise OutcomeUnknown("the answer names no comment")
    return _receipt(name, outgoing)


async def find_sent(page: Page, outgoing: Outgoing) -> Receipt | None:
    """Look for an answer of ours with the same words in the thread, not older than the first attempt."""
    us = await page.us()
    params = {"filter": "stream", "order": "reverse_chronological", "limit": "100"}
    fields = {"fields": "id,from{id},message,created_time"}
    edge = outgoing.at - _BEFORE
    async for answers in page.every(f"{outgoing.reply_to.get('top', '')}/comments", {**params, **fields}):
        for one in answers:
            at = moment(one.get("created_time"))
            ours = identity(mapping(one.get("from")).get("id")) == us.id
            if ours and at and at >= edge and text(one.get("message")).split() == outgoing.text.split():
                return _receipt(identity(one.get("id")), outgoing)
        if any((moment(one.get("created_time")) or edge) < edge for one in answers):
            return None
    return None


def _receipt(name: str, outgoing: Outgoing) -> Receipt:
    return Receipt(name, "", None, outgoing.conversation, {**outgoing.reply_to, "comment": name})
