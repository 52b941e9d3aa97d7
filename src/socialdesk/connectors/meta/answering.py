"""Private answers: in the windows that Meta leaves open, and looked for where nobody knows whether they left."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

from socialdesk.connectors.contract import OutcomeUnknown, Outgoing, Receipt, Rejected, Temporary
from socialdesk.connectors.meta.graph import Graph
from socialdesk.connectors.meta.messages import (
    ANSWERED_WITHIN,
    BY_A_PERSON_WITHIN,
    Us,
    agreed,
    fields_of,
)
from socialdesk.connectors.meta.walking import when
from socialdesk.connectors.rest import Refusal
from socialdesk.connectors.shapes import identity, mapping, mappings, moment, text

BEFORE = timedelta(minutes=2)
"""By so much Meta's clock may be behind ours."""
_TO_A_COMMENT_WITHIN = timedelta(days=7)
_ROOMS = 50


async def send(graph: Graph, us: Us, outgoing: Outgoing) -> Receipt:
    """Send a private message: to a person, or with ``opens`` the one that answers a comment."""
    message = {"text": outgoing.text}
    since = outgoing.at - (moment(outgoing.reply_to.get("at")) or outgoing.at)
    if outgoing.opens:
        comment = outgoing.reply_to.get("comment", "")
        if not comment:
            raise Rejected("no comment to answer", code="parent_gone")
        if since > _TO_A_COMMENT_WITHIN:
            raise Rejected(f"{since.days} d", code="window_closed")
        post = outgoing.reply_to.get("post", "")
        whom = {"post_id": post} if post else {"comment_id": comment}
        return await _post(graph, us, outgoing, {"recipient": whom, "message": message})
    person = outgoing.reply_to.get("person", "")
    if not person:
        raise Rejected("nobody to write to", code="parent_gone")
    to: dict[str, Any] = {"recipient": {"id": person}, "message": message}
    late = {**to, "messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
    allowed = agreed(graph.host.options) and not outgoing.automatic
    if since > (BY_A_PERSON_WITHIN if allowed else ANSWERED_WITHIN):
        raise Rejected(f"{since.days} d", code="window_closed")
    if since > ANSWERED_WITHIN:
        return await _post(graph, us, outgoing, late)
    try:
        return await _post(graph, us, outgoing, {**to, "messaging_type": "RESPONSE"})
    except Refusal as refusal:
        if refusal.code != "window_closed" or not allowed:
            raise
    return await _post(graph, us, outgoing, late)


async def _post(graph: Graph, us: Us, outgoing: Outgoing, body: dict[str, Any]) -> Receipt:
    answer = await graph.ask("POST", f"{us.room}/messages", body=body, posts=True)
    name, to = identity(answer.get("message_id")), identity(answer.get("recipient_id"))
    to = to or identity(mapping(body["recipient"]).get("id"))
    if not (name and to):
        raise OutcomeUnknown("the answer names no message")
    graph.note(name, outgoing.key)
    return Receipt(f"m|{name}", "", None, f"dm|{to}", {"person": to})


async def find_sent(graph: Graph, us: Us, outgoing: Outgoing) -> Receipt | None:
    """Look for a message of ours with the same words, not older than the first attempt.

    Where the comment or the person is gone, another attempt will be refused as such.
    """
    try:
        return await _found(graph, us, outgoing)
    except Refusal as refusal:
        if refusal.code not in ("parent_gone", "person_unavailable"):
            raise
        return None


async def _found(graph: Graph, us: Us, outgoing: Outgoing) -> Receipt | None:
    async for room in _rooms(graph, us, outgoing):
        to = outgoing.reply_to.get("person", "") or _other(room, us)
        if room and "messages" not in room:
            raise Temporary("a conversation without its messages", code="bad_answer")
        for one in mappings(mapping(room.get("messages")).get("data")):
            if (
                to
                and _is_ours(one, us, outgoing)
                and not graph.is_of_another(identity(one.get("id")), outgoing.key)
            ):
                name, at = identity(one.get("id")), when(one.get("created_time"))
                graph.note(name, outgoing.key)
                return Receipt(f"m|{name}", "", at, f"dm|{to}", {"person": to})
    return None


async def _rooms(graph: Graph, us: Us, outgoing: Outgoing) -> AsyncIterator[dict[str, Any]]:
    """Return the conversations in which it can be: Facebook's comments say which; for others all that changed since are."""
    fields = f"participants,updated_time,messages.limit(20){{{fields_of(us)}}}"
    params = {"platform": us.platform, "fields": fields}
    if not outgoing.opens:
        one = {"user_id": outgoing.reply_to.get("person", "")}
        rooms, _ = await graph.page(f"{us.room}/conversations", params, one)
        for room in rooms:
            yield room
    elif us.platform == "messenger" and "post" not in outgoing.reply_to:
        comment = outgoing.reply_to.get("comment", "")
        answer = await graph.get(comment, {"fields": f"private_reply_conversation{{{fields}}}"})
        yield mapping(answer.get("private_reply_conversation"))
    else:
        named = outgoing.reply_to.get("name", "")
        edge, left = outgoing.at - BEFORE, _ROOMS
        async for page in graph.every(f"{us.room}/conversations", {**params, "limit": "10"}):
            recent = [room for room in page if (when(room.get("updated_time")) or edge) >= edge]
            for room in recent:
                if not named or _name(room, us) in ("", named):
                    yield room
            left -= len(page)
            if left <= 0 or len(recent) < len(page):
                return


def _is_ours(message: dict[str, Any], us: Us, outgoing: Outgoing) -> bool:
    at = when(message.get("created_time"))
    late = at is not None and at >= outgoing.at - BEFORE
    return us.is_us(message.get("from")) and late and same(message.get("message"), outgoing.text)


def same(found: object, said: str) -> bool:
    """Say whether these are the words that were said, whatever became of their spaces."""
    return text(found).split() == said.split()


def _customer(room: dict[str, Any], us: Us) -> dict[str, Any]:
    people = mappings(mapping(room.get("participants")).get("data"))
    return next((one for one in people if identity(one.get("id")) and not us.is_us(one)), {})


def _other(room: dict[str, Any], us: Us) -> str:
    return identity(_customer(room, us).get("id"))


def _name(room: dict[str, Any], us: Us) -> str:
    return text(_customer(room, us).get("username"))
