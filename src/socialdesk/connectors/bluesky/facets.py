"""What makes links, mentions and hashtags of a post active: their places in it, in UTF-8 bytes.

Bytes, because the protocol counts so (https://docs.bsky.app/docs/advanced-guides/post-richtext); counted in
characters, a link after an emoji would begin in the middle of another word.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

_TLDS = "com|org|net|es|cat|eus|gal|eu|info|io|app|social|shop|store|online|co|uk|fr|de|it|pt|nl|mx|ar|cl"
_HANDLE = r"(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+[a-zA-Z](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
_LINK = re.compile(
    rf"(?<![\w@./-])(?:https?://[^\s<>\"]+|(?:[a-zA-Z0-9-]+\.)+(?:{_TLDS})\b(?:/[^\s<>\"]*)?(?!@))",
    re.IGNORECASE,
)
_MENTION = re.compile(rf"(?<![\w@./])@({_HANDLE})")
_TAG = re.compile(r"(?<![^\s(])[#＃]([^\s#＃\u00ad\u2060\u200a-\u200d\u20e2]{1,64})")
_TAIL = ".,;:!?¡¿'\"»…)"

Resolve = Callable[[str], Awaitable[str | None]]


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text from ``start`` to before ``end``, in characters, and what it is."""

    start: int
    end: int
    kind: str  # link, mention or tag
    value: str


def spans(text: str) -> list[Span]:
    """Find links, mentions and hashtags; none overlaps another, links win."""
    found: list[Span] = []
    for span in [*_links(text), *_mentions(text), *_tags(text)]:
        if all(span.end <= other.start or span.start >= other.end for other in found):
            found.append(span)
    return sorted(found, key=lambda span: span.start)


async def facets(text: str, resolve: Resolve) -> list[dict[str, Any]]:
    """Return the facets of a text; ``resolve`` turns a handle into a DID, or None for nobody."""
    result = []
    for span in spans(text):
        feature = await _feature(span, resolve)
        if feature is not None:
            start = len(text[: span.start].encode())
            end = start + len(text[span.start : span.end].encode())
            result.append({"index": {"byteStart": start, "byteEnd": end}, "features": [feature]})
    return result


async def _feature(span: Span, resolve: Resolve) -> dict[str, Any] | None:
    if span.kind == "link":
        return {"$type": "app.bsky.richtext.facet#link", "uri": span.value}
    if span.kind == "tag":
        return {"$type": "app.bsky.richtext.facet#tag", "tag": span.value}
    did = await resolve(span.value)
    return None if did is None else {"$type": "app.bsky.richtext.facet#mention", "did": did}


def _links(text: str) -> list[Span]:
    result = []
    for match in _LINK.finditer(text):
        shown = _without_tail(match.group())
        address = shown if "://" in shown else f"https://{shown}"
        result.append(Span(match.start(), match.start() + len(shown), "link", address))
    return result


def _without_tail(link: str) -> str:
    while link and link[-1] in _TAIL:
        if link[-1] == ")" and link.count("(") >= link.count(")"):
            break
        link = link[:-1]
    return link


def _mentions(text: str) -> list[Span]:
    return [Span(m.start(), m.end(), "mention", m.group(1).lower()) for m in _MENTION.finditer(text)]


def _tags(text: str) -> list[Span]:
    result = []
    for match in _TAG.finditer(text):
        tag = match.group(1).rstrip(_TAIL)
        if any(letter.isalpha() for letter in tag) and not tag.startswith("\ufe0f"):
            result.append(Span(match.start(), match.start(1) + len(tag), "tag", tag))
    return result
