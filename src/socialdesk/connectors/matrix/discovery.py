"""From a Matrix address to the server that keeps the account (client-server API, "Server discovery")."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from socialdesk.connectors.contract import ConnectorError, Rejected, Temporary
from socialdesk.connectors.matrix.shape import items, mapping, text
from socialdesk.connectors.matrix.wire import Wire

_INVISIBLE = dict.fromkeys([*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF])


def user_of(options: Mapping[str, str]) -> str:
    """Return what was typed as the account, tidied up: "@shop:example.org", or the name before the colon alone.

    People also paste the link that their client gives them (https://matrix.to/#/@shop:example.org).
    """
    typed = options.get("user", "").translate(_INVISIBLE).strip()
    if "#/@" in typed:
        typed = typed.partition("#/")[2].partition("?")[0]
    name, colon, server = typed.lstrip("@").partition(":")
    return f"@{name}:{server.strip().lower()}" if colon else name


def server_of(options: Mapping[str, str]) -> str:
    """Return the typed address of the server, or the name after the colon: with "://" it is an address."""
    typed = options.get("server", "").translate(_INVISIBLE).strip().rstrip("/")
    return typed or user_of(options).partition(":")[2]


def hosts_of(options: Mapping[str, str]) -> tuple[str, ...]:
    """Return the hosts that such an account may reach: any, until its server has been found."""
    server, found = server_of(options), options.get("homeserver", "")
    if "://" in server:
        return _with_those_below(_host(server))
    if not found:
        return ("*",)
    return tuple(
        dict.fromkeys([*_with_those_below(_host(f"https://{server}")), *_with_those_below(_host(found))])
    )


async def find_server(wire: Wire, options: Mapping[str, str]) -> str:
    """Return the address of the homeserver; raises ``Rejected`` ("no_homeserver"), ``Temporary``."""
    server = server_of(options)
    if not server:
        raise Rejected("an address ends in a colon and the server's name", code="no_homeserver")
    if "://" in server:
        await _confirm(wire, server)
        return server
    base = await _named(wire, server) or f"https://{server}"
    await _confirm(wire, base)
    return base


async def _named(wire: Wire, server: str) -> str:
    """Return the address that the server's name points to, "" where it points nowhere or to nothing of use.

    A page for everything, as some sites answer, is no pointer; then the name itself is tried.
    """
    try:
        answer = await wire.call("GET", f"https://{server}/.well-known/matrix/client")
    except ConnectorError as error:
        if isinstance(error, Temporary) and error.code in ("offline", "timeout"):
            raise
        return ""
    base = text(mapping(answer.get("m.homeserver")).get("base_url")).strip().rstrip("/")
    return base if base.startswith("https://") and _host(base) else ""


async def _confirm(wire: Wire, base: str) -> None:
    try:
        answer = await wire.call("GET", f"{base}/_matrix/client/versions")
    except Rejected as refusal:
        if refusal.code != "rejected":
            raise
        raise Rejected(base, code="no_homeserver") from None
    if not items(answer.get("versions")):
        raise Temporary("the answer names no versions", code="bad_answer")


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _with_those_below(name: str) -> tuple[str, ...]:
    """Return a host and those below its name, where a server's sign-in may live (account.example.org)."""
    if not name or ":" in name or name.replace(".", "").isdecimal() or "." not in name:
        return (name,)
    return (name, f"*.{name}")
