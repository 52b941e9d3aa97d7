"""Public answers: below the first comment of a thread, whichever of its comments they answer."""

from __future__ import annotations

from datetime import timedelta

from socialdesk.connectors.contract import OutcomeUnknown, Outgoing, Receipt, Rejected
from socialdesk.connectors.instagram.account import Account
from socialdesk.connectors.shapes import identity, mapping, moment, text

_BEFORE = timedelta(minutes=2)


async def send(account: Account, outgoing: Outgoing) -> Receipt:
    """Answer a comment, or the picture on which the brand is tagged."""
    to = outgoing.reply_to
    if media := to.get("media", ""):
        us = await account.us()
        form = {"media_id": media, "message": outgoing.text}
        made = await account.ask("POST", f"{us.id}/mentions", form=form, posts=True)
    elif top := to.get("top", ""):
        made = await account.ask("POST", f"{top}/replies", form={"message": words(outgoing)}, posts=True)
    else:
        raise Rejected("the comment has no number", code="parent_gone")
    name = identity(made.get("id"))
    if not name:
        raise OutcomeUnknown("the answer names no comment")
    return _receipt(name, outgoing)


def words(outgoing: Outgoing) -> str:
    """Return what is said: an answer to an answer stands below the first comment, so it names whom it is for."""
    to, name = outgoing.reply_to, outgoing.reply_to.get("name", "")
    named = to.get("comment") == to.get("top") or not name or f"@{name}" in outgoing.text
    return outgoing.text if named else f"@{name} {outgoing.text}"


async def find_sent(account: Account, outgoing: Outgoing) -> Receipt | None:
    """Look for an answer of ours with the same words in the thread, not older than the first attempt."""
    us, top = await account.us(), outgoing.reply_to.get("top", "")
    path = f"{top}/replies" if top else f"{outgoing.reply_to.get('media', '')}/comments"
    fields = {"fields": "id,text,timestamp,username,from{id,username}", "limit": "50"}
    async for answers in account.every(path, fields):
        for one in answers:
            at = moment(one.get("timestamp"))
            ours = us.is_us(one.get("from")) or us.is_us({"username": mapping(one).get("username")})
            late = at is not None and at >= outgoing.at - _BEFORE
            if ours and late and text(one.get("text")).split() == words(outgoing).split():
                return _receipt(identity(one.get("id")), outgoing)
    return None


def _receipt(name: str, outgoing: Outgoing) -> Receipt:
    return Receipt(name, "", None, outgoing.conversation, {**outgoing.reply_to, "comment": name})
