"""The connector: what Matrix can do, and how the parts of this package do it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import timedelta
from typing import ClassVar

from socialdesk.connectors.contract import (
    N_,
    Capabilities,
    Connector,
    Dialog,
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
)
from socialdesk.connectors.matrix import parsing, sending
from socialdesk.connectors.matrix.client import Client, path
from socialdesk.connectors.matrix.describe import MXC
from socialdesk.connectors.matrix.discovery import hosts_of
from socialdesk.connectors.matrix.inbox import Inbox
from socialdesk.connectors.matrix.listening import Listener
from socialdesk.connectors.matrix.sending import Sender
from socialdesk.connectors.matrix.shape import text
from socialdesk.connectors.matrix.wire import Refusal


class MatrixConnector(Connector):
    """One account on a homeserver."""

    name: ClassVar[str] = "matrix"
    label: ClassVar[str] = "Matrix"
    capabilities: ClassVar[Capabilities] = Capabilities(
        public_limit=sending.LIMIT,
        private_limit=sending.LIMIT,
        proof=Proof.KEY,
        settle=timedelta(seconds=30),
        key_life=timedelta(days=1),
        poll=timedelta(seconds=30),
        push=True,
        listening_poll=timedelta(minutes=5),
        downloads=True,
    )
    signs_in: ClassVar[bool] = True
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting("user", N_("Matrix address"), N_("The account's name, as in @shop:example.org.")),
        Setting(
            "password",
            N_("Password"),
            N_(
                "The account's password. Leave it empty to give an access token, or to sign in by the browser."
            ),
            secret=True,
            required=False,
        ),
        Setting(
            "token",
            N_("Access token"),
            N_(
                "In place of a password. Element shows it under All settings, Help & About, Advanced; "
                "it ends when you sign out there."
            ),
            secret=True,
            required=False,
            instead_of="password",
        ),
        Setting(
            "server",
            N_("Server"),
            N_("Only where it is not found by the name after the colon, as in https://matrix.example.org."),
            required=False,
        ),
    )

    @classmethod
    def hosts(cls, options: Mapping[str, str]) -> Collection[str]:
        """Return the homeserver and the server of the address; any, until the homeserver has been found."""
        return hosts_of(options)

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._client = Client(host)
        self._inbox = Inbox(self._client)
        self._listener = Listener(self._client, self._inbox)
        self._sender = Sender(self._client, self._inbox)

    async def sign_in(self, dialog: Dialog) -> Mapping[str, str]:
        """Ask for the password, or lead through the server's sign-in in the browser."""
        from socialdesk.connectors.matrix.signing import sign_in

        return await sign_in(self.host, self._client.wire, dialog)

    async def check(self) -> Identity:
        """Sign in if needed and say who we are."""
        who = await self._client.call("GET", "account/whoami")
        session = await self._client.session()
        user = text(who.get("user_id")) or session.user
        try:
            shown = await self._client.call("GET", path("profile", user))
        except (Refusal, Temporary):
            shown = {}
        return Identity(user, user, text(shown.get("displayname")), learned={"homeserver": session.base})

    async def fetch(self, cursor: str) -> Page:
        """Return what is new in all rooms."""
        return await self._inbox.fetch(cursor)

    async def listen(self, news: Callable[[], None]) -> None:
        """Wait for news."""
        await self._listener.listen(news)

    def parse(self, raw: Raw) -> Sequence[Item]:
        """Turn one raw item into messages; pure."""
        return parsing.parse(raw)

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Send one answer."""
        return await self._sender.send(outgoing)

    async def download(self, remote: Mapping[str, str], most: int) -> bytes:
        """Return a file of a message; servers before API v1.11 have it at another place."""
        found = MXC.fullmatch(remote.get("mxc", ""))
        if found is None:
            raise Rejected("no address of a file", code="rejected")
        where = path("media", "download", found[1], found[2])
        try:
            return await self._client.content(f"client/v1/{where}", most)
        except Refusal as refusal:
            if refusal.errcode != "M_UNRECOGNIZED":
                raise
        where = path("media", "v3", "download", found[1], found[2])
        return await self._client.content(where, most)
