"""Answers. Telegram has no key and no history: what may have left is never repeated by itself."""

from __future__ import annotations

from typing import Any

from socialdesk.connectors.contract import Count, Limit, OutcomeUnknown, Outgoing, Receipt, Rejected, measure
from socialdesk.connectors.telegram.client import Client, Moved
from socialdesk.connectors.telegram.parsing import Place, conversation_of
from socialdesk.connectors.telegram.shape import mapping, moment, number

LIMIT = Limit(4096, Count.CODE_POINTS)


async def send(client: Client, outgoing: Outgoing) -> Receipt:
    """Send one answer where the question came, or to the customer's own chat with the bot."""
    if measure(outgoing.text, LIMIT.count) > LIMIT.size:
        raise Rejected(f"> {LIMIT.size}", code="too_long")
    to = outgoing.reply_to
    if not to.get("chat"):
        raise Rejected("the message answered has no chat", code="parent_gone")
    body = _to_person(outgoing) if outgoing.opens else _to_chat(outgoing)
    if outgoing.private and body["chat_id"] <= 0 and "direct_messages_topic_id" not in body:
        raise Rejected("all in that chat would read it", code="messages_disabled")
    try:
        sent = await client.call("sendMessage", body, posts=True)
    except Moved as moved:  # a definite no: nothing was sent to the old one, whose messages have other numbers in the new
        there = {"chat_id": int(moved.chat), "text": outgoing.text}
        sent = await client.call("sendMessage", there, posts=True)
    return _receipt(mapping(sent), outgoing)


def _to_chat(outgoing: Outgoing) -> dict[str, Any]:
    to = outgoing.reply_to
    body: dict[str, Any] = {"chat_id": int(to["chat"]), "text": outgoing.text}
    if to.get("business"):
        body["business_connection_id"] = to["business"]
    if to.get("topic"):
        body["message_thread_id"] = int(to["topic"])
    if to.get("direct"):
        body["direct_messages_topic_id"] = int(to["direct"])
    if not outgoing.private and to.get("message"):
        body["reply_parameters"] = {"message_id": int(to["message"]), "allow_sending_without_reply": True}
    return body


def _to_person(outgoing: Outgoing) -> dict[str, Any]:
    return {"chat_id": int(outgoing.reply_to.get("user", "0")), "text": outgoing.text}


def _receipt(sent: dict[str, Any], outgoing: Outgoing) -> Receipt:
    chat, message = number(mapping(sent.get("chat")).get("id")), number(sent.get("message_id"))
    if not (chat and message):
        raise OutcomeUnknown("the answer names no message")
    to = {} if outgoing.opens else outgoing.reply_to
    place = Place(chat, to.get("business", ""), to.get("direct", "") or to.get("topic", ""))
    home = conversation_of(place, "") if outgoing.opens else outgoing.conversation
    remote = {"chat": chat, "message": message, "user": outgoing.reply_to.get("user", "")}
    more = {key: to.get(key, "") for key in ("business", "topic", "direct")}
    kept = {key: value for key, value in {**remote, **more}.items() if value}
    return Receipt(place.key(message), "", moment(sent.get("date")), home, kept)
