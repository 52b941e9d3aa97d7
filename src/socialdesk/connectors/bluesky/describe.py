"""A post in words: its text, and in signs that need no translation what a terminal cannot show."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from socialdesk.connectors.bluesky.shape import items, mapping, repo_of, text, web_address

_IMAGES = ("app.bsky.embed.images", "app.bsky.embed.gallery")


def describe(record: Any, labels: Any = None, quoted: Any = None) -> str:
    """Return the text of a post.

    ``⚠`` content warnings, ``🖼`` a picture and its description, ``🎞`` a video, ``🔗`` an address that the text hides
    or a link card, ``❝`` the post that it quotes (its words where ``quoted``, the post's hydrated embed, has them),
    ``📎`` anything else.
    """
    record = mapping(record)
    words = text(record.get("text"))
    lines = [*_warnings(record, labels), words, *_hidden_links(record, words)]
    lines += _embed(mapping(record.get("embed")), mapping(quoted))
    return "\n".join(line for line in lines if line)


def _warnings(record: dict[str, Any], labels: Any) -> list[str]:
    own = items(mapping(record.get("labels")).get("values"))
    found = [mapping(one) for one in [*items(labels), *own]]
    names = {text(one.get("val")).lstrip("!") for one in found if one.get("neg") is not True}
    names.discard("")
    return ["⚠ " + ", ".join(sorted(names))] if names else []


def _hidden_links(record: dict[str, Any], words: str) -> Iterator[str]:
    for facet in map(mapping, items(record.get("facets"))):
        for feature in map(mapping, items(facet.get("features"))):
            address = text(feature.get("uri"))
            if address and address not in words and address.removeprefix("https://") not in words:
                yield f"🔗 {address}"


def _embed(embed: dict[str, Any], view: dict[str, Any]) -> Iterator[str]:
    kind = text(embed.get("$type"))
    if kind in _IMAGES:
        for image in map(mapping, items(embed.get("images")) or items(embed.get("items"))):
            yield f"🖼 {text(image.get('alt'))}".rstrip()
    elif kind == "app.bsky.embed.video":
        yield f"🎞 {text(embed.get('alt'))}".rstrip()
    elif kind == "app.bsky.embed.external":
        card = mapping(embed.get("external"))
        yield " · ".join(filter(None, [f"🔗 {text(card.get('uri'))}", text(card.get("title"))]))
    elif kind == "app.bsky.embed.record":
        yield _quote(mapping(embed.get("record")), view)
    elif kind == "app.bsky.embed.recordWithMedia":
        yield from _embed(mapping(embed.get("media")), {})
        yield _quote(mapping(mapping(embed.get("record")).get("record")), view)
    elif kind:
        yield "📎"


def _quote(reference: dict[str, Any], view: dict[str, Any]) -> str:
    shown = mapping(view.get("record"))
    shown = mapping(shown.get("record")) or shown
    words = text(mapping(shown.get("value")).get("text"))
    uri = text(reference.get("uri"))
    post = web_address(uri) if "/app.bsky.feed.post/" in uri else ""
    return f"❝ {words or post or repo_of(uri)}".rstrip()
