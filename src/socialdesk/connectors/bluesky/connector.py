"""The connector: what Bluesky can do, and how the parts of this package do it."""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Awaitable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import ClassVar, TypeVar

from socialdesk.connectors.bluesky import acts, chat, parsing, profile, reading, sending, servers
from socialdesk.connectors.bluesky.acts import Moderator
from socialdesk.connectors.bluesky.chat import Chat
from socialdesk.connectors.bluesky.client import Client, Elsewhere
from socialdesk.connectors.bluesky.downloading import Downloader
from socialdesk.connectors.bluesky.inbox import Inbox
from socialdesk.connectors.bluesky.revisiting import Revisitor
from socialdesk.connectors.bluesky.sending import Sender
from socialdesk.connectors.bluesky.session import DEFAULT_SERVICE, Session
from socialdesk.connectors.bluesky.shape import mapping, text
from socialdesk.connectors.bluesky.tid import TidClock
from socialdesk.connectors.contract import (
    N_,
    Act,
    Capabilities,
    Connector,
    Host,
    Identity,
    Item,
    Outgoing,
    Page,
    Proof,
    Raw,
    Receipt,
    Rejected,
    Setting,
    Temporary,
    may_reach,
)

_log = logging.getLogger("socialdesk.connectors.bluesky")
_VERSION = 1
_OWN_PAUSE = timedelta(seconds=30)
_CHAT_PAUSE = timedelta(minutes=5)
_CHAT_DENIED_PAUSE = timedelta(hours=6)
_CHAT_PATIENCE = timedelta(hours=3)
"""How long direct messages may fail, while the rest works, before the person is told."""
T = TypeVar("T")
Found = tuple[list[Raw], T, bool]
"""Raw items, the place where reading stands now, and whether there is more."""


