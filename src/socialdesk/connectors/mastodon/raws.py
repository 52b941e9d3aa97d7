"""What is stored: one payload a status, the same whichever list it was found in, so that another payload means an edit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from socialdesk.connectors.contract import Raw
from socialdesk.connectors.mastodon.client import Me
from socialdesk.connectors.mastodon.shape import digest, identity, items, lasting, mapping, moment, text

PUBLIC = frozenset({"public", "unlisted", "private", "local", "mutuals_only"})
"""Who may read a post that is no private message; what we do not know counts as private, never as wider."""
_AHEAD = timedelta(minutes=5)
_BEHIND = timedelta(days=30)


def is_private(status: dict[str, Any]) -> bool:
    """Say whether only those named in it read it."""
    return text(status.get("visibility")) not in PUBLIC


def conversation(status: dict[str, Any], root: str, customer: str) -> str:
    """Return the key of a conversation: with one customer in one thread, or all that is private with them."""
    return f"dm|{customer}" if is_private(status) else f"{root}|{customer}"


def incoming(status: dict[str, Any], note: dict[str, Any], root: str, me: Me) -> Raw:
    """Return what a customer wrote; ``note`` is the notification of it, where there is one."""
    status = {**status, "account": author_of(status, note)}
    payload = {"kind": "status", "status": lasting(status), "root": root, "me": dump(me)}
    written, told = moment(status.get("created_at")), moment(note.get("created_at"))
    if told and not (written and told - _BEHIND <= written <= told + _AHEAD):
        payload["arrived"] = note["created_at"]  # its author's word on when it was is not to be believed
    return Raw(identity(status.get("id")) or f"odd|{digest(status)}", payload)


def author_of(status: dict[str, Any], note: dict[str, Any]) -> dict[str, Any]:
    """Return who wrote a post; some servers say it only in the notification of it."""
    account = mapping(status.get("account"))
    return account if identity(account.get("id")) else mapping(note.get("account"))


def own(status: dict[str, Any], customer: dict[str, Any], root: str, me: Me) -> Raw:
    """Return an answer of the brand to that customer."""
    payload = {"kind": "own", "status": lasting(status), "customer": customer, "root": root, "me": dump(me)}
    return Raw(identity(status.get("id")), payload)


def context(status: dict[str, Any], key: str, customer: dict[str, Any], root: str, me: Me) -> Raw:
    """Return what stands above in that conversation, or with ``root`` empty is quoted there."""
    shared = {"conversation": key, "customer": lasting(customer), "root": root, "me": dump(me)}
    name = f"context|{key}|{identity(status.get('id'))}"
    return Raw(name, {"kind": "context", "status": lasting(status), **shared})


def dump(me: Me) -> dict[str, str]:
    """Return what reading a payload needs to know of us."""
    return {"id": me.id, "name": me.name, "domain": me.domain}


def customer_of(status: dict[str, Any], me: Me, above: Mapping[str, Any]) -> dict[str, Any]:
    """Return whom an answer of ours is for, as its mentions have them; nobody where it answers nobody else.

    ``above`` is the post that it answers, if that is known: where nobody is named, it is for whoever wrote that.
    """
    if not identity(status.get("in_reply_to_id")):
        return {}
    named = [mapping(one) for one in items(status.get("mentions"))]
    named = [one for one in named if identity(one.get("id")) not in ("", me.id)]
    to = identity(status.get("in_reply_to_account_id"))
    for one in named:
        if identity(one.get("id")) == to:
            return _person(one)
    if named:
        return _person(named[0])
    author = mapping(above.get("account"))
    return _person(author) if identity(author.get("id")) not in ("", me.id) else {}


def _person(mention: dict[str, Any]) -> dict[str, Any]:
    return {key: mention[key] for key in ("id", "username", "acct", "url") if key in mention}


def quoted_of(status: dict[str, Any]) -> dict[str, Any]:
    """Return the post that this one quotes: Mastodon wraps it with its state, others give it as it is."""
    quote = mapping(status.get("quote")) or mapping(mapping(status.get("pleroma")).get("quote"))
    return mapping(quote.get("quoted_status")) or (quote if "content" in quote else {})
