"""Answers: who reads them, who is named in them, how long they may be, and whether one that may have left is there.

Nobody is told of an answer that does not name them, and a private one reaches nobody else, so each begins with the
customer's name. Every attempt bears the same Idempotency-Key, which not every server heeds and none for ever: after a
doubt our own posts are read before anything is repeated.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from socialdesk.connectors.contract import (
    Limit,
    OutcomeUnknown,
    Outgoing,
    Receipt,
    Rejected,
    Temporary,
    measure,
)
from socialdesk.connectors.mastodon import raws
from socialdesk.connectors.mastodon.client import Client
from socialdesk.connectors.mastodon.html import text_of
from socialdesk.connectors.mastodon.instance import RESERVE
from socialdesk.connectors.mastodon.shape import identity, items, mapping, moment, step, text, web
from socialdesk.connectors.mastodon.wire import Refusal

_CLOCK_DOUBT = timedelta(seconds=2)  # an HTTP date is exact to a second
_PAGES = 5
_PAGE = 40
_NAME = re.compile(r"(?<![=/\w])@(\w+(?:[\w.-]*\w)?)(@[\w.-]*\w(?::\d+)?)?")
_WARNING = 8
"""Characters that are left of a warning, at least, where there is no room for all of it."""


class Sender:
    """Sends one account's answers."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def send(self, outgoing: Outgoing, limit: Limit) -> Receipt:
        """Send an answer to those who read the question, or to the customer alone."""
        body = await self._body(outgoing, limit)
        try:
            answer = await self._client.act("/api/v1/statuses", body, key=outgoing.key)
        except Refusal as refusal:
            raise await self._client.reason(refusal, "answering_not_allowed") from refusal
        if not identity(answer.get("id")):
            raise OutcomeUnknown("the answer has no id")
        return _receipt(answer, outgoing)

    async def _body(self, outgoing: Outgoing, limit: Limit) -> dict[str, Any]:
        to = outgoing.reply_to
        if not to.get("id") or not to.get("acct"):
            raise Rejected("whom to answer is not known any more", code="parent_gone")
        await self._keep_private(outgoing)
        words = named(outgoing.text, to["acct"])
        body: dict[str, Any] = {
            "status": words,
            "in_reply_to_id": to["id"],
            "visibility": visibility(outgoing),
        }
        if warning := _warning(outgoing, words, limit):
            body["spoiler_text"] = warning
            body["sensitive"] = True
        if outgoing.language:
            body["language"] = outgoing.language
        return body

    async def _keep_private(self, outgoing: Outgoing) -> None:
        """Refuse a private answer that names somebody who has not read the question: they would read both."""
        if visibility(outgoing) != "direct":
            return
        me, to = await self._client.me(), outgoing.reply_to
        may = {_whole(one, me.domain) for one in (to["acct"], me.name, *to.get("others", "").split())}
        for match in _NAME.finditer(outgoing.text):
            who = match.group().lstrip("@")
            if _whole(who, me.domain) not in may:
                raise Rejected(f"@{who}", code="names_others")

    async def find_sent(self, outgoing: Outgoing) -> Receipt | None:
        """Look for an answer of ours with the same words below the same post, not older than the first attempt."""
        me = await self._client.me()
        since = outgoing.at + self._client.wire.skew - _CLOCK_DOUBT
        found: dict[str, dict[str, Any]] = {}
        for one in [*await self._below(outgoing), *await self._own(me.id, since)]:
            at = moment(one.get("created_at"))
            ours = identity(mapping(one.get("account")).get("id")) == me.id
            below = identity(one.get("in_reply_to_id")) == outgoing.reply_to.get("id")
            if ours and below and at is not None and at >= since:
                found[identity(one.get("id"))] = one
        for one in found.values():
            if await self._same(one, outgoing):
                return _receipt(one, outgoing)
        return None

    async def _below(self, outgoing: Outgoing) -> list[dict[str, Any]]:
        name = outgoing.reply_to.get("id", "")
        try:
            context = await self._client.object(f"/api/v1/statuses/{step(name)}/context")
        except Refusal:
            return []  # the question is gone; an answer to it may be there all the same
        return [mapping(one) for one in items(context.get("descendants"))]

    async def _own(self, me: str, since: datetime) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        params = {"limit": str(_PAGE), "exclude_reblogs": "true"}
        for _ in range(_PAGES):
            answer = await self._client.listed(f"/api/v1/accounts/{step(me)}/statuses", params)
            page = [mapping(one) for one in answer.body]
            found += page
            last = page[-1] if page else {}
            below = answer.links.get("next") or identity(last.get("id"))
            oldest = moment(last.get("created_at"))
            if not below or below == params.get("max_id") or oldest is None or oldest < since:
                break
            params["max_id"] = below
        return found

    async def _same(self, status: dict[str, Any], outgoing: Outgoing) -> bool:
        """Say whether a post has these words; a server may have made mark-up of them, but keeps them as they came."""
        words = _plain(named(outgoing.text, outgoing.reply_to.get("acct", "")))
        if _plain(text_of(text(status.get("content")))) == words:
            return True
        try:
            name = step(identity(status.get("id")))
            source = await self._client.object(f"/api/v1/statuses/{name}/source")
        except (Refusal, Temporary):
            return False
        return _plain(text(source.get("text"))) == words


