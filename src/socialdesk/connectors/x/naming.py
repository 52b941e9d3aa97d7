"""Two sets of names for the same things: X's documentation says "tweet", its specification has said "post" since 7 August 2026.

Answers are understood under both. Questions use the documented names, and the others from the moment on that X refuses these.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from socialdesk.connectors.shapes import mapping, mappings

_OF_A_POST = {
    "note_post": "note_tweet",
    "referenced_posts": "referenced_tweets",
    "edit_history_post_ids": "edit_history_tweet_ids",
}
_NEWER = {
    "tweet.fields": "post.fields",
    "note_tweet": "note_post",
    "referenced_tweets.id": "referenced_posts",
}
_BY_ITSELF = frozenset(
    {"author_id", "in_reply_to_user_id", "referenced_tweets", "edit_history_tweet_ids", "sender_id"}
)
"""Fields that are no longer asked for by name: they come with their expansions."""
_EXPANSIONS = {"referenced_tweets.id.author_id": ""}


def newer(params: Mapping[str, str]) -> dict[str, str]:
    """Return the same question in the specification's names."""
    return {_NEWER.get(name, name): _renamed(name, value) for name, value in params.items()}


def refused(words: str, params: Mapping[str, str]) -> bool:
    """Say whether X's refusal is about one of the names that changed."""
    told = any(name in words for name in ("tweet.fields", "dm_event.fields", "referenced_tweets"))
    return told and any(name.endswith(".fields") for name in params)


def familiar(answer: dict[str, Any]) -> dict[str, Any]:
    """Return an answer in the documented names."""
    data, beside = answer.get("data"), mapping(answer.get("includes"))
    if isinstance(data, list):
        answer = {**answer, "data": [_post(one) for one in mappings(data)]}
    if beside:
        posts = [_post(one) for one in mappings(beside.get("tweets")) + mappings(beside.get("posts"))]
        answer = {**answer, "includes": {**beside, "tweets": posts}}
    return answer


def _post(one: dict[str, Any]) -> dict[str, Any]:
    if not one.keys() & _OF_A_POST.keys():
        return one
    return {_OF_A_POST.get(key, key): value for key, value in one.items()}


def _renamed(name: str, value: str) -> str:
    if name == "expansions":
        names = [_EXPANSIONS.get(one, _NEWER.get(one, one)) for one in value.split(",")]
        also = ["in_reply_to_user_id"] if "author_id" in names else []
        return ",".join(filter(None, names + also))
    if not name.endswith(".fields") or name in ("user.fields", "media.fields"):
        return value
    return ",".join(_NEWER.get(one, one) for one in value.split(",") if one not in _BY_ITSELF)
