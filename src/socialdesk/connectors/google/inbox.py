"""New and changed reviews: each location's list is sorted by its last change, and read down to what is known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from socialdesk.connectors.contract import Raw, Temporary
from socialdesk.connectors.google.places import Location
from socialdesk.connectors.googleauth import Google
from socialdesk.connectors.rest import Refusal
from socialdesk.connectors.shapes import digest, mapping, mappings, moment, stamp, text

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


async def changes(google: Google, location: Location, place: Place) -> tuple[list[Raw], Place]:
    """Return a page of what was written or changed since, newest first, and the place after it."""
    params = {"pageSize": "50", "orderBy": "updateTime desc"}
    if place.page:
        params["pageToken"] = place.page
    try:
        answer = await google.get(f"{SERVER}/{location.name}/reviews", params)
    except Refusal as refusal:
        if refusal.status == 404:  # of businesses that exist, now and then
            raise Temporary(refusal.detail) from refusal
        raise
    reviews = mappings(answer.get("reviews"))
    changed = [(moment(one.get("updateTime")), one) for one in reviews]
    fresh = [one for at, one in changed if at is None or at > place.seen - _OVERLAP]
    newest = max([place.newest, *(at for at, _ in changed if at)])
    token = text(answer.get("nextPageToken"))
    found = [as_raw(one, location) for one in reversed(fresh)]
    if token and token != place.page and fresh and len(fresh) == len(reviews):
        return found, Place(place.seen, newest, token)
    return found, Place(newest, newest)


def as_raw(review: dict[str, object], location: Location) -> Raw:
    """Return what is stored of a review."""
    name = text(review.get("name")) or f"odd|{digest(review)}"
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