def visibility(outgoing: Outgoing) -> str:
    """Return who may read the answer: those who read the question, or the customer alone; never anybody else."""
    asked = outgoing.reply_to.get("visibility", "")
    return "direct" if outgoing.private or asked not in raws.PUBLIC else asked


def named(words: str, acct: str) -> str:
    """Return the words with the customer's name at their beginning, unless it stands somewhere in them already."""
    wanted = acct.lower()
    for match in _NAME.finditer(words):
        if match.group().lstrip("@").lower() == wanted:
            return words
    return f"@{acct} {words}"


def _warning(outgoing: Outgoing, words: str, limit: Limit) -> str:
    """Return the question's warning, which the answer keeps, cut where not all of it fits; checks the length of all.

    The limit is the server's own less ``RESERVE``, which is for the name at the beginning. Raises ``Rejected``.
    """
    own, whole = measure(outgoing.text, limit.count), limit.size + RESERVE
    already = words == outgoing.text  # the name was typed, and counts as the server counts it
    if own > (whole if already else limit.size):
        raise Rejected(f"{own} > {limit.size}", code="too_long")
    used, warning = measure(words, limit.count), outgoing.reply_to.get("warning", "")
    room = whole - used
    if room < (_WARNING if warning else 0):
        raise Rejected(f"{used} > {whole - (_WARNING if warning else 0)}", code="too_long")
    if measure(warning, limit.count) <= room:
        return warning
    while measure(warning, limit.count) >= room:
        warning = warning[:-1]
    return f"{warning}…"


def _receipt(status: dict[str, Any], outgoing: Outgoing) -> Receipt:
    """Return the receipt, with what an answer to this answer needs: the same customer, the same readers."""
    to, name = outgoing.reply_to, identity(status.get("id"))
    # What the server did with it is what counts, where it says so: it may know a narrower circle only.
    said = text(status.get("visibility")) or visibility(outgoing)
    private = said not in raws.PUBLIC
    key = f"dm|{to.get('account', '')}" if private else outgoing.conversation
    kept = {part: to[part] for part in ("account", "acct", "warning", "others", "root") if to.get(part)}
    remote = {**kept, "id": name, "visibility": said}
    at = moment(status.get("created_at"))
    return Receipt(name, web(status.get("url")) or web(status.get("uri")), at, key, remote)


def _whole(acct: str, domain: str) -> str:
    name, _, where = acct.lower().partition("@")
    return f"{name}@{where or domain.lower()}"


def _plain(words: str) -> str:
    """Return words as both sides would have them: names without their servers, and of the rest the letters alone.

    Signs are what servers make mark-up, pictures or nicer signs of; they count where there is nothing else.
    """
    short = _NAME.sub(lambda match: f"@{match.group(1)}", words).casefold()
    name, _, rest = short.partition(" ")
    letters = re.sub(r"[\W_]+", "", rest)
    return f"{name} {letters}" if letters else re.sub(r"\s+", " ", short).strip()
