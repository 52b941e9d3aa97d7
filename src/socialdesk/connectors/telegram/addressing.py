"""Whether a message in a group is for the bot: it answers it, names it or commands it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from socialdesk.connectors.telegram.shape import items, mapping, number, text


def is_addressed(message: dict[str, Any], me: dict[str, Any]) -> bool:
    """Say whether a message is for the bot. A command with another's name is not, nor is a longer name that begins alike."""
    name = text(me.get("username")).lower()
    if answers_bot(message, me) or (name and _names(_said(message), name)):
        return True
    for kind, words, entity in _entities(message):
        if kind == "bot_command" and words.lower().partition("@")[2] in ("", name):
            return True
        if number(mapping(entity.get("user")).get("id")) == number(me.get("id")):
            return True
    return False


def answers_bot(message: dict[str, Any], me: dict[str, Any]) -> bool:
    """Say whether a message replies to one of the bot. All in a topic "reply" to its beginning, which is nobody's message."""
    answered = mapping(message.get("reply_to_message"))
    begins = "forum_topic_created" in answered
    return not begins and number(mapping(answered.get("from")).get("id")) == number(me.get("id"))


def _said(message: dict[str, Any]) -> str:
    return text(message.get("text")) or text(message.get("caption"))


def _names(said: str, name: str) -> bool:
    return re.search(rf"(?<!\w)@{re.escape(name)}(?!\w)", said.lower()) is not None


def _entities(message: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield kind, words and all of each entity; places are counted in UTF-16."""
    coded = _said(message).encode("utf-16-le", "surrogatepass")
    for entity in map(mapping, items(message.get("entities")) or items(message.get("caption_entities"))):
        start, length = entity.get("offset"), entity.get("length")
        if isinstance(start, int) and isinstance(length, int) and start >= 0 and length >= 0:
            words = coded[start * 2 : (start + length) * 2].decode("utf-16-le", "replace")
            yield text(entity.get("type")), words, entity
