"""What is stored: one payload a post or message, the same whichever list it was found in, so that another payload means an edit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from socialdesk.connectors.contract import Raw
from socialdesk.connectors.shapes import digest, identity, items, mapping, mappings, text
from socialdesk.connectors.x.client import Me
from socialdesk.connectors.x.shape import lasting_id, referenced

_VOLATILE = frozenset(
    {"public_metrics", "non_public_metrics", "organic_metrics", "promoted_metrics", "context_annotations"}
    | {"edit_controls", "withheld"}
)
_OF_AN_AUTHOR = ("id", "username", "name")


class Beside(NamedTuple):
    """What an answer brings beside its list: the people, posts and files that it speaks of, by their ids."""

    people: dict[str, dict[str, Any]]
    posts: dict[str, dict[str, Any]]
    files: dict[str, dict[str, Any]]


def beside(answer: dict[str, Any]) -> Beside:
    """Return what came beside the list; what X could not give is missing."""
    found = mapping(answer.get("includes"))
    return Beside(
        {identity(one.get("id")): one for one in mappings(found.get("users"))},
        {identity(one.get("id")): one for one in mappings(found.get("tweets"))},
        {text(one.get("media_key")): one for one in mappings(found.get("media"))},
    )


def posts(answer: dict[str, Any], me: Me) -> Iterator[Raw]:
    """Return the customers' posts of an answer, oldest first, each after the post that it answers or quotes."""
    found = beside(answer)
    for post in reversed(mappings(answer.get("data"))):
        if identity(post.get("author_id")) == me.id or referenced(post, "retweeted"):
            continue  # passing on is no message to anybody
        yield from _above(post, found, me)
        yield incoming(post, found, me)


def incoming(post: dict[str, Any], found: Beside, me: Me) -> Raw:
    """Return what a customer wrote in public."""
    quoted = found.posts.get(referenced(post, "quoted"), {})
    return Raw(
        lasting_id(post) or f"odd|{digest(post)}",
        {
            "kind": "post",
            "post": _kept(post),
            "author": _author(found, post.get("author_id")),
            "quoted": _kept(quoted),
            "files": _files(post, found),
            "me": me._asdict(),
        },
    )


def answers(answer: dict[str, Any], me: Me) -> Iterator[Raw]:
    """Return the brand's own answers to somebody, oldest first, wherever they were written."""
    found = beside(answer)
    for post in reversed(mappings(answer.get("data"))):
        to = identity(post.get("in_reply_to_user_id"))
        if to and to != me.id and lasting_id(post):
            payload = {"kind": "own", "post": _kept(post), "customer": _addressed(post, to, found)}
            yield Raw(lasting_id(post), {**payload, "files": _files(post, found), "me": me._asdict()})


def messages(answer: dict[str, Any], me: Me) -> Iterator[Raw]:
    """Return private messages, oldest first."""
    found = beside(answer)
    for event in reversed(mappings(answer.get("data"))):
        yield message(event, found, me)


def message(event: dict[str, Any], found: Beside, me: Me) -> Raw:
    """Return one private message, or whatever else happened in a private conversation."""
    sender = identity(event.get("sender_id"))
    payload = {"kind": "message", "event": _kept(event), "author": _author(found, sender)}
    other = other_of(text(event.get("dm_conversation_id")), me.id)
    shown = {"customer": _author(found, other)} if other else {}
    name = identity(event.get("id"))
    files = _files(event, found)
    return Raw(f"dm|{name or digest(event)}", {**payload, **shown, "files": files, "me": me._asdict()})


def other_of(conversation: str, me: str) -> str:
    """Return whom we talk with in a conversation of two, whose name is both numbers; "" for a group."""
    both = conversation.split("-")
    others = [one for one in both if one != me]
    return others[0] if len(both) == 2 and len(others) == 1 else ""


def _above(post: dict[str, Any], found: Beside, me: Me) -> Iterator[Raw]:
    """Return the post that this one answers, where X gives it."""
    above = found.posts.get(referenced(post, "replied_to"), {})
    if identity(above.get("id")) and text(above.get("text")):
        customer = _author(found, post.get("author_id"))
        key = f"{identity(post.get('conversation_id'))}|{customer['id']}"
        payload = {"kind": "context", "post": _kept(above), "author": _author(found, above.get("author_id"))}
        shared = {"customer": customer, "conversation": key, "files": _files(above, found)}
        yield Raw(f"context|{key}|{lasting_id(above)}", {**payload, **shared, "me": me._asdict()})


def _kept(value: dict[str, Any]) -> dict[str, Any]:
    """Return it without what changes by itself."""
    return {key: one for key, one in value.items() if key not in _VOLATILE}


def _author(found: Beside, number: Any) -> dict[str, Any]:
    name = identity(number)
    person = found.people.get(name, {})
    return {"id": name, **{key: person[key] for key in _OF_AN_AUTHOR[1:] if key in person}}


def _addressed(post: dict[str, Any], to: str, found: Beside) -> dict[str, Any]:
    """Return whom an answer of ours is for; where X does not describe them, its text names them."""
    named = mappings(mapping(post.get("entities")).get("mentions"))
    known = next((one for one in named if identity(one.get("id")) == to), {})
    return {"username": text(known.get("username")), **_author(found, to)}


def _files(post: dict[str, Any], found: Beside) -> list[dict[str, Any]]:
    keys = items(mapping(post.get("attachments")).get("media_keys"))
    return [_kept(found.files.get(text(key), {"type": "other"})) for key in keys]
