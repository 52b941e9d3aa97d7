"""The connector: what WhatsApp's Cloud API lets a business do. What comes in comes by the relay, there is no list to ask for."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, ClassVar

import httpx

from socialdesk.connectors import relaying
from socialdesk.connectors.contract import (
    N_,
    Act,
    AuthRequired,
    Capabilities,
    Connector,
    Direction,
    Host,
    Identity,
    Item,
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
from socialdesk.connectors.meta.graph import VERSION, Graph, ends_soon, scopes_of
from socialdesk.connectors.relaying import Mailbox
from socialdesk.connectors.shapes import mapping, text, web, whole
from socialdesk.connectors.whatsapp import parsing, sending
from socialdesk.connectors.whatsapp.deliveries import Reader
from socialdesk.connectors.whatsapp.people import People

SERVER = "https://graph.facebook.com"
SCOPE = "whatsapp_business_messaging"
_LOOK = timedelta(hours=12)
_VERSION = 1


class WhatsAppConnector(Connector):
    """One telephone number."""

    name: ClassVar[str] = "whatsapp"
    label: ClassVar[str] = "WhatsApp"
    capabilities: ClassVar[Capabilities] = Capabilities(
        public_limit=sending.LIMIT,
        private_limit=sending.LIMIT,
        proof=Proof.NEITHER,
        poll=timedelta(seconds=15),
        public_reply=False,
        acts=frozenset({Act.LIKE}),
        undoable=frozenset({Act.LIKE}),
        push=True,
        listening_poll=timedelta(minutes=5),
        downloads=True,
    )
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting(
            "number",
            N_("Phone number ID"),
            N_(
                "Not the number itself: the ID that stands below it in the app's dashboard, WhatsApp, API Setup."
            ),
        ),
        Setting(
            "token",
            N_("Access token"),
            N_(
                "That of a system user: business.facebook.com, Settings, System users, Generate token, without an end, with "
                "whatsapp_business_messaging and whatsapp_business_management."
            ),
            secret=True,
        ),
        relaying.RELAY,
        relaying.RELAY_KEY,
        Setting(
            "template",
            N_("Template"),
            N_(
                "An approved template with one gap, as name/language, for answers after 24 hours; without one these are not sent."
            ),
            required=False,
        ),
        Setting("version", N_("Version"), N_("Of the Graph API."), required=False, default=VERSION),
        Setting("server", N_("Server"), N_("Only for a server of your own."), required=False, default=SERVER),
    )

    @classmethod
    def hosts(cls, options: Mapping[str, str]) -> Collection[str]:
        """Return the API's host, the relay's and those of the files; none where an address cannot be read."""
        try:
            servers = [
                httpx.URL(options.get("server", "") or SERVER).host,
                httpx.URL(options.get("relay", "")).host,
            ]
        except httpx.InvalidURL:
            return ()
        return (*filter(None, servers), "lookaside.fbsbx.com", "*.whatsapp.net")

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._graph = Graph(host, SERVER)
        self._mailbox = Mailbox(host)
        self._number = host.options.get("number", "").strip()
        self._position = 0
        self._look_at: datetime | None = None

    async def check(self) -> Identity:
        """Say which number this is, and whether the relay knows us."""
        fields = {"fields": "id,display_phone_number,verified_name"}
        found = await self._graph.get(self._number, fields)
        await self._mailbox.after(0, limit=1)
        shown, name = text(found.get("display_phone_number")), text(found.get("verified_name"))
        return Identity(self._number, shown or self._number, name, await self._lacking())

    async def _lacking(self) -> tuple[str, ...]:
        """Return the problem codes of what the token may not do, as far as Meta says so, and whether it ends soon."""
        now = self.host.clock.now()
        self._look_at = now + _LOOK
        try:
            answer = await self._graph.get("debug_token", {"input_token": await self._graph.key()})
        except (AuthRequired, RateLimited, Rejected, Temporary):
            return ()
        scopes = scopes_of(answer)
        codes = ["dm_not_allowed"] if scopes and SCOPE not in scopes else []
        return (*codes, *(["token_ends_soon"] if ends_soon(mapping(answer.get("data")), now) else []))

    async def fetch(self, cursor: str) -> Page:
        """Return what the relay took in since. The cursor holds its position, who is who and the latest edits, as JSON.

        The relay keeps what was not confirmed; a position is confirmed by the visit after the one that brought it.
        """
        kept = _unpacked(cursor)
        position = whole(kept.get("position")) or 0
        if position:
            await self._mailbox.confirm(position)
        batch = await self._mailbox.after(position)
        if batch.newest < position:  # a relay that was set up anew counts from the beginning
            batch = await self._mailbox.after(0)
            position = 0
        people = People(kept.get("people"))
        reader = Reader(self._number, people, kept.get("changes"))
        found: dict[str, Raw] = {}
        for delivery in batch.deliveries:
            for raw in reader.read(delivery.body):
                found[raw.id] = raw
            position = delivery.position
        if not batch.deliveries:
            position = batch.passed(position)
        self._position = position
        state = {"position": position, "people": people.dump(), "changes": reader.dump()}
        more = bool(batch.deliveries) and batch.newest > position
        look = self._look_at is None or self.host.clock.now() >= self._look_at
        lacking = await self._lacking() if look else None
        return Page(list(found.values()), json.dumps({"v": _VERSION, **state}), more, lacking)

    async def listen(self, news: Callable[[], None]) -> None:
        """Wait at the relay."""
        await self._mailbox.listen(lambda: self._position, news)

    def parse(self, raw: Raw) -> Sequence[Item]:
        """Turn one raw item into messages; pure."""
        found = parsing.parse(raw)
        if self.host.options.get("template", "").strip():
            return found  # which is taken at any time
        return [
            replace(one, answer_until=one.at + sending.WINDOW) if _opens_the_window(one) else one
            for one in found
        ]

    async def download(self, remote: Mapping[str, str], most: int) -> bytes:
        """Return a file: its address is asked for anew, for it is good for five minutes, and opens with the token only."""
        found = await self._graph.get(remote.get("media", ""))
        url = web(found.get("url"))
        if not url:
            raise Rejected("no address", code="parent_gone")
        return await self._graph.wire.file(url, most, {"Authorization": f"Bearer {await self._graph.key()}"})

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Send one answer."""
        return await sending.send(self._graph, self._number, outgoing)

    async def act(self, act: Act, on: Mapping[str, str], *, undo: bool = False) -> None:
        """Like a message: a thumb up below it."""
        message = on.get("message", "")
        if act is not Act.LIKE or not message:
            raise Rejected("not there", code="act_not_here")
        reaction = {"message_id": message, "emoji": "" if undo else "👍"}
        body: dict[str, Any] = {"messaging_product": "whatsapp", **sending.to(on), "type": "reaction"}
        await self._graph.ask("POST", f"{self._number}/messages", body={**body, "reaction": reaction})


def _opens_the_window(item: Item) -> bool:
    """Say whether a customer wrote it: not what Meta says of a number, or of an answer that did not arrive."""
    return item.direction is Direction.IN and not item.context and not item.id.startswith("failed|")


def _unpacked(cursor: str) -> dict[str, Any]:
    """Return what a cursor holds; an unknown version or a damaged one begins anew, which repeats but loses nothing."""
    try:
        kept = mapping(json.loads(cursor or "{}"))
    except ValueError:
        return {}
    return kept if kept.get("v") == _VERSION else {}
