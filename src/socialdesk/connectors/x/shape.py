"""What X's numbers and texts mean."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from socialdesk.connectors.shapes import identity, items, mapping, mappings, text, web

_FIRST = datetime(2010, 11, 4, 1, 42, 54, 657000, tzinfo=UTC)
"""From when on X's ids hold the moment they were given: 22 bits below the milliseconds since then."""

_ESCAPED = re.compile(r"&(?:amp|lt|gt|quot|apos|#39);")
"""What X writes otherwise in texts; an address has other things after an ampersand."""


def first_id(at: datetime) -> str:
    """Return the smallest id that could be given at that moment."""
    return str(max((at - _FIRST) // timedelta(milliseconds=1), 0) << 22)


def given_at(name: str) -> datetime | None:
    """Return the moment in an id; None where it holds none."""
    number = int(name) if name.isdecimal() and len(name) < 20 else 0
    return _FIRST + timedelta(milliseconds=number >> 22) if number >> 22 else None


def is_number(name: str) -> bool:
    """Say whether X takes this for the number of a post or a person."""
    return name.isdecimal() and name.isascii() and len(name) < 20


def newest(*names: str) -> str:
    """Return the greatest of these ids, which are numbers; "" where there is none."""
    return max((name for name in names if name.isdecimal()), key=int, default="")


def lasting_id(post: dict[str, Any]) -> str:
    """Return the id that stays when a post is edited: that of its first version."""
    history = [
        name for one in items(post.get("edit_history_tweet_ids")) if (name := identity(one)).isdecimal()
    ]
    return min(history, key=int, default=identity(post.get("id")))


def words(post: dict[str, Any]) -> str:
    """Return the whole text, with the addresses that were typed and without those of its own pictures and quotes.

    Where an address leads in the end X learns only later, and that would look like an edit.
    """
    note = mapping(post.get("note_tweet"))
    source = note if text(note.get("text")) else post
    found = _ESCAPED.sub(lambda mark: html.unescape(mark.group()), text(source.get("text")))
    own = {identity(one.get("id")) for one in mappings(post.get("referenced_tweets"))}
    for url in mappings(mapping(source.get("entities")).get("urls")):
        short, meant = text(url.get("url")), web(url.get("expanded_url")) or web(url.get("unwound_url"))
        if short and (url.get("media_key") or _names_one(meant, own)):
            found = found.replace(short, "")
        elif short and meant:
            found = found.replace(short, meant)
    return found.strip()


def _names_one(address: str, own: set[str]) -> bool:
    """Say whether an address is that of a post which this one quotes or answers."""
    return "/status/" in address and address.rsplit("/", 1)[-1].partition("?")[0] in own


def referenced(post: dict[str, Any], kind: str) -> str:
    """Return the id of the post that this one ``replied_to`` or ``quoted``, "" where there is none."""
    for one in mappings(post.get("referenced_tweets")):
        if text(one.get("type")) == kind:
            return identity(one.get("id"))
    return ""
