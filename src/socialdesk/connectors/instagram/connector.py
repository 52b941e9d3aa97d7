"""The connector: what Meta lets a professional account on Instagram do, and how the parts of this package do it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import timedelta
from typing import ClassVar

import httpx

from socialdesk.connectors.contract import (
    N_,
    Act,
    Capabilities,
    Connector,
    Count,
    Host,
    Identity,
    Item,
    Limit,
    Outgoing,
    Page,
    Proof,
    Raw,
    Receipt,
    Rejected,
    Setting,
    measure,
)
from socialdesk.connectors.instagram import parsing, sending, visiting
from socialdesk.connectors.instagram.account import BY_ITSELF, BY_PAGE, Account
from socialdesk.connectors.instagram.revisiting import Revisitor
from socialdesk.connectors.meta import answering, files, hooks, messages
from socialdesk.connectors.meta.graph import VERSION

PUBLIC = Limit(2200, Count.CODE_POINTS)
PRIVATE = Limit(1000, Count.BYTES)


class InstagramConnector(Connector):
    """One professional account."""

    name: ClassVar[str] = "instagram"
    label: ClassVar[str] = "Instagram"
    capabilities: ClassVar[Capabilities] = Capabilities(
        public_limit=PUBLIC,
        private_limit=PRIVATE,
        proof=Proof.READ_BACK,
        settle=timedelta(seconds=60),
        poll=timedelta(seconds=60),
        private_reply=True,
        private_once=True,
        private_window=timedelta(days=7),
        acts=frozenset({Act.HIDE}),
        undoable=frozenset({Act.HIDE}),
        revisit=timedelta(minutes=30),
        downloads=True,
    )
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting(
            "account",
            N_("Account"),
            N_("Its name on Instagram; needed only where the token is good for several."),
            required=False,
        ),
        Setting(
            "token",
            N_("Access token"),
            N_(
                "Either that of a system user of the page it belongs to (business.facebook.com, Settings, System users), with "
                "instagram_basic, instagram_manage_comments, instagram_manage_messages, pages_show_list, pages_read_engagement and "
                "pages_manage_metadata; or one of Instagram's own sign-in, from the app's dashboard, beginning with IG. In the account's "
                "own settings messages must be allowed to apps."
            ),
            secret=True,
        ),
        Setting(
            "app_secret",
            N_("App secret"),
            N_("Only where the app demands a proof of it with each call."),
            secret=True,
            required=False,
        ),
        Setting(
            "human_agent",
            N_("Human agent"),
            N_(
                '"yes" where Meta granted the app the Human Agent permission: then a person may answer for 7 days instead of 24 hours.'
            ),
            required=False,
            default="no",
        ),
        hooks.RELAY,
        hooks.RELAY_KEY,
        Setting("version", N_("Version"), N_("Of the Graph API."), required=False, default=VERSION),
        Setting("server", N_("Server"), N_("Only for a server of your own."), required=False),
    )

    @classmethod
    def hosts(cls, options: Mapping[str, str]) -> Collection[str]:
        """Return the API's hosts and those of the files; none where the address cannot be read."""
        own = options.get("server", "").strip()
        try:
            told = [*([own] if own else [BY_PAGE, BY_ITSELF]), options.get("relay", "").strip()]
            servers = [httpx.URL(one).host for one in told if one]
        except httpx.InvalidURL:
            return ()
        return (*filter(None, servers), "*.cdninstagram.com", "*.fbcdn.net", "*.fbsbx.com")

    @classmethod
    def limits(cls, options: Mapping[str, str]) -> Capabilities:
        """Return what the account can do: with a relay it hears at once."""
        return hooks.limits(cls.capabilities, options)

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self.capabilities = self.limits(host.options)  # type: ignore[misc]
        self._account = Account(host)
        self._hooks = hooks.Hooks(host)
        self._visitor = visiting.Visitor(self._account, self._hooks)
        self._revisitor = Revisitor(self._account)

    async def check(self) -> Identity:
        """Say which account this is, and what the token may not do."""
        us = await self._account.us()
        return Identity(us.id, f"@{us.name}", us.name, await self._account.lacking(self.host.clock.now()))

    async def fetch(self, cursor: str) -> Page:
        """Return what is new. The cursor holds what is known of each picture, as JSON, and moments."""
        return await self._visitor.fetch(cursor)

    async def listen(self, news: Callable[[], None]) -> None:
        """Wait at the relay."""
        await self._hooks.listen(news)

    def parse(self, raw: Raw) -> Sequence[Item]:
        """Turn one raw item into messages; pure."""
        return messages.with_windows(parsing.parse(raw), self.host.options)

    async def revisit(self, known: Sequence[Raw]) -> Sequence[Raw]:
        """Look again at comments: Instagram's lists tell nothing of deletions."""
        return await self._revisitor.changed(known)

    async def download(self, remote: Mapping[str, str], most: int) -> bytes:
        """Return a picture or a file, from where it lies now: Meta's addresses end."""
        url = await files.address(self._account, await self._account.us(), remote)
        if not url:
            raise Rejected("no address", code="parent_gone")
        return await self._account.wire.file(url, most)

    def proof_for(self, outgoing: Outgoing) -> Proof:
        """Answers below the pictures of others cannot be looked for."""
        found = outgoing.private or sending.can_be_found(outgoing)
        return self.capabilities.proof if found else Proof.NEITHER

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Send one answer, below a comment or privately."""
        limit, said = (PRIVATE, outgoing.text) if outgoing.private else (PUBLIC, sending.words(outgoing))
        if measure(said, limit.count) > limit.size:
            raise Rejected(f"> {limit.size}", code="too_long")
        if outgoing.private:
            return await answering.send(self._account, await self._account.us(), outgoing)
        return await sending.send(self._account, outgoing)

    async def find_sent(self, outgoing: Outgoing) -> Receipt | None:
        """Look for an answer that may have been sent."""
        if outgoing.private:
            return await answering.find_sent(self._account, await self._account.us(), outgoing)
        return await sending.find_sent(self._account, outgoing)

    async def act(self, act: Act, on: Mapping[str, str], *, undo: bool = False) -> None:
        """Hide a comment from all but its author."""
        comment = on.get("comment", "")
        if act is not Act.HIDE or not comment:
            raise Rejected("not there", code="act_not_here")
        await self._account.ask("POST", comment, form={"hide": "false" if undo else "true"})
