"""New and changed reviews: each location's list is sorted by its last change, and read down to what is known."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from socialdesk.connectors.contract import RateLimited, Raw, Temporary
from socialdesk.connectors.google.places import Location
from socialdesk.connectors.googleauth import Google
from socialdesk.connectors.rest import Refusal
from socialdesk.connectors.shapes import digest, identity, mapping, mappings, moment, stamp, text

_log = logging.getLogger("socialdesk.connectors.google")
SERVER = "https://mybusiness.googleapis.com/v4"
FIRST_VISIT = timedelta(days=90)
_OVERLAP = timedelta(minutes=10)


class Place(NamedTuple):
    """How far a location's list was read: all changes up to ``seen``; ``page`` is where a reading stands, up to ``newest``."""

    seen: datetime
    newest: datetime
    page: str = ""

    def dump(self) -> list[str]:
        """Return it for the cursor."""
        return [stamp(self.seen), stamp(self.newest), self.page]


def place_from(kept: object, now: datetime) -> Place:
    """Return the place in a cursor; a damaged one begins anew."""
    parts = kept if isinstance(kept, list) and len(kept) == 3 else []
    seen, newest = (moment(one) for one in parts[:2]) if parts else (None, None)
    return (
        Place(seen, newest, text(parts[2]))
        if seen and newest
        else Place(now - FIRST_VISIT, now - FIRST_VISIT)
    )


async def visit(
    google: Google, locations: Sequence[Location], places: dict[str, Place], now: datetime
) -> tuple[list[Raw], str]:
    """Return a page of each location, and the one at which trouble cut the visit off, "" where none did.

    ``places`` is brought up to date. A location that Google refuses stops no other; trouble is raised where nothing was read.
    """
    found: list[Raw] = []
    refused: list[Refusal] = []
    for number, location in enumerate(locations):
        try:
            raws, places[location.name] = await changes(google, location, places[location.name], now)
        except Refusal as refusal:
            _log.warning("%s: %s: %s", google.host.account, location.name, refusal.detail)
            refused.append(refusal)
        except (RateLimited, Temporary):
            if number == len(refused):
                raise
            return found, location.name
        else:
            found += raws
    if len(refused) == len(locations):
        if refused[0].status == 404:  # of businesses that exist, now and then
            raise Temporary(refused[0].detail) from refused[0]
        raise refused[0]
    return found, ""


async def changes(google: Google, location: Location, place: Place, now: datetime) -> tuple[list[Raw], Place]:
    """Return a page of what was written or changed since, oldest first, and the place after it."""
    answer, place = await _page(google, location, place)
    reviews = mappings(answer.get("reviews"))
    changed = [(moment(one.get("updateTime")), one) for one in reviews]
    fresh = [one for at, one in changed if at is None or at > place.seen - _OVERLAP]
    newest = max([place.newest, *(min(at, now) for at, _ in changed if at)])  # a clock may be wrong
    token = identity(answer.get("nextPageToken"))
    found = [as_raw(one, location) for one in reversed(fresh)]
    if token and token != place.page and fresh and len(fresh) == len(reviews):
        return found, Place(place.seen, newest, token)
    return found, Place(newest, newest)


async def _page(google: Google, location: Location, place: Place) -> tuple[dict[str, Any], Place]:
    """Return a page and where it was; one that Google has forgotten meanwhile is read again from the first."""
    url, params = f"{SERVER}/{location.name}/reviews", {"pageSize": "50", "orderBy": "updateTime desc"}
    if place.page:
        try:
            return await google.get(url, {**params, "pageToken": place.page}), place
        except Refusal as refusal:
            if refusal.status != 400:
                raise
    return await google.get(url, params), place._replace(page="")


def as_raw(review: dict[str, object], location: Location) -> Raw:
    """Return what is stored of a review, without the address of a portrait, which changes by itself."""
    person = {key: one for key, one in mapping(review.get("reviewer")).items() if key != "profilePhotoUrl"}
    review = {**review, "reviewer": person} if "reviewer" in review else review
    name, number = text(review.get("name")), text(review.get("reviewId"))
    if not name and number and location.name:
        name = f"{location.name}/reviews/{number}"
        review = {**review, "name": name}
    name = name or f"odd|{digest(review)}"
    return Raw(name, {"kind": "review", "review": review, "place": location.title})


async def again(google: Google, known: Sequence[Raw], missing: set[str]) -> list[Raw]:
    """Return those that changed; gone is what Google twice did not have, for it denies reviews that exist now and then.

    ``missing`` are those that it did not have the last time, and is brought up to date.
    """
    found: list[Raw] = []
    for raw in known:
        try:
            review = await google.get(f"{SERVER}/{raw.id}")
        except Refusal as refusal:
            if refusal.status != 404:
                continue
            new = Raw(raw.id, {**mapping(raw.payload), "deleted": True}) if raw.id in missing else raw
            missing.add(raw.id)
        else:
            missing.discard(raw.id)
            new = as_raw(review, Location("", text(mapping(raw.payload).get("place"))))
        if new.payload != raw.payload:
            found.append(new)
    return found
