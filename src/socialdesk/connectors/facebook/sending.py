"""Public answers. Meta has no key for them: one whose outcome is unknown is looked for below the comment."""

from __future__ import annotations

from socialdesk.connectors.contract import OutcomeUnknown, Outgoing, Receipt, Rejected
from socialdesk.connectors.facebook.page import Page
from socialdesk.connectors.meta.answering import BEFORE, same
from socialdesk.connectors.meta.walking import when
from socialdesk.connectors.rest import Refusal
from socialdesk.connectors.shapes import identity, mapping


async def send(page: Page, outgoing: Outgoing) -> Receipt:
    """Answer a comment or a post, below it."""
    comment = outgoing.reply_to.get("comment", "")
    if not comment:
        raise Rejected("it cannot be answered by the network's interface", code="reply_disabled")
    try:
        made = await page.ask("POST", f"{comment}/comments", form={"message": outgoing.text}, posts=True)
    except Refusal as refusal:
        if refusal.code == "said_already" and (found := await find_sent(page, outgoing)):
            return found
        raise
    name = identity(made.get("id"))
    if not name:
        raise OutcomeUnknown("the answer names no comment")
    page.note(name, outgoing.key)
    return _receipt(name, outgoing)


async def find_sent(page: Page, outgoing: Outgoing) -> Receipt | None:
    """Look for an answer of ours with the same words in the thread, not older than the first attempt.

    Where the thread is gone, no answer stands there, and another attempt will be refused as such.
    """
    try:
        return await _found(page, outgoing)
    except Refusal as refusal:
        if refusal.code != "parent_gone":
            raise
        return None


async def _found(page: Page, outgoing: Outgoing) -> Receipt | None:
    us, above = await page.us(), outgoing.reply_to.get("top", "")
    params = {"filter": "stream", "order": "reverse_chronological", "limit": "100"}
    fields = {"fields": "id,from{id},message,created_time"}
    edge = outgoing.at - BEFORE
    async for answers in page.every(f"{above}/comments", {**params, **fields}):
        times = [when(one.get("created_time")) or edge for one in answers]
        for at, one in zip(times, answers, strict=True):
            ours = identity(mapping(one.get("from")).get("id")) == us.id
            name = identity(one.get("id"))
            other = page.is_of_another(name, outgoing.key)
            if ours and at >= edge and not other and same(one.get("message"), outgoing.text):
                page.note(name, outgoing.key)
                return _receipt(name, outgoing)
        if times and max(times) < edge:
            return None
    return None


def _receipt(name: str, outgoing: Outgoing) -> Receipt:
    return Receipt(name, "", None, outgoing.conversation, {**outgoing.reply_to, "comment": name})
