"""Public answers: below the first comment of a thread, whichever of its comments they answer."""

from __future__ import annotations

from socialdesk.connectors.contract import OutcomeUnknown, Outgoing, Receipt, Rejected
from socialdesk.connectors.instagram.account import Account
from socialdesk.connectors.instagram.inbox import is_ours
from socialdesk.connectors.meta.answering import BEFORE, same
from socialdesk.connectors.meta.walking import when
from socialdesk.connectors.rest import Refusal
from socialdesk.connectors.shapes import identity


async def send(account: Account, outgoing: Outgoing) -> Receipt:
    """Answer a comment, or the picture on which the brand is tagged."""
    to = outgoing.reply_to
    if media := to.get("media", ""):
        us = await account.us()
        named = {"comment_id": to["mention"]} if to.get("mention") else {}
        form = {"media_id": media, **named, "message": outgoing.text}
        made = await account.ask("POST", f"{us.id}/mentions", form=form, posts=True)
    elif top := to.get("top", ""):
        try:
            made = await account.ask("POST", f"{top}/replies", form={"message": words(outgoing)}, posts=True)
        except Refusal as refusal:
            if refusal.code == "said_already" and (found := await find_sent(account, outgoing)):
                return found
            raise
    else:
        raise Rejected("the comment has no number", code="reply_disabled")
    name = identity(made.get("id"))
    if not name:
        raise OutcomeUnknown("the answer names no comment")
    account.note(name, outgoing.key)
    return _receipt(name, outgoing)


def can_be_found(outgoing: Outgoing) -> bool:
    """Say whether Meta shows our answer to a question: not below the pictures of others."""
    return "media" not in outgoing.reply_to


def words(outgoing: Outgoing) -> str:
    """Return what is said: an answer to an answer stands below the first comment, so it names whom it is for."""
    to, name = outgoing.reply_to, outgoing.reply_to.get("name", "")
    named = to.get("comment") == to.get("top") or not name or f"@{name}" in outgoing.text
    return outgoing.text if named else f"@{name} {outgoing.text}"


async def find_sent(account: Account, outgoing: Outgoing) -> Receipt | None:
    """Look for an answer of ours with the same words in the thread, not older than the first attempt.

    Where the thread is gone, no answer stands there, and another attempt will be refused as such.
    """
    try:
        return await _found(account, outgoing)
    except Refusal as refusal:
        if refusal.code != "parent_gone":
            raise
        return None


async def _found(account: Account, outgoing: Outgoing) -> Receipt | None:
    us, top = await account.us(), outgoing.reply_to.get("top", "")
    fields = {"fields": "id,text,timestamp,username,from{id,username}", "limit": "50"}
    async for answers in account.every(f"{top}/replies", fields):
        for one in answers:
            at = when(one.get("timestamp"))
            late = at is not None and at >= outgoing.at - BEFORE
            name = identity(one.get("id"))
            other = account.is_of_another(name, outgoing.key)
            if is_ours(one, us) and late and not other and same(one.get("text"), words(outgoing)):
                account.note(name, outgoing.key)
                return _receipt(name, outgoing)
    return None


def _receipt(name: str, outgoing: Outgoing) -> Receipt:
    return Receipt(name, "", None, outgoing.conversation, {**outgoing.reply_to, "comment": name})