class BlueskyConnector(Connector):
    """One account on Bluesky, signed in with an app password."""

    name: ClassVar[str] = "bluesky"
    label: ClassVar[str] = "Bluesky"
    capabilities: ClassVar[Capabilities] = Capabilities(
        public_limit=sending.PUBLIC_LIMIT,
        private_limit=sending.PRIVATE_LIMIT,
        proof=Proof.KEY,
        settle=timedelta(seconds=30),
        key_life=timedelta(days=365),
        poll=timedelta(
            seconds=8
        ),  # seen within ten seconds; some 90 of the 3,000 calls allowed in five minutes
        private_reply=True,
        notice=profile.DESCRIPTION_LIMIT,
        acts=acts.ACTS,
        undoable=acts.UNDOABLE,
        revisit=timedelta(minutes=5),
        downloads=True,
    )
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting("handle", N_("Handle"), N_("The name of the account, as in shop.bsky.social.")),
        Setting(
            "password",
            N_("App password"),
            N_(
                "Made in Bluesky under Settings, Privacy and security, App passwords. "
                "Allow access to direct messages there if they are to be answered here."
            ),
            secret=True,
        ),
        Setting(
            "service",
            N_("Server"),
            N_("Only for accounts that live on a server of their own."),
            required=False,
            default=DEFAULT_SERVICE,
        ),
    )

    @classmethod
    def hosts(cls, options: Mapping[str, str]) -> Collection[str]:
        """Return the server that signs in, those where it may keep an account, and where files are had."""
        return servers.hosts(options)

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._client = Client(host)
        self._inbox = Inbox(self._client)
        self._chat = Chat(self._client)
        self._sender = Sender(self._client)
        self._moderator = Moderator(self._client)
        self._revisitor = Revisitor(self._client)
        self._downloader = Downloader(host, self._client)
        self._keys = TidClock(secrets.randbits(10))
        self._given = ""
        self._own_again: datetime | None = None
        self._chat_again: datetime | None = None

    async def check(self) -> Identity:
        """Sign in if needed and say who we are; raises ``AuthRequired`` with the server's reason."""
        try:
            session = await self._client.session()
        except Elsewhere as found:
            return Identity(found.session.did, found.session.handle, learned=self._learned(found.session))
        known = await self._client.query("com.atproto.server.getSession", {})
        handle = text(known.get("handle")) or session.handle
        lacking = () if await self._aside(self._chat.allowed(), True) else ("dm_not_allowed",)
        shown = await self._aside(self._client.query("app.bsky.actor.getProfile", {"actor": session.did}), {})
        name = text(shown.get("displayName"))
        return Identity(session.did, handle, name, lacking, self._learned(session))

    async def fetch(self, cursor: str) -> Page:
        """Return what is new. The cursor holds a place in each of three lists, as JSON.

        Only trouble with the notifications fails a fetch; the brand's own posts, thread context and direct messages
        are tried again from where they stand.
        """
        try:
            session = await self._client.session()
        except Elsewhere as found:
            return Page((), cursor, learned=self._learned(found.session))
        now = self.host.clock.now()
        kept = _unpacked(cursor)
        if cursor != self._given:  # what was given last was not stored
            self._inbox.forget()
        notes, notes_place, more = await self._inbox.notifications(reading.place_from(kept.get("notes")), now)
        around = await self._inbox.context(notes)
        own, own_place, more_own = await self._own(reading.place_from(kept.get("own")), now)
        chat_place = chat.place_from(kept.get("chat"))
        (direct, chat_place, more_chat), lacking = await self._direct(chat_place, now)
        places = {"notes": notes_place.dump(), "own": own_place.dump(), "chat": chat_place.dump()}
        self._given = json.dumps({"v": _VERSION, **places})
        return Page(
            [*around, *own, *notes, *direct],
            self._given,
            more or more_own or more_chat,
            lacking,
            self._learned(session),
        )

    def parse(self, raw: Raw) -> Sequence[Item]:
        """Turn one raw item into messages; pure."""
        return parsing.parse(raw)

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Send a public reply, or a direct message."""
        return await self._sender.send(outgoing)

    def proof_for(self, outgoing: Outgoing) -> Proof:
        """Posts carry a key of ours; direct messages are read back."""
        return Proof.READ_BACK if sending.is_direct(outgoing) else Proof.KEY

    async def find_sent(self, outgoing: Outgoing) -> Receipt | None:
        """Look for a direct message that may have been sent."""
        return await self._sender.find_sent(outgoing)

    async def revisit(self, known: Sequence[Raw]) -> Sequence[Raw]:
        """Look again at posts."""
        return await self._revisitor.changed(known)

    async def act(self, act: Act, on: Mapping[str, str], *, undo: bool = False) -> None:
        """Like, hide, mute, block or report; spam is a report with that reason."""
        await self._moderator.act(act, on, self.host.clock.now(), undo)

    async def download(self, remote: Mapping[str, str], most: int) -> bytes:
        """Return a picture or a film."""
        return await self._downloader.download(remote, most)

    async def publish_notice(self, words: str | None) -> None:
        """Put the notice into the profile's description, or take it away."""
        await profile.publish(self._client, words)

    def new_key(self, at: datetime) -> str:
        """Return a record key for that moment, greater than all before it."""
        return self._keys.next(at)

    def _learned(self, session: Session) -> dict[str, str]:
        """Return where the account is kept, where its settings do not tell: the host lets us reach that server from then on."""
        options = self.host.options
        told = may_reach(servers.host_of(session.pds), servers.declared(options))
        own = "" if told else session.pds
        return {servers.LEARNED: own} if own != options.get(servers.LEARNED, "") else {}

    async def _own(self, place: reading.Place, now: datetime) -> Found[reading.Place]:
        if self._own_again is not None and now < self._own_again:
            return [], place, False
        found = await self._aside(self._inbox.own_posts(place, now), ([], place, False))
        self._own_again = None if found[2] else now + _OWN_PAUSE
        return found

    async def _direct(
        self, place: chat.ChatPlace, now: datetime
    ) -> tuple[Found[chat.ChatPlace], tuple[str, ...] | None]:
        """Return what is new, and what the account lacks; None where this visit does not tell."""
        if self._chat_again is not None and now < self._chat_again:
            return ([], place, False), None
        self._chat_again = None
        try:
            items, reached, more = await self._chat.read(place, now)
        except (Rejected, Temporary) as trouble:
            if trouble.code == "dm_not_allowed":
                self._chat_again = now + _CHAT_DENIED_PAUSE
                return ([], replace(place, failing=None), False), (trouble.code,)
        else:
            return (items, replace(reached, failing=None), more), ()
        self._chat_again = now + _CHAT_PAUSE
        since = place.failing or now
        long = now - since >= _CHAT_PATIENCE
        return ([], replace(place, failing=since), False), ("dm_failing",) if long else None

    async def _aside(self, call: Awaitable[T], otherwise: T) -> T:
        """Return what a call gives whose failing must not stop the rest."""
        try:
            return await call
        except (Rejected, Temporary) as error:
            _log.warning("%s: %s (%s)", self.host.account, error.code, error.detail)
            return otherwise


def _unpacked(cursor: str) -> dict[str, object]:
    """Return the places in a cursor; an unknown version or a damaged one begins anew, which repeats but loses nothing."""
    try:
        kept = mapping(json.loads(cursor or "{}"))
    except ValueError:
        return {}
    return kept if kept.get("v") == _VERSION else {}
