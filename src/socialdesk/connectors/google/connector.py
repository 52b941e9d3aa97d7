"""The connector: what Google lets a business do about its reviews."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import ClassVar

from socialdesk.connectors import googleauth
from socialdesk.connectors.contract import (
    N_,
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
    Raw,
    Receipt,
    Rejected,
    Setting,
    measure,
)
from socialdesk.connectors.google import inbox, parsing, places
from socialdesk.connectors.googleauth import Google
from socialdesk.connectors.shapes import mapping, moment, text, web

SCOPE = "https://www.googleapis.com/auth/business.manage"
_LIMIT = Limit(4096, Count.BYTES)
_VERSION = 1
_LOCATIONS_PAUSE = timedelta(hours=6)


class GoogleConnector(Connector):
    """The reviews of one or several businesses."""

    name: ClassVar[str] = "google"
    label: ClassVar[str] = "Google"
    capabilities: ClassVar[Capabilities] = Capabilities(
        public_limit=_LIMIT,
        private_limit=_LIMIT,
        proof=Proof.READ_BACK,
        settle=timedelta(seconds=30),
        poll=timedelta(minutes=2),
        revisit=timedelta(minutes=30),
        downloads=True,
    )
    settings: ClassVar[tuple[Setting, ...]] = (
        googleauth.CLIENT,
        Setting(
            "locations",
            N_("Locations"),
            N_(
                "Only these of the businesses that the sign-in manages, as accounts/1/locations/2, separated by commas; empty for all."
            ),
            required=False,
        ),
        googleauth.TOKEN,
    )
    signs_in: ClassVar[bool] = True

    @classmethod
    def hosts(cls, options: Mapping[str, str]) -> Collection[str]:
        """Return Google's hosts."""
        return ("*.googleapis.com", "*.googleusercontent.com")

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._google = Google(host)
        self._locations: list[places.Location] = []
        self._looked: datetime | None = None
        self._missing: set[str] = set()
        self._next = ""

    async def sign_in(self, dialog: Dialog) -> Mapping[str, str]:
        """Let the person allow it with any browser."""
        return await googleauth.sign_in(self.host, dialog, SCOPE)

    async def check(self) -> Identity:
        """Say which businesses these are, and ask for a review of the first: only that shows whether Google agreed."""
        found = await self._places()
        await self._google.get(f"{inbox.SERVER}/{found[0].name}/reviews", {"pageSize": "1"})
        title = found[0].title or found[0].name
        more = f" +{len(found) - 1}" if len(found) > 1 else ""
        return Identity(found[0].name.rpartition("/locations/")[0], title + more, title)

    async def fetch(self, cursor: str) -> Page:
        """Return reviews that were written or changed. The cursor holds a place in each location's list, as JSON."""
        now, kept = self.host.clock.now(), _unpacked(cursor)
        locations = await self._in_turn()
        places = {one.name: inbox.place_from(kept.get(one.name), now) for one in locations}
        found, self._next = await inbox.visit(self._google, locations, places, now)
        more = not self._next and any(place.page for place in places.values())
        after = {name: place.dump() for name, place in places.items()}
        return Page(found, json.dumps({"v": _VERSION, **after}), more)

    def parse(self, raw: Raw) -> Sequence[Item]:
        """Turn one raw item into messages; pure."""
        return parsing.parse(raw)

    async def revisit(self, known: Sequence[Raw]) -> Sequence[Raw]:
        """Look again at reviews: Google lists changes, but never tells that one is gone."""
        return await inbox.again(self._google, known, self._missing)

    async def download(self, remote: Mapping[str, str], most: int) -> bytes:
        """Return a picture of a review."""
        url = web(remote.get("url"))
        if not url:
            raise Rejected("no address", code="bad_address")
        return await self._google.wire.file(url, most)

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Answer a review, or replace the answer that it has."""
        if measure(outgoing.text, _LIMIT.count) > _LIMIT.size:
            raise Rejected(f"> {_LIMIT.size}", code="too_long")
        name = _review(outgoing)
        url = f"{inbox.SERVER}/{name}/reply"
        answer = await self._google.ask("PUT", url, body={"comment": outgoing.text}, posts=True)
        if moment(answer.get("updateTime")) is None:
            raise OutcomeUnknown("the answer has no time")
        return _receipt(name, answer)

    async def find_sent(self, outgoing: Outgoing) -> Receipt | None:
        """Look whether the review has this answer."""
        name = _review(outgoing)
        answer = mapping((await self._google.get(f"{inbox.SERVER}/{name}")).get("reviewReply"))
        same = parsing.original(text(answer.get("comment"))).split() == outgoing.text.split()
        return _receipt(name, answer) if same else None

    async def _places(self) -> list[places.Location]:
        """Return the locations, their names looked up now and then: businesses are opened and closed."""
        now = self.host.clock.now()
        if not self._locations or self._looked is None or now - self._looked > _LOCATIONS_PAUSE:
            found = await places.managed(self._google)
            self._locations = places.chosen(found, self.host.options.get("locations", ""))
            self._looked = now
        return self._locations

    async def _in_turn(self) -> list[places.Location]:
        """Return the locations, first the one at which the last visit was cut off."""
        found = await self._places()
        start = next((at for at, one in enumerate(found) if one.name == self._next), 0)
        return [*found[start:], *found[:start]]


def _review(outgoing: Outgoing) -> str:
    name = outgoing.reply_to.get("review", "")
    if not name:
        raise Rejected("the review has no name", code="parent_gone")
    return name


def _receipt(name: str, answer: Mapping[str, object]) -> Receipt:
    at = moment(answer.get("updateTime"))
    return Receipt(parsing.reply_id(name, answer), "", at, name, {"review": name})


def _unpacked(cursor: str) -> dict[str, object]:
    """Return the places in a cursor; an unknown version or a damaged one begins anew, which repeats but loses nothing."""
    try:
        kept = mapping(json.loads(cursor or "{}"))
    except ValueError:
        return {}
    return kept if kept.get("v") == _VERSION else {}
