"""The connector: what Mastodon can do, and how the parts of this package do it."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import ClassVar, TypeVar

from socialdesk.connectors.contract import (
    N_,
    Act,
    Capabilities,
    Connector,
    Count,
    Dialog,
    Host,
    Identity,
    Item,
    Limit,
    Outgoing,
    Page,
    Proof,
    RateLimited,
    Raw,
    Receipt,
    Rejected,
    Setting,
    Temporary,
)
from socialdesk.connectors.mastodon import (
    acts,
    downloading,
    instance,
    parsing,
    profile,
    reading,
    signing,
    streaming,
)
from socialdesk.connectors.mastodon.below import PAUSE, Below, counts_from
from socialdesk.connectors.mastodon.client import Client
from socialdesk.connectors.mastodon.inbox import Inbox
from socialdesk.connectors.mastodon.revisiting import Revisitor
from socialdesk.connectors.mastodon.scopes import lacking
from socialdesk.connectors.mastodon.sending import Sender
from socialdesk.connectors.mastodon.shape import mapping, text

_log = logging.getLogger("socialdesk.connectors.mastodon")
_VERSION = 1
_OWN_PAUSE = timedelta(minutes=2)
_LEARN_PAUSE = timedelta(days=1)
_LIMIT = Limit(instance.LENGTH - instance.RESERVE, Count.MASTODON)
T = TypeVar("T")


class MastodonConnector(Connector):
    """One account on a server that speaks Mastodon's API."""

    name: ClassVar[str] = "mastodon"
    label: ClassVar[str] = "Mastodon"
    capabilities: ClassVar[Capabilities] = Capabilities(
        public_limit=_LIMIT,
        private_limit=_LIMIT,
        proof=Proof.READ_BACK,
        settle=timedelta(seconds=30),
        poll=timedelta(
            seconds=20
        ),  # 45 of the 300 calls with a place in a list that are allowed in 15 minutes
        private_reply=True,
        notice=Limit(instance.NOTE, Count.MASTODON),
        acts=acts.ACTS,
        undoable=acts.UNDOABLE,
        push=True,
        listening_poll=timedelta(minutes=5),
        revisit=timedelta(minutes=5),
        downloads=True,
    )
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting(
            "server",
            N_("Server"),
            N_("Where the account lives: what stands in the browser's address, as in mastodon.social."),
        ),
        Setting(
            "token",
            N_("Access token"),
            N_(
                "Leave it empty to sign in by a code from the browser. Otherwise the one that the server shows under "
                "Preferences, Development, New application."
            ),
            secret=True,
            required=False,
        ),
    )
    signs_in: ClassVar[bool] = True

    @classmethod
    def limits(cls, options: Mapping[str, str]) -> Capabilities:
        """Return what this account's server allows, as far as it has been asked."""
        return instance.limits(cls.capabilities, options)

    @classmethod
    def hosts(cls, options: Mapping[str, str]) -> Collection[str]:
        """Return the server, and where it streams and keeps its files."""
        return instance.hosts(options)

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._client = Client(host)
        self._inbox = Inbox(self._client)
        self._below = Below(self._inbox)
        self._sender = Sender(self._client)
        self._revisitor = Revisitor(self._client)
        self._given = ""
        self._again: dict[str, datetime] = {}

    async def sign_in(self, dialog: Dialog) -> Mapping[str, str]:
        """Let the person fetch a code with any browser."""
        return await signing.sign_in(self.host, dialog)

    async def check(self) -> Identity:
        """Say who we are, what this token may not do, and what the server allows."""
        me = await self._client.check()
        learned = await self._client.document()
        self._again["learned"] = self.host.clock.now() + _LEARN_PAUSE
        return Identity(me.id, me.handle, me.shown, await self._lacking(), learned)

    async def _lacking(self) -> tuple[str, ...]:
        """Return what the token may not do of what every desk needs."""
        if granted := await self._client.scopes():
            return tuple(code for code in lacking(granted) if code != "profile_not_allowed")
        try:
            await self._client.get("/api/v1/notifications", {"limit": "1"})
        except Rejected:
            return ("reading_not_allowed",)
        return ()

    async def fetch(self, cursor: str) -> Page:
        """Return what is new. The cursor holds a place in two lists and the replies under recent posts, as JSON.

        Only trouble with the notifications fails a fetch; the rest is tried again from where it stands.
        """
        now, kept = self.host.clock.now(), _unpacked(cursor)
        if cursor != self._given:  # what was given last was not stored
            self._inbox.forget()
            self._again.clear()
        notes, place, more = await self._inbox.notifications(reading.place_from(kept.get("notes")), now)
        own_place, counts = reading.place_from(kept.get("own")), counts_from(kept.get("below"))
        own: list[Raw] = []
        below: list[Raw] = []
        more_own = False
        if not more and self._due("own", now):
            own_call = self._inbox.own_posts(own_place, now)
            own, own_place, more_own = await self._aside("own", _OWN_PAUSE, own_call, ([], own_place, False))
        if more_own:
            self._again.pop("own", None)
        elif not more and self._due("below", now):
            below, counts = await self._aside("below", PAUSE, self._below.read(counts, now), ([], counts))
        places = {"notes": place.dump(), "own": own_place.dump(), "below": counts}
        self._given = json.dumps({"v": _VERSION, **places})
        learned = await self._learned(now)
        return Page([*own, *notes, *below], self._given, more or more_own, None, learned)

    async def listen(self, news: Callable[[], None]) -> None:
        """Stay on the server's stream of notifications."""
        await streaming.listen(self.host, self._client, news)

    def parse(self, raw: Raw) -> Sequence[Item]:
        """Turn one raw item into messages; pure."""
        return parsing.parse(raw)

    async def revisit(self, known: Sequence[Raw]) -> Sequence[Raw]:
        """Look again at posts."""
        return await self._revisitor.changed(known)

    async def download(self, remote: Mapping[str, str], most: int) -> bytes:
        """Return a picture, a film or a sound."""
        return await downloading.download(self.host, self._client, remote, most)

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Send an answer, to those who read the question or to the customer alone."""
        return await self._sender.send(outgoing, self.limits(self.host.options).public_limit)

    async def find_sent(self, outgoing: Outgoing) -> Receipt | None:
        """Look for an answer that may have been sent."""
        return await self._sender.find_sent(outgoing)

    async def act(self, act: Act, on: Mapping[str, str], *, undo: bool = False) -> None:
        """Favourite, mute, block or report; spam is a report with that reason."""
        await acts.act(self._client, act, on, undo)

    async def publish_notice(self, words: str | None) -> None:
        """Put the notice into the account's description, or take it away."""
        await profile.publish(self._client, words, self.limits(self.host.options).notice)

    def _due(self, what: str, now: datetime) -> bool:
        again = self._again.get(what)
        return again is None or now >= again

    async def _aside(self, what: str, pause: timedelta, call: Awaitable[T], otherwise: T) -> T:
        """Return what a call gives whose failing must not stop the rest; it is not made again before its pause."""
        self._again[what] = self.host.clock.now() + pause
        try:
            return await call
        except RateLimited as limit:
            self._again[what] = max(self._again[what], limit.until or self._again[what])
            error: Exception = limit
        except (Rejected, Temporary) as trouble:
            error = trouble
        _log.warning("%s: %s: %s (%s)", self.host.account, what, text(getattr(error, "code", "")), error)
        return otherwise

    async def _learned(self, now: datetime) -> Mapping[str, str] | None:
        """Return what the server says of itself, once a day."""
        if not self._due("learned", now):
            return None
        self._again["learned"] = now + _LEARN_PAUSE
        return await self._client.document() or None


def _unpacked(cursor: str) -> dict[str, object]:
    """Return the places in a cursor; an unknown version or a damaged one begins anew, which repeats but loses nothing."""
    try:
        kept = mapping(json.loads(cursor or "{}"))
    except ValueError:
        return {}
    return kept if kept.get("v") == _VERSION else {}
