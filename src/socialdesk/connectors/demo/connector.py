"""The demo's connector: the contract on one side, the simulated town on the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote

from socialdesk.connectors.contract import (
    N_,
    Act,
    Author,
    Capabilities,
    Connector,
    Direction,
    Host,
    Identity,
    Item,
    Kind,
    Limit,
    OutcomeUnknown,
    Outgoing,
    Page,
    Period,
    PluginError,
    Proof,
    Raw,
    Receipt,
    Rejected,
    Setting,
    Tariff,
    Temporary,
    charged,
)
from socialdesk.connectors.demo.cast import BRANDS, handle_of
from socialdesk.connectors.demo.channels import CHANNELS
from socialdesk.connectors.demo.line import Fault, Line
from socialdesk.connectors.demo.parcels import ACTS, FINAL, attachments, content
from socialdesk.connectors.demo.script import read
from socialdesk.connectors.demo.town import Place, Town
from socialdesk.connectors.demo.world import World
from socialdesk.connectors.notices import put, take_away

_PAGE = 50
_OVERLAP = 3
_COST = 15_000
"""Of a message on the X that is played, in millionths of a dollar."""
_NOTICE = Limit(256)
PROFILE = "profile"
"""The page of the world on which the account presents itself."""


class DemoConnector(Connector):
    """A simulated network in this process: offline, seeded, and it remembers every reply by its key."""

    name = "demo"
    label = "Demo"
    capabilities = Capabilities(
        public_limit=Limit(500),
        private_limit=Limit(2_000),
        proof=Proof.KEY,
        settle=timedelta(seconds=2),
        key_life=timedelta(days=365),
        poll=timedelta(seconds=3),
        private_reply=True,
        notice=_NOTICE,
        acts=ACTS["x"],
        undoable=ACTS["x"] - FINAL,
        downloads=True,
    )
    settings = (
        Setting("brand", N_("Business"), N_("One of: azahar, ronda, lino."), default="azahar"),
        Setting(
            "channel",
            N_("Network to play"),
            N_("One of: x, facebook, google, instagram, bluesky, mail."),
            default="x",
        ),
        Setting(
            "seed", N_("Seed"), N_("The same seed gives the same customers."), required=False, default="1"
        ),
        Setting(
            "speed", N_("Speed"), N_("2 makes everything happen twice as often."), required=False, default="1"
        ),
        Setting(
            "world",
            N_("Folder"),
            N_("Where the simulated network is kept; empty keeps it in memory."),
            required=False,
        ),
        Setting(
            "faults",
            N_("Faults"),
            N_("The share of replies whose sending fails, 0 to 1."),
            required=False,
            default="0",
        ),
    )

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        options = {s.name: host.options.get(s.name) or s.default for s in self.settings}
        brand, channel = options["brand"], options["channel"]
        if brand not in BRANDS or channel not in CHANNELS:
            raise PluginError(f"the demo has no {brand!r} on {channel!r}")
        speed = _number(options, "speed", 0.01, 1_000)
        self._place = Place(host.account, brand, channel, options["seed"], speed)
        self.line = Line(options["seed"], _number(options, "faults", 0, 1))
        self._folder = options["world"]
        self._author = Author(f"brand-{brand}", handle_of(brand, channel), BRANDS[brand])
        self._town: Town | None = None

    @classmethod
    def limits(cls, options: Mapping[str, str]) -> Capabilities:
        """Return what the network that is played allows."""
        name = options.get("channel", "")
        name = name if name in CHANNELS else "x"
        channel = CHANNELS[name]
        return replace(
            cls.capabilities,
            public_limit=channel.limit,
            private_limit=channel.private_limit,
            public_reply=channel.public is not None,
            private_reply=channel.direct,
            private_once=channel.once,
            private_window=channel.window,
            acts=ACTS[name],
            undoable=ACTS[name] - FINAL,
        )

    @classmethod
    def tariff(cls, options: Mapping[str, str]) -> Tariff | None:
        """Return what playing X costs: ten euros a month at most, as an account there has it."""
        return Tariff(10_000_000, Period.MONTH, "UTC", euros=1.0) if options.get("channel") == "x" else None

    async def check(self) -> Identity:
        """Say which business we play."""
        return Identity(self._author.id, self._author.handle, self._author.name)

    async def fetch(self, cursor: str) -> Page:
        """Let the customers do what is due and return what was published since, with a little overlap."""
        town = self._open()
        town.advance(self._now())
        born, _, number = cursor.partition(":")
        # A world that was made anew counts from one again.
        since = int(number) if born == str(town.world.fact("born")) and number.isdigit() else 0
        newest = town.world.newest()
        if newest <= since:
            return Page((), cursor)
        posts = town.world.posts_after(max(0, since - _OVERLAP), _PAGE)
        fresh = sum(number > since for number, _ in posts)
        async with charged(self.host.purse, _COST * fresh) as charge:
            charge.cost = _COST * fresh
        last = posts[-1][0]
        items = [Raw(post["id"], post) for _, post in posts]
        return Page(items, f"{town.world.fact('born')}:{last}", more=last < newest)

    def parse(self, raw: Raw) -> Sequence[Item]:
        """Understand one publication."""
        post: dict[str, Any] = raw.payload
        customer = Author(**post["customer"], reach=self._reach(post["customer"]["id"]))
        edited, at = post.get("edited"), datetime.fromisoformat(post["at"])
        answers = CHANNELS[self._place.channel].answers if post["private"] and not post["ours"] else None
        return [
            Item(
                id=post["id"],
                conversation=post["thread"],
                direction=Direction.OUT if post["ours"] else Direction.IN,
                at=at,
                author=self._author if post["ours"] else customer,
                contact=customer,
                text=post["text"],
                kind=Kind(post["kind"]),
                private=post["private"],
                reply_to=post["reply_to"],
                language=post["language"],
                url=self._url(post),
                deleted=post.get("deleted", False),
                edited_at=datetime.fromisoformat(edited) if edited else None,
                remote={"id": post["id"]},
                title=post.get("title", ""),
                attachments=attachments(post),
                answer_until=at + answers if answers else None,
                rating=post.get("stars"),
            )
        ]

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Publish a reply. The same key again returns the first reply's receipt and publishes nothing."""
        able = self.limits(self.host.options)
        limit = able.private_limit if outgoing.private else able.public_limit
        if not outgoing.text.strip():
            raise Rejected(code="empty")
        if outgoing.private and not able.private_reply:
            raise Rejected(code="no_private_replies")
        if not limit.fits(outgoing.text):
            raise Rejected(code="too_long")
        town = self._open()
        now = self._now()
        town.advance(now)
        fault = self.line.fault(town.world, outgoing.key)
        if fault is Fault.REFUSED:
            raise Temporary("simulated: refused before anything was done")
        if fault is Fault.LOST_REQUEST:
            raise OutcomeUnknown("simulated: the line broke on the way there")
        async with charged(self.host.purse, _COST, answer=True) as charge:
            charge.cost = _COST
            post = self._take(town, outgoing, now)
        if fault is Fault.LOST_ANSWER:
            raise OutcomeUnknown("simulated: the line broke on the way back")
        at = datetime.fromisoformat(post["at"])
        return Receipt(post["id"], self._url(post), at, post["thread"], {"id": post["id"]})

    async def act(self, act: Act, on: Mapping[str, str], *, undo: bool = False) -> None:
        """Remember what was done to a message; the simulated customers take no offence."""
        world = self._open().world
        with world.change():
            try:
                post = world.post(on["id"])
            except KeyError:
                raise Rejected(code="parent_gone") from None
            world.write_page(f"{act.value} {post['id']}", "" if undo else "done")

    async def download(self, remote: Mapping[str, str], most: int) -> bytes:
        """Return the picture or the page that came with a message."""
        found = content(remote)
        if len(found) > most:
            raise Rejected(code="too_large")
        return found

    async def publish_notice(self, words: str | None) -> None:
        """Show the words in the account's profile."""
        world = self._open().world
        with world.change():
            before = world.page(PROFILE)
            world.write_page(PROFILE, put(before, words, _NOTICE) if words else take_away(before))

    async def aclose(self) -> None:
        """Close the world's file."""
        if self._town is not None:
            self._town.world.close()
            self._town = None

    def _take(self, town: Town, outgoing: Outgoing, now: int) -> dict[str, Any]:
        with town.world.change():
            post = town.world.sent(outgoing.key)
            if post is None:
                try:
                    thread = outgoing.conversation
                    thread = town.private_thread(thread) if outgoing.opens else thread
                    post = town.answer(thread, outgoing.text, outgoing.private, now)
                except KeyError:
                    raise Rejected(code="parent_gone") from None
                town.world.keep_sent(outgoing.key, post["id"])
        return post

    def _open(self) -> Town:
        if self._town is None:
            place = self._place
            name = quote(f"{place.account}-{place.seed}", safe="")
            world = World(Path(self._folder) / f"{name}.world" if self._folder else None)
            self._town = Town(world, read(place.brand), place)
        return self._town

    def _reach(self, person: str) -> int | None:
        """Return how many follow a customer: few, and very many once in thirty; nobody says so of a letter or a review."""
        if not CHANNELS[self._place.channel].followers:
            return None
        return int(Random(f"reach/{person}").lognormvariate(5.5, 2))

    def _url(self, post: dict[str, Any]) -> str:
        return (
            ""
            if post["private"]
            else f"https://{self._place.channel}.example/{self._author.handle}/{post['id']}"
        )

    def _now(self) -> int:
        return int(self.host.clock.now().astimezone(UTC).timestamp() * 1000)


def _number(options: dict[str, str], name: str, low: float, high: float) -> float:
    try:
        value = float(options[name])
    except ValueError:
        raise PluginError(f"{name} is not a number: {options[name]!r}") from None
    if not low <= value <= high:
        raise PluginError(f"{name} must lie between {low:g} and {high:g}")
    return value
