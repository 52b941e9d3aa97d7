"""A post in words: its text, the addresses that it hides, and what it quotes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from socialdesk.connectors.bluesky.attaching import kind_of
from socialdesk.connectors.bluesky.shape import items, mapping, repo_of, text, web_address

_QUOTE, _QUOTE_WITH_MEDIA = "app.bsky.embed.record", "app.bsky.embed.recordWithMedia"


def describe(record: Any, shown: Any = None) -> str:
    """Return the text of a post.

    ``🔗`` an address that the text hides, ``❝`` the post that it quotes: its words where ``shown``, the embed as a server
    shows it, has them, and signs where it cannot be seen (``🗑`` gone, ``🚫`` blocked, ``✂`` taken out by its author).
    """
    record = mapping(record)
    words = text(record.get("text"))
    embed = mapping(record.get("embed"))
    lines = [words, *_hidden_links(record, words), _quoted(embed, mapping(shown) or embed)]
    return "\n".join(line for line in lines if line)


def _hidden_links(record: dict[str, Any], words: str) -> Iterator[str]:
    for facet in map(mapping, items(record.get("facets"))):
        for feature in map(mapping, items(facet.get("features"))):
            address = text(feature.get("uri"))
            if address and address not in words and address.removeprefix("https://") not in words:
                yield f"🔗 {address}"


def _quoted(embed: dict[str, Any], shown: dict[str, Any]) -> str:
    kind = kind_of(embed)
    if kind not in (_QUOTE, _QUOTE_WITH_MEDIA):
        return ""
    reference, view = mapping(embed.get("record")), mapping(shown.get("record"))
    if kind == _QUOTE_WITH_MEDIA:
        reference, view = mapping(reference.get("record")), mapping(view.get("record"))
    words = text(mapping(view.get("value")).get("text"))
    uri = text(reference.get("uri"))
    post = web_address(uri) if "/app.bsky.feed.post/" in uri else ""
    return " ".join(filter(None, ("❝", _unseen(view), words or post or repo_of(uri))))


def _unseen(view: dict[str, Any]) -> str:
    signs = {"notFound": "🗑", "blocked": "🚫", "detached": "✂"}
    return next((sign for name, sign in signs.items() if view.get(name) is True), "")
