"""Which businesses a sign-in manages: accounts have locations, and every review belongs to one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from socialdesk.connectors.contract import AuthRequired
from socialdesk.connectors.googleauth import Google
from socialdesk.connectors.shapes import identity, mappings, text

ACCOUNTS = "https://mybusinessaccountmanagement.googleapis.com/v1/accounts"
LOCATIONS = "https://mybusinessbusinessinformation.googleapis.com/v1/{account}/locations"
_NAME = re.compile(r"(?:accounts/[^/\s,]+/)?locations/[^/\s,]+")
_PAGES = 100


class Location(NamedTuple):
    """One business: ``accounts/A/locations/L`` and what it is called."""

    name: str
    title: str = ""


def chosen(found: list[Location], given: str) -> list[Location]:
    """Return those of them that the person named, all where none; ``given`` may leave the account out.

    Raises ``AuthRequired`` where those named are not among them: others are none of this account's business.
    """
    wanted = set(_NAME.findall(given))
    if not given.strip():
        return found
    these = [one for one in found if wanted & {one.name, _own(one.name)}]
    if not these:
        raise AuthRequired(given[:200], code="no_locations")
    return these


def _own(name: str) -> str:
    """Return a location's name without its account."""
    return name[name.find("locations/") :]


async def managed(google: Google) -> list[Location]:
    """Return every location that the sign-in manages, once; raises ``AuthRequired`` where there is none.

    A business may be listed in a person's account and in a group's, too: it is read in the one whose name comes first.
    """
    found: dict[str, Location] = {}
    accounts = await _all(google, ACCOUNTS, "accounts", {"pageSize": "20"})
    for account in sorted(accounts, key=lambda one: one["name"]):
        params = {"readMask": "name,title,storeCode", "pageSize": "100"}
        for one in await _all(google, LOCATIONS.format(account=account["name"]), "locations", params):
            shown = " ".join(filter(None, (text(one.get("title")), text(one.get("storeCode")))))
            name = _own(one["name"])
            found.setdefault(name, Location(f"{account['name']}/{name}", shown))
    if not found:
        raise AuthRequired("no business is managed by this sign-in", code="no_locations")
    return list(found.values())


async def _all(google: Google, url: str, what: str, params: Mapping[str, str]) -> list[dict[str, str]]:
    """Return all pages of a list; whatever has no name of the kind is left out."""
    found: list[dict[str, str]] = []
    page = ""
    for _ in range(_PAGES):
        answer = await google.get(url, {**params, **({"pageToken": page} if page else {})})
        found += [one for one in mappings(answer.get(what)) if f"{what}/" in identity(one.get("name"))]
        page = identity(answer.get("nextPageToken"))
        if not page:
            break
    return found
