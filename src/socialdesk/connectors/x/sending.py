"""Answers. X has no key for them: one whose outcome is unknown is looked for among the brand's own."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta
from typing import Any

from socialdesk.connectors.contract import (
    Count,
    Limit,
    OutcomeUnknown,
    Outgoing,
    Receipt,
    Rejected,
    Temporary,
    measure,
)
from socialdesk.connectors.rest import Refusal
from socialdesk.connectors.shapes import identity, mapping, mappings, moment, text
from socialdesk.connectors.x import prices
from socialdesk.connectors.x.client import Client
from socialdesk.connectors.x.shape import first_id, given_at, referenced, words

PUBLIC = Limit(280, Count.WEIGHTED)
PRIVATE = Limit(10_000, Count.CODE_POINTS)
_BEFORE = timedelta(minutes=2)
_PAGES = 33
"""X's list of an account's posts goes back 3,200."""
_TOO_MANY = "more answers since then than were looked through"


async def send(client: Client, outgoing: Outgoing) -> Receipt:
    """Send one answer where the question came, or privately to whoever wrote in public."""
    limit = PRIVATE if outgoing.private else PUBLIC
    if measure(outgoing.text, limit.count) > limit.size:
        raise Rejected(f"> {limit.size}", code="too_long")
    return await (_private(client, outgoing) if outgoing.private else _public(client, outgoing))


async def _public(client: Client, outgoing: Outgoing) -> Receipt:
    post = outgoing.reply_to.get("post", "")
    if not post:
        raise Rejected("the message answered has no number", code="parent_gone")
    body = {"text": outgoing.text, "reply": {"in_reply_to_tweet_id": post}}
    try:
        answer = await client.write("POST", "/2/tweets", body, posts=True)
    except Refusal as refusal:
        raise _refused(refusal, "reply_refused") from refusal
    name = identity(mapping(answer.get("data")).get("id"))
    if not name:
        raise OutcomeUnknown("the answer names no post")
    return _said(client, name, outgoing)


async def _private(client: Client, outgoing: Outgoing) -> Receipt:
    try:
        answer = await client.write(
            "POST", f"{_room(outgoing)}/messages", {"text": outgoing.text}, posts=True
        )
    except Refusal as refusal:
        raise _refused(refusal, "messages_disabled") from refusal
    made = mapping(answer.get("data"))
    name, place = identity(made.get("dm_event_id")), text(made.get("dm_conversation_id"))
    if not (name and place):
        raise OutcomeUnknown("the answer names no message")
    return _told(client, name, place, outgoing)


def _room(outgoing: Outgoing) -> str:
    place, person = outgoing.reply_to.get("dm", ""), outgoing.reply_to.get("user", "")
    if place and not outgoing.opens:
        return f"/2/dm_conversations/{place}"
    if not person:
        raise Rejected("nobody to write to", code="parent_gone")
    return f"/2/dm_conversations/with/{person}"


def _refused(refusal: Refusal, code: str) -> Rejected:
    """Return what a refusal to publish means; X tells these apart by its words only."""
    if refusal.status != 403:
        return refusal
    if "too long" in refusal.detail.lower():
        return Rejected(refusal.detail, code="too_long")
    if "duplicate content" in refusal.detail.lower():
        return Rejected(refusal.detail, code="said_already")
    return Rejected(refusal.detail, code=code)


async def find_sent(client: Client, outgoing: Outgoing) -> Receipt | None:
    """Look for an answer of ours with the same words in the same place, not older than the first attempt."""
    return await (_find_private(client, outgoing) if outgoing.private else _find_public(client, outgoing))


async def _find_public(client: Client, outgoing: Outgoing) -> Receipt | None:
    me, post, page = await client.me(answering=True), outgoing.reply_to.get("post", ""), ""
    params = {
        "since_id": first_id(outgoing.at - _BEFORE),
        "max_results": await client.page(25),
        "tweet.fields": "referenced_tweets,created_at,entities,note_tweet",
    }
    for _ in range(_PAGES):
        more = {"pagination_token": page} if page else {}
        answer = await client.get(f"/2/users/{me.id}/tweets", {**params, **more}, answering=True)
        for one in mappings(answer.get("data")):
            name = identity(one.get("id"))
            ours = referenced(one, "replied_to") == post and not client.said.is_of_another(name, outgoing.key)
            if ours and _same(words(one), outgoing.text):
                return _said(client, name, outgoing)
        page = identity(mapping(answer.get("meta")).get("next_token"))
        if not page:
            return None
    raise Temporary(_TOO_MANY)


async def _find_private(client: Client, outgoing: Outgoing) -> Receipt | None:
    page, edge = "", outgoing.at - _BEFORE
    fields = "id,text,event_type,created_at,sender_id,dm_conversation_id,entities"
    params = {"dm_event.fields": fields, "max_results": await client.page(25)}
    for _ in range(_PAGES):
        more = {"pagination_token": page} if page else {}
        answer = await client.get(f"{_room(outgoing)}/dm_events", {**params, **more}, answering=True)
        events = [(_written(one) or edge, one) for one in mappings(answer.get("data"))]
        for at, one in events:
            name = identity(one.get("id"))
            if at >= edge and await _is_it(client, one, outgoing):
                return _told(client, name, text(one.get("dm_conversation_id")), outgoing)
        page = identity(mapping(answer.get("meta")).get("next_token"))
        if not page or min((at for at, _ in events), default=edge) < edge:
            return None
    raise Temporary(_TOO_MANY)


async def _is_it(client: Client, event: dict[str, Any], outgoing: Outgoing) -> bool:
    ours = identity(event.get("sender_id")) == (await client.me(answering=True)).id
    other = client.said.is_of_another(identity(event.get("id")), outgoing.key)
    return ours and not other and _same(words(event), outgoing.text)


def _written(event: dict[str, Any]) -> datetime | None:
    return moment(event.get("created_at")) or given_at(identity(event.get("id")))


def _same(theirs: str, ours: str) -> bool:
    return _bare(theirs) == _bare(ours)


def _bare(words: str) -> list[str]:
    """Return the words but the names at the beginning, which X adds, and addresses, which it rewrites."""
    rest = re.sub(r"\A(?:@\w+\s+)+", "", unicodedata.normalize("NFC", words).strip())
    return [one for one in rest.split() if not prices.ADDRESS.search(one)]


def _said(client: Client, name: str, outgoing: Outgoing) -> Receipt:
    client.said.note(name, outgoing.key)
    remote: dict[str, Any] = {**outgoing.reply_to, "post": name}
    return Receipt(name, f"https://x.com/i/web/status/{name}", given_at(name), outgoing.conversation, remote)


def _told(client: Client, name: str, place: str, outgoing: Outgoing) -> Receipt:
    client.said.note(name, outgoing.key)
    remote = {"dm": place, "user": outgoing.reply_to.get("user", "")}
    return Receipt(f"dm|{name}", "", given_at(name), f"dm|{place}", remote)
