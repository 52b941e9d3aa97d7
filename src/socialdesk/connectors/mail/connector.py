"""The connector: what mail can do, and how the parts of this package do it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
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
    Setting,
)
from socialdesk.connectors.mail import parsing, sending, servers
from socialdesk.connectors.mail.access import Access
from socialdesk.connectors.mail.inbox import Inbox
from socialdesk.connectors.mail.sending import Sender


class MailConnector(Connector):
    """One mailbox."""

    name: ClassVar[str] = "mail"
    label: ClassVar[str] = N_("Mail")
    capabilities: ClassVar[Capabilities] = Capabilities(
        public_limit=sending.LIMIT,
        private_limit=sending.LIMIT,
        proof=Proof.NEITHER,
        settle=timedelta(minutes=2),
        key_life=timedelta(days=365),
        poll=timedelta(seconds=60),
        public_reply=False,
        private_reply=True,
        push=True,
        listening_poll=timedelta(minutes=5),
        downloads=True,
    )
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting("address", N_("Address"), N_("The address that customers write to, as in info@shop.es.")),
        Setting(
            "password",
            N_("Password"),
            N_(
                "An app password where the provider has them; the password of the mailbox elsewhere. Leave it empty to give a refresh token."
            ),
            secret=True,
            required=False,
        ),
        Setting(
            "refresh_token",
            N_("Refresh token"),
            N_("Instead of a password, for Microsoft and Google."),
            secret=True,
            required=False,
            instead_of="password",
        ),
        Setting(
            "client_secret",
            N_("Client secret"),
            N_("Only with a refresh token, for programs that were registered with one."),
            secret=True,
            required=False,
            only_with="refresh_token",
        ),
        Setting(
            "imap",
            N_("Server for receiving"),
            N_(
                "As in imap.shop.es, or the provider: gmail, outlook, office365, icloud, yahoo, fastmail, ionos, ovh."
            ),
            required=False,
        ),
        Setting(
            "smtp",
            N_("Server for sending"),
            N_("As in smtp.shop.es:465; with starttls:// before it where it begins in the clear."),
            required=False,
        ),
        Setting("user", N_("User name"), N_("Only where it is not the address."), required=False),
        Setting(
            "sender", N_("Name of the sender"), N_("What customers read beside the address."), required=False
        ),
        Setting(
            "folders",
            N_("Folders to read"),
            N_("Their names, with commas between."),
            required=False,
            default="INBOX",
        ),
        Setting(
            "sent", N_("Folder of what was sent"), N_("Only where it is not found by itself."), required=False
        ),
        Setting(
            "client",
            N_("Client id"),
            N_("Of a program registered with Microsoft or Google, to sign in without a password."),
            required=False,
        ),
        Setting(
            "tenant",
            N_("Microsoft tenant"),
            N_("Only where an organisation wants its own: its id or its domain."),
            required=False,
        ),
    )
    signs_in: ClassVar[bool] = True

    @classmethod
    def hosts(cls, options: Mapping[str, str]) -> Collection[str]:
        """Return the account's two servers, and where its tokens are had."""
        return servers.hosts(options)

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._access = Access(host)
        self._inbox = Inbox(host, self._access)
        self._sender = Sender(host, self._access)

    async def sign_in(self, dialog: Dialog) -> Mapping[str, str]:
        """Ask for a password, or show Microsoft's page with a code."""
        from socialdesk.connectors.mail import signing

        return await signing.sign_in(self.host, dialog)

    async def check(self) -> Identity:
        """Sign in to both servers."""
        lacking = await self._inbox.check()
        await self._sender.check()
        address = self._sender.me
        return Identity(address.lower(), address, self.host.options.get("sender", ""), lacking)

    async def fetch(self, cursor: str) -> Page:
        """Return what is new in the folders."""
        return await self._inbox.fetch(cursor)

    async def listen(self, news: Callable[[], None]) -> None:
        """Have the server tell when something comes in."""
        from socialdesk.connectors.mail import listening

        await listening.listen(self.host, self._access, news)

    async def download(self, remote: Mapping[str, str], most: int) -> bytes:
        """Fetch an attachment."""
        from socialdesk.connectors.mail import downloading

        return await downloading.download(self.host, self._access, remote, most)

    def parse(self, raw: Raw) -> Sequence[Item]:
        """Turn a letter into a message; pure."""
        return parsing.parse(raw)

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Send an answer."""
        return await self._sender.send(outgoing)

    def proof_for(self, outgoing: Outgoing) -> Proof:
        """Sent can be asked where the provider keeps copies by itself."""
        return Proof.READ_BACK if self._sender.keeps_sent else Proof.NEITHER

    async def find_sent(self, outgoing: Outgoing) -> Receipt | None:
        """Look into Sent."""
        return await self._sender.find_sent(outgoing)

    def new_key(self, at: datetime) -> str:
        """Return what will stand before the @ of the answer's id."""
        return uuid.uuid4().hex

    async def aclose(self) -> None:
        """Hang up."""
        await self._inbox.aclose()
