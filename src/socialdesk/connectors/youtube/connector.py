"""The connector: what YouTube lets a channel do about its comments."""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

from socialdesk.connectors import googleauth
from socialdesk.connectors.contract import (
    Act,
    Capabilities,
    Connector,
    Count,
    Dialog,
    Host,
    Identity,
    Item,
    Limit,
    OutcomeUnknown,
    Outgoing,
    Page,
    Proof,
    RateLimited,
    Raw,
    Receipt,
    Rejected,
    Setting,
    Tariff,
    Temporary,
    measure,
)
from socialdesk.connectors.shapes import identity, mapping, moment
from socialdesk.connectors.youtube import inbox, parsing
from socialdesk.connectors.youtube.client import QUOTA, SCOPE, SERVER, Client, examine, tariff
from socialdesk.connectors.youtube.inbox import Inbox

_log = logging.getLogger("socialdesk.connectors.youtube")
_LIMIT = Limit(10_000, Count.CODE_POINTS)
_VERSION = 1
_BEFORE = timedelta(minutes=2)
_ASIDE = timedelta(minutes=10)
_DEEP = timedelta(hours=1)


class YouTubeConnector(Connector):
    """The comments below a channel's films."""

    name: ClassVar[str] = "youtube"
    label: ClassVar[str] = "YouTube"
    capabilities: ClassVar[Capabilities] = Capabilities(
        public_limit=_LIMIT,
        private_limit=_LIMIT,
        proof=Proof.READ_BACK,
        settle=timedelta(seconds=60),
        poll=timedelta(seconds=60),
        acts=frozenset({Act.HIDE, Act.BLOCK}),
        undoable=frozenset({Act.HIDE}),
        revisit=timedelta(minutes=30),
    )
    settings: ClassVar[tuple[Setting, ...]] = (googleauth.CLIENT, googleauth.TOKEN, QUOTA)
    signs_in: ClassVar[bool] = True

    @classmethod
    def tariff(cls, options: Mapping[str, str]) -> Tariff:
        """Return what the account may use of the day's quota."""
        return tariff(options)

    @classmethod
    def hosts(cls, options: Mapping[str, str]) -> Collection[str]:
        """Return Google's hosts."""
        return ("www.googleapis.com", "oauth2.googleapis.com")

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._client = Client(host)
        self._inbox = Inbox(self._client)
        self._given = ""
        self._again: dict[str, datetime] = {}
        self._missing: set[str] = set()

    async def sign_in(self, dialog: Dialog) -> Mapping[str, str]:
        """Let the person allow it with any browser."""
        return await googleauth.sign_in(self.host, dialog, SCOPE)

    async def check(self) -> Identity:
        """Say which channel this is; a quota that is no number is refused."""
        examine(self.host.options)
        channel, handle, title = await self._client.me()
        return Identity(channel, handle or title or channel, title)

    async def fetch(self, cursor: str) -> Page:
        """Return new comments. The cursor holds a place in three lists and how many answers each thread has, as JSON."""
        now, kept = self.host.clock.now(), _unpacked(cursor)
        if cursor != self._given:  # what was given last was not stored
            self._again.clear()
        counts, held = inbox.counts_from(kept.get("counts")), inbox.held_from(kept.get("held"))
        places = {which: inbox.place_from(kept.get(which), now) for which in inbox.LISTS}
        deep = kept.get("deep") is True
        if not deep and not places["published"].page and self._due("deep", now, _DEEP):
            deep = True
        found: list[Raw] = []
        for which, place in places.items():
            if which == "published" or place.page or self._due(which, now, _ASIDE):
                deeply = deep and which == "published"
                try:
                    raws, places[which] = await self._inbox.page(which, place, counts, deep=deeply, now=now)
                except (Rejected, RateLimited, Temporary) as trouble:
                    if which == "published":
                        raise
                    _log.warning("%s: %s: %s (%s)", self.host.account, which, trouble, trouble.code)
                    places[which] = place._replace(page="")
                else:
                    found += [inbox.with_standing(raw, held) for raw in raws]
        more = any(place.page for place in places.values())
        kept = {which: place.dump() for which, place in places.items()}
        counts = inbox.pruned(counts, now)
        still = deep and bool(places["published"].page)
        self._given = json.dumps({"v": _VERSION, **kept, "counts": counts, "deep": still, "held": [*held]})
        return Page(found, self._given, more)

    def parse(self, raw: Raw) -> Sequence[Item]:
        """Turn one raw item into messages; pure."""
        return parsing.parse(raw)

    async def revisit(self, known: Sequence[Raw]) -> Sequence[Raw]:
        """Look again at comments."""
        return await inbox.again(self._client, list(known), self._missing)

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Answer a comment, in its thread."""
        if measure(outgoing.text, _LIMIT.count) > _LIMIT.size:
            raise Rejected(f"> {_LIMIT.size}", code="too_long")
        body = {"snippet": {"parentId": _thread(outgoing), "textOriginal": outgoing.text}}
        url = f"{SERVER}/comments"
        made = await self._client.ask("POST", url, params={"part": "snippet"}, body=body, posts=True)
        if not identity(made.get("id")):
            raise OutcomeUnknown("the answer names no comment")
        self._client.said.note(identity(made.get("id")), outgoing.key)
        return _receipt(made, outgoing)

    async def find_sent(self, outgoing: Outgoing) -> Receipt | None:
        """Look for an answer of ours with the same words in the thread, not older than the first attempt."""
        me, _, _ = await self._client.me()
        for one in await self._inbox.replies(_thread(outgoing)):
            about = mapping(one.get("snippet"))
            at = moment(about.get("publishedAt"))
            ours = parsing.author_of(one).id == me and at is not None and at >= outgoing.at - _BEFORE
            name = identity(one.get("id"))
            if self._client.said.is_of_another(name, outgoing.key):
                continue
            if ours and parsing.words(about).split() == outgoing.text.split():
                self._client.said.note(name, outgoing.key)
                return _receipt(one, outgoing)
        return None

    async def act(self, act: Act, on: Mapping[str, str], *, undo: bool = False) -> None:
        """Hold a comment back from the public, or reject it together with all that its author writes here."""
        if act not in self.capabilities.acts or not on.get("comment"):
            raise Rejected("not there", code="act_not_here")
        state = "published" if undo else "heldForReview" if act is Act.HIDE else "rejected"
        ban = {"banAuthor": "true"} if act is Act.BLOCK else {}
        params = {"id": on["comment"], "moderationStatus": state, **ban}
        await self._client.ask("POST", f"{SERVER}/comments/setModerationStatus", params=params)

    def _due(self, what: str, now: datetime, pause: timedelta) -> bool:
        again = self._again.get(what)
        if again is not None and now < again:
            return False
        self._again[what] = now + pause
        return True


def _thread(outgoing: Outgoing) -> str:
    name = outgoing.reply_to.get("thread", "")
    if not name:
        raise Rejected("the comment has no thread", code="parent_gone")
    return name


def _receipt(made: Mapping[str, Any], outgoing: Outgoing) -> Receipt:
    name = identity(made.get("id"))
    at = moment(mapping(made.get("snippet")).get("publishedAt"))
    return Receipt(name, "", at, outgoing.conversation, {"comment": name, "thread": _thread(outgoing)})


def _unpacked(cursor: str) -> dict[str, Any]:
    """Return the places in a cursor; an unknown version or a damaged one begins anew, which repeats but loses nothing."""
    try:
        kept = mapping(json.loads(cursor or "{}"))
    except ValueError:
        return {}
    return kept if kept.get("v") == _VERSION else {}
