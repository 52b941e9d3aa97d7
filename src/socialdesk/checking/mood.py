"""What a customer's words tell of their mood: upset, or giving us something to be thanked for (NEEDS B2, C1)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from socialdesk.checking.phrases import Hit, book, hits
from socialdesk.domain.language import guess

_EMPHASIS = (
    re.compile(r"!{2,}|¡{2,}"),
    re.compile(r"\?{2,}|\?!|!\?"),
    re.compile(
        r"(?<![\w-])(?!(?:HDMI|WIFI|OLED|QLED|IBAN|IRPF|ASAP|FAQS|LGTB|COVID|SEUR|IKEA|DHL|UPS|MTB)\b)[A-ZÁÉÍÓÚÑÜ]{4,}(?![\w-])"
    ),
    re.compile(r"[😢😭😞😔😕☹💔😩😫😤🙄😒]|:\(|:'\("),
)
_ANGER = re.compile(r"[😠😡🤬👎💢🤮🖕]|!{4,}|\?{4,}")
_JOY = re.compile(r"[😍🥰❤💚💙💜🧡💛👏🙌👌😘🤩💯⭐😊😄🎉]|<3|:\)|\bxx+\b")
_THANKS = re.compile(r"^\W*(?:(?:muchas|mil) )?(?:gracias|graciass+|thanks|thank you)\b", re.IGNORECASE)
_ENOUGH, _SOME = 2, 3
"""How displeased one is who is upset; and as many hints at it say so too."""
_ORDER = ("upset", "feedback", "uneasy")
_MOST_THOROUGH = ("es", "en")


def upset(text: str) -> bool:
    """Say whether the customer is angry, hurt, worried or insists: then an answer begins by understanding."""
    return _displeasure(text) >= _ENOUGH


def gives_feedback(text: str) -> bool:
    """Say whether the customer praises or suggests something: then an answer thanks for it."""
    if not text.strip() or upset(text):
        return False
    return "feedback" in _said(text) or len(_JOY.findall(text)) > 1


def _displeasure(text: str) -> int:
    """Return how upset the words are: one that says so counts twice, one that hints at it or
    insists counts once, and praise takes one away: "lovely stay, shame about the noise".
    """
    if not text.strip():
        return 0
    said = _said(text)
    hints = said.count("uneasy")
    weight = 2 * said.count("upset") + bool(hints) + (hints >= _SOME) + 2 * bool(_ANGER.search(text))
    praise = said.count("feedback")
    thanked = _THANKS.search(text) is not None
    signs = sum(1 for sign in _EMPHASIS if sign.search(text)) if weight or not (praise or thanked) else 0
    return weight + min(signs, 1 + bool(weight)) - praise


@lru_cache(maxsize=64)
def _said(text: str) -> tuple[str, ...]:
    return tuple(rule for language in _languages(text) for rule in _rules(text, language))


def _rules(text: str, language: str) -> Iterator[str]:
    """Yield what the phrases of one language mean; what is upset is no hint as well, nor praise: it may be irony."""
    taken: list[Hit] = []
    for hit in sorted(hits(text, book("mood", language)), key=lambda hit: (_ORDER.index(hit.rule), hit)):
        if all(hit.end <= other.start or other.end <= hit.start for other in taken):
            taken.append(hit)
            yield hit.rule


def _languages(text: str) -> tuple[str, ...]:
    """Return the language of a text; where nothing tells it, those in which a short one is most often written."""
    language = guess(text)
    return (language,) if language else _MOST_THOROUGH
