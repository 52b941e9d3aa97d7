"""What a customer's words tell of their mood: upset, or giving us something to be thanked for (NEEDS B2, C1)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from socialdesk.checking.folding import folded
from socialdesk.checking.phrases import book, hits
from socialdesk.domain.language import guess

_CAPITALS = re.compile(r"\b[A-ZÁÉÍÓÚÑÜÇ]{2,}\b")
_SIGNS = re.compile(r"[😠😡🤬😤👎💢🤮🖕😒🙄]|!{3,}|\?{3,}|(?:\?!|!\?)+")
_THANKS_SIGNS = re.compile(r"[😍🥰❤💚💙💜🧡💛👏🙌👌😘🤩💯⭐]")
_LANGUAGES = ("es", "en", "ca", "gl", "eu", "pt", "fr", "it", "de", "nl")


def upset(text: str) -> bool:
    """Say whether the customer is angry, hurt, worried or insists: then an answer begins by understanding."""
    return bool(text.strip()) and (_shouts(text) or _SIGNS.search(text) is not None or _says(text, "upset"))


def gives_feedback(text: str) -> bool:
    """Say whether the customer praises or suggests something: then an answer thanks for it."""
    if not text.strip() or upset(text):
        return False
    return _says(text, "feedback") or len(_THANKS_SIGNS.findall(text)) > 1


def _says(text: str, what: str) -> bool:
    return any(
        hit.rule == what for language in _languages(text) for hit in hits(text, book("mood", language))
    )


def _languages(text: str) -> Iterator[str]:
    language = guess(text)
    yield from (language,) if language else _LANGUAGES


def _shouts(text: str) -> bool:
    """Say whether whole words are shouted: three capitals words of a sentence, or one long one that is no code."""
    words = [word for word in _CAPITALS.findall(text) if len(word) > 2]
    small = sum(1 for word in re.findall(r"\w+", text) if word.islower())
    known = {folded(word) for word in words}
    return len(known) >= 3 and sum(map(len, words)) > small * 2 or len(words) >= 3 and small < len(words)
