"""Which hosts an account may reach: the server that signs in, the one that keeps the account, and where files are had."""

from __future__ import annotations

from collections.abc import Mapping

import httpx

from socialdesk.connectors.bluesky.session import service_of

LEARNED = "pds"
"""The option that holds the account's own server, where sign-in named one that nobody could know before."""
DIRECTORY = "plc.directory"
"""Tells where an account lives (https://web.plc.directory)."""
PICTURES = "cdn.bsky.app"
"""Where the network shows pictures."""


def hosts(options: Mapping[str, str]) -> tuple[str, ...]:
    """Return those that an account with these settings may reach."""
    own = host_of(options.get(LEARNED, ""))
    return tuple(dict.fromkeys([*declared(options), *([own] if own else [])]))


def declared(options: Mapping[str, str]) -> tuple[str, ...]:
    """Return those that are known before anybody has signed in."""
    name = host_of(service_of(options.get("service", "")))
    named = (name, f"*.{name}") if name else ()
    return (*named, "*.bsky.network", PICTURES, DIRECTORY)


def host_of(address: str) -> str:
    """Return the host of an address, "" where it is none."""
    try:
        return httpx.URL(address).host
    except httpx.InvalidURL:
        return ""
