"""What a server says of itself: how long a text may be, where it streams, where its files lie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import httpx

from socialdesk.connectors.contract import Capabilities, Count, Limit
from socialdesk.connectors.mastodon.shape import mapping, number, text, web

LENGTH = 500
ADDRESS = 23
"""What Mastodon counts for any address; a server with another figure counts plainly."""
NOTE = 500
RESERVE = 32
"""Characters kept free in every answer for the mention at its beginning: @, at most 30 characters, a blank."""
_SHORTEST = 2 * RESERVE
_INVISIBLE = dict.fromkeys([*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF])


def server_of(setting: str) -> str:
    """Return the server's address from what people type: a name, an address of a page there, or @shop@server."""
    typed = setting.translate(_INVISIBLE).strip()
    scheme, found, rest = typed.rpartition("://")
    name = rest.split("/")[0].rpartition("@")[2].strip()
    return f"{scheme.lower() if found else 'https'}://{name.lower()}"


def learned(document: Mapping[str, Any], account: Mapping[str, Any]) -> dict[str, str]:
    """Return what the limits and the hosts need of the server's document, in its newer or older form."""
    configuration = mapping(document.get("configuration"))
    statuses, accounts = mapping(configuration.get("statuses")), mapping(configuration.get("accounts"))
    length = number(statuses.get("max_characters"), number(document.get("max_toot_chars"), LENGTH))
    found = {
        "max_characters": str(length),
        "url_characters": str(number(statuses.get("characters_reserved_per_url"), 0)),
        "max_note": str(number(accounts.get("max_note_length"), NOTE)),
        "streaming": streaming_of(document),
        "files": " ".join(sorted(_places_of_files(document, account))),
    }
    return {name: value for name, value in found.items() if value}


def streaming_of(document: Mapping[str, Any]) -> str:
    """Return where the server streams, as an address for HTTP; "" where it does not say."""
    urls = mapping(mapping(document.get("configuration")).get("urls"))
    address = text(urls.get("streaming")) or text(mapping(document.get("urls")).get("streaming_api"))
    address = address.replace("wss://", "https://", 1).replace("ws://", "http://", 1)
    return web(address).rstrip("/")


def _places_of_files(document: Mapping[str, Any], account: Mapping[str, Any]) -> set[str]:
    """Return the hosts of the server's own pictures: where those lie, customers' pictures lie, too."""
    thumbnail = document.get("thumbnail")
    own = thumbnail if isinstance(thumbnail, str) else mapping(thumbnail).get("url")
    return {name for one in (own, account.get("avatar"), account.get("header")) if (name := host_of(one))}


def host_of(address: Any) -> str:
    """Return the host in an address, or nothing."""
    try:
        return httpx.URL(web(address)).host
    except httpx.InvalidURL:
        return ""


def limits(usual: Capabilities, options: Mapping[str, str]) -> Capabilities:
    """Return what an account with these settings may do.

    A server that counts 23 characters for an address counts as Mastodon does; any other is taken to count each character.
    """
    length = max(_whole(options.get("max_characters"), LENGTH) - RESERVE, _SHORTEST)
    per_address = _whole(options.get("url_characters"), 0 if "max_characters" in options else ADDRESS)
    count = Count.MASTODON if per_address == ADDRESS else Count.CODE_POINTS
    limit = Limit(length, count)
    note = Limit(_whole(options.get("max_note"), NOTE), count)
    return replace(usual, public_limit=limit, private_limit=limit, notice=note)


def hosts(options: Mapping[str, str]) -> tuple[str, ...]:
    """Return the server, and where it says that it streams and keeps files."""
    name = host_of(server_of(options.get("server", "")))
    more = [host_of(options.get("streaming", "")), *options.get("files", "").split()]
    return tuple(dict.fromkeys(filter(None, (name, f"*.{name}", *more))))


def _whole(value: str | None, otherwise: int) -> int:
    return int(value) if value and value.isascii() and value.isdecimal() and len(value) < 10 else otherwise
