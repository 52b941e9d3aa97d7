"""Which businesses a sign-in manages: accounts have locations, and every review belongs to one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from socialdesk.connectors.contract import AuthRequired
from socialdesk.connectors.googleauth import Google
from socialdesk.connectors.shapes import mappings, text

ACCOUNTS = "https://mybusinessaccountmanagement.googleapis.com/v1/accounts"
LOCATIONS = "https://mybusinessbusinessinformation.googleapis.com/v1/{account}/locations"
_NAME = re.compile(r"accounts/[^/\s,]+/locations/[^/\s,]+")
_PAGES = 100


class Location(NamedTuple):
    """One business: ``accounts/A/locations/L`` and what it is called."""

    name: str
    title: str = ""


def chosen(options: Mapping[str, str]) -> list[Location]:
    """Return the locations that the person named; all there are where none."""
    return [Location(name) for name in _NAME.findall(options.get("locations", ""))]


async def managed(google: Google) -> list[Location]:
    """Return every location that the sign-in manages; raises ``AuthRequired`` where there is none."""
    found: list[Location] = []
    for account in await _all(google, ACCOUNTS, "accounts", {"pageSize": "20"}):
        params = {"readMask": "name,title,storeCode", "pageSize": "100"}
        for one in await _all(google, LOCATIONS.format(account=account["name"]), "locations", params):
            shown = " ".join(filter(None, (text(one.get("title")), text(one.get("storeCode")))))
            found.append(Location(f"{account['name']}/{one['name']}", shown))
    if not found:
        raise AuthRequired("no business is managed by this sign-in", code="no_locations")
    return found


async def _all(google: Google, url: str, what: str, params: Mapping[str, str]) -> list[dict[str, str]]:
    """Return all pages of a list; whatever has no name is left out."""
    found: list[dict[str, str]] = []
    page = ""
    for _ in range(_PAGES):
        answer = await google.get(url, {**params, **({"pageToken": page} if page else {})})
        found += [one for one in mappings(answer.get(what)) if text(one.get("name"))]
        page = text(answer.get("nextPageToken"))
        if not page:
            break
    return found
