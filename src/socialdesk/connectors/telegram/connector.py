"""The connector: what Telegram can do, and how the parts of this package do it."""

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
)
from socialdesk.connectors.telegram import parsing, sending
from socialdesk.connectors.telegram.client import DEFAULT_SERVER, Client, server_of
from socialdesk.connectors.telegram.inbox import Inbox
from socialdesk.connectors.telegram.shape import mapping, number, text


class TelegramConnector(Connector):
    """One bot."""

    name: ClassVar[str] = "telegram"
    label: ClassVar[str] = "Telegram"
    capabilities: ClassVar[Capabilities] = Capabilities(
        public_limit=sending.LIMIT,
        private_limit=sending.LIMIT,
        proof=Proof.NEITHER,
        poll=timedelta(seconds=15),
        private_reply=True,
        acts=frozenset({Act.LIKE}),
        undoable=frozenset({Act.LIKE}),
        push=True,
        listening_poll=timedelta(minutes=5),
        downloads=True,
    )
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting(
            "token",
            N_("Bot token"),
            N_(
                "@BotFather gives it when a bot is made, as in 123456:ABC-... For a business's own chats, its owner then "
                "connects the bot in Telegram under Settings, Telegram Business, Chatbots."
            ),
            secret=True,
        ),
        Setting(
            "server",
            N_("Server"),
            N_("Only for a Bot API server of your own."),
            required=False,
            default=DEFAULT_SERVER,
        ),
    )

    @classmethod
    def hosts(cls, options: Mapping[str, str]) -> Collection[str]:
        """Return the one server; none where its address cannot be read."""
        try:
            return (httpx.URL(server_of(options.get("server", ""))).host,)
        except httpx.InvalidURL:
            return ()

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._client = Client(host)
        self._inbox = Inbox(host, self._client)

    async def check(self) -> Identity:
        """Say which bot this is, and whether a webhook keeps its updates from us."""
        me = await self._inbox.me()
        hook = mapping(await self._client.call("getWebhookInfo", {}))
        lacking = ("webhook_set",) if text(hook.get("url")) else ()
        handle = text(me.get("username")) or number(me.get("id"))
        return Identity(number(me.get("id")), f"@{handle}", text(me.get("first_name")), lacking)

    async def fetch(self, cursor: str) -> Page:
        """Return the updates after those that are stored."""
        return await self._inbox.fetch(cursor if cursor.isdecimal() else "")

    async def listen(self, news: Callable[[], None]) -> None:
        """Wait for updates."""
        await self._inbox.listen(news)

    def parse(self, raw: Raw) -> Sequence[Item]:
        """Turn one raw item into messages; pure."""
        return parsing.parse(raw)

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Send one answer."""
        return await sending.send(self._client, outgoing)

    async def act(self, act: Act, on: Mapping[str, str], *, undo: bool = False) -> None:
        """Like a message: a thumb up below it, the same again changes nothing."""
        if act is not Act.LIKE or on.get("business") or not (on.get("chat") and on.get("message")):
            raise Rejected("not there", code="act_not_here")
        reaction = [] if undo else [{"type": "emoji", "emoji": "👍"}]
        body = {"chat_id": int(on["chat"]), "message_id": int(on["message"]), "reaction": reaction}
        await self._client.call("setMessageReaction", body, posts=True)

    async def download(self, remote: Mapping[str, str], most: int) -> bytes:
        """Return a file of a message, up to the 20 MB that the network gives to bots."""
        try:
            found = mapping(await self._client.call("getFile", {"file_id": remote.get("file_id", "")}))
        except Rejected as error:
            big = "too big" in error.detail.lower()
            raise Rejected(error.detail, code="too_large" if big else error.code) from None
        size = found.get("file_size")
        if isinstance(size, int) and size > most:
            raise Rejected(f"{size} > {most}", code="too_large")
        return await self._client.file(text(found.get("file_path")), most)
