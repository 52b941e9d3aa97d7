"""The connector: what X can do, and how the parts of this package do it."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import ClassVar

import httpx

from socialdesk.connectors.contract import (
    N_,
    Act,
    AuthRequired,
    Capabilities,
    Connector,
    Dialog,
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
    Tariff,
    Temporary,
)
from socialdesk.connectors.metering import SPENT
from socialdesk.connectors.rest import Refusal
from socialdesk.connectors.shapes import mapping, moment, stamp, text, web
from socialdesk.connectors.x import parsing, prices, revisiting, sending, signing
from socialdesk.connectors.x.client import SERVER, Client, server_of
from socialdesk.connectors.x.inbox import Inbox, Place, place_from

_log = logging.getLogger("socialdesk.connectors.x")
_VERSION = 1
_SWEEP, _LATE = timedelta(hours=12), timedelta(minutes=15)
"""A second look comes at a quarter to noon and to midnight UTC: what was read on the same day is not charged again."""
_PAUSES = {"search": timedelta(minutes=2), "own": timedelta(minutes=2), "messages": timedelta(seconds=70)}
"""Of the 15 calls in 15 minutes for messages, and of what 300 for the others leave."""
_ACTS = {Act.HIDE: ("PUT", "/2/tweets/{post}/hidden"), Act.LIKE: ("POST", "/2/users/{me}/likes")}


class XConnector(Connector):
    """One account on X."""

    name: ClassVar[str] = "x"
    label: ClassVar[str] = "X"
    capabilities: ClassVar[Capabilities] = Capabilities(
        public_limit=sending.PUBLIC,
        private_limit=sending.PRIVATE,
        proof=Proof.READ_BACK,
        settle=timedelta(seconds=60),
        poll=timedelta(seconds=30),
        private_reply=True,
        acts=frozenset({Act.HIDE}),
        undoable=frozenset({Act.HIDE}),
        revisit=timedelta(hours=1),
        downloads=True,
    )
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting(
            "client",
            N_("Client ID"),
            N_(
                'Of an app of the kind "Native App" in the developer console (console.x.com), under Keys and tokens, OAuth 2.0. '
                "The app needs the callback address http://127.0.0.1:8080/callback and a payment method: X charges for what is read and written."
            ),
        ),
        Setting(
            "callback",
            N_("Callback address"),
            N_("The one in the app's settings, to the letter. Nothing has to listen there."),
            required=False,
            default=signing.CALLBACK,
        ),
        Setting(
            "likes",
            N_("Likes"),
            N_('"yes" where the contract with X still allows likes (not in pay-per-use).'),
            required=False,
            default="no",
        ),
        prices.BUDGET,
        prices.DOLLAR,
        Setting("server", N_("Server"), N_("Only for a server of your own."), required=False, default=SERVER),
        Setting(
            "token",
            N_("Access token"),
            N_("Leave it empty to sign in by the browser."),
            secret=True,
            required=False,
        ),
    )
    signs_in: ClassVar[bool] = True

    @classmethod
    def limits(cls, options: Mapping[str, str]) -> Capabilities:
        """Return what X allows; likes only to those whose contract has them."""
        if options.get("likes", "").strip().lower() not in ("yes", "sí", "si"):
            return cls.capabilities
        both = frozenset({Act.HIDE, Act.LIKE})
        return replace(cls.capabilities, acts=both, undoable=both)

    @classmethod
    def tariff(cls, options: Mapping[str, str]) -> Tariff:
        """Return the account's budget."""
        return prices.tariff(options)

    @classmethod
    def hosts(cls, options: Mapping[str, str]) -> Collection[str]:
        """Return the API's host and those of the files; none where the address cannot be read."""
        try:
            return (httpx.URL(server_of(options)).host, "*.twimg.com")
        except httpx.InvalidURL:
            return ()

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._client = Client(host)
        self._inbox = Inbox(self._client)
        self._given = ""
        self._again: dict[str, datetime] = {}

    async def sign_in(self, dialog: Dialog) -> Mapping[str, str]:
        """Let the person authorize the app with any browser."""
        return await signing.sign_in(self.host, dialog)

    async def check(self) -> Identity:
        """Say who we are; a budget that is no number is refused."""
        prices.examine(self.host.options)
        me = await self._client.me()
        return Identity(me.id, f"@{me.name}", me.shown, await self._client.lacking())

    async def fetch(self, cursor: str) -> Page:
        """Return what is new. The cursor holds a place in four lists, as JSON.

        Only trouble with the mentions fails a fetch; the rest is tried again from where it stands.
        """
        now, kept = self.host.clock.now(), _unpacked(cursor)
        if cursor != self._given:  # what was given last was not stored
            self._again.clear()
        places = {name: place_from(kept.get(name)) for name in ("mentions", *_PAUSES)}
        swept = moment(kept.get("swept"))
        again = _again_from(swept, now) if swept is not None and not places["mentions"].page else None
        found, places["mentions"] = await self._inbox.mentions(places["mentions"], now, since=again)
        for name, pause in _PAUSES.items():
            if places[name].page or self._due(name, now):
                self._again[name] = now + pause
                more, places[name] = await self._aside(name, places[name], now)
                found += more
        self._given = _packed(places, now if again or swept is None else swept)
        return Page(found, self._given, any(place.page for place in places.values()))

    def parse(self, raw: Raw) -> Sequence[Item]:
        """Turn one raw item into messages; pure."""
        return parsing.parse(raw)

    async def revisit(self, known: Sequence[Raw]) -> Sequence[Raw]:
        """Look again at posts."""
        return await revisiting.changed(self._client, known)

    async def download(self, remote: Mapping[str, str], most: int) -> bytes:
        """Return a picture or a film."""
        url = web(remote.get("url"))
        if not url:
            raise Rejected("no address", code="bad_address")
        return await self._client.wire.file(url, most)

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Send one answer."""
        return await sending.send(self._client, outgoing)

    async def find_sent(self, outgoing: Outgoing) -> Receipt | None:
        """Look for an answer that may have been sent."""
        return await sending.find_sent(self._client, outgoing)

    async def act(self, act: Act, on: Mapping[str, str], *, undo: bool = False) -> None:
        """Hide an answer below a post of ours, or like one, where the contract allows that."""
        post = on.get("post", "")
        if act not in _ACTS or not post:
            raise Rejected("not there", code="act_not_here")
        method, path = _ACTS[act]
        path = path.format(post=post, me=(await self._client.me(answering=True)).id)
        body: Mapping[str, object] | None = {"hidden": not undo} if act is Act.HIDE else {"tweet_id": post}
        if act is Act.LIKE and undo:
            method, path, body = "DELETE", f"{path}/{post}", None
        try:
            await self._client.write(method, path, body)
        except Refusal as refusal:
            if refusal.status in (400, 403):
                raise Rejected(refusal.detail, code="not_our_thread") from refusal
            raise

    def _due(self, what: str, now: datetime) -> bool:
        again = self._again.get(what)
        return again is None or now >= again

    async def _aside(self, what: str, place: Place, now: datetime) -> tuple[list[Raw], Place]:
        """Return what a list brings whose failing must not stop the rest."""
        read: Callable[[Place, datetime], Awaitable[tuple[list[Raw], Place]]] = getattr(self._inbox, what)
        try:
            return await read(place, now)
        except RateLimited as limit:
            if limit.code != SPENT:  # money may be there again, and dearer lists are not all
                self._again[what] = max(self._again[what], limit.until or self._again[what])
            error: Exception = limit
        except AuthRequired as trouble:
            if trouble.code == "credits_spent":
                raise
            error = trouble
        except (Rejected, Temporary) as trouble:
            error = trouble
        _log.warning("%s: %s: %s (%s)", self.host.account, what, text(getattr(error, "code", "")), error)
        return [], place._replace(page="")


def _again_from(swept: datetime, now: datetime) -> datetime | None:
    """Return from when on to look again; None where the next second look is still to come."""
    midnight = datetime.combine(now.date(), time(), now.tzinfo)
    if (swept - midnight + _LATE) // _SWEEP == (now - midnight + _LATE) // _SWEEP:
        return None
    return min(swept, midnight) - _LATE


def _packed(places: Mapping[str, Place], swept: datetime) -> str:
    lists = {name: place.dump() for name, place in places.items()}
    return json.dumps({"v": _VERSION, **lists, "swept": stamp(swept)})


def _unpacked(cursor: str) -> dict[str, object]:
    """Return the places in a cursor; an unknown version or a damaged one begins anew, which repeats but loses nothing."""
    try:
        kept = mapping(json.loads(cursor or "{}"))
    except ValueError:
        return {}
    return kept if kept.get("v") == _VERSION else {}
