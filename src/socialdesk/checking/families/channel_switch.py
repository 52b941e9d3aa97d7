"""Family channel-switch: the customer is sent elsewhere instead of being answered here (NEEDS B1, B2)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from socialdesk.checking import patterns, phrasing
from socialdesk.checking.draft import Draft, Finding
from socialdesk.checking.folding import Piece, folded, sentences
from socialdesk.checking.phrases import Hit
from socialdesk.checking.rules import Rules
from socialdesk.i18n import _

_SWITCHES = ("away", "shop", "web")
_ANSWER = 4
"""Words beyond greeting, regret and thanks that make an answer."""
_WORD = re.compile(r"[^\W_]+")
_ASKED = re.compile(
    r"\b(?:telefono|numero (?:de|al|a)|tel[ef]*\b|correo|e-?mail|mail|whatsapp|direccion|donde (?:estais|esta|estan|queda|os|puedo|se)|como (?:os|puedo|les|se puede) (?:contact|llam|escrib|localiz)\w*"
    r"|a quien (?:escribo|llamo|tengo)|formulario|phone|number|address|where (?:are you|is your|can i find you|do i find)|how (?:can|do) i (?:contact|reach|call|email|ring)|contact details|who (?:do i|can i) (?:talk|speak|write))"
)
_SAME = {
    "whatsapp": ("whatsapp", "wasap"),
    "telegram": ("telegram",),
    "mail": ("correo", "mail", "email", "e-mail", "@"),
}
"""What is no other channel where the conversation runs there."""


def find(draft: Draft, rules: Rules) -> Iterator[Finding]:
    """Yield where the customer is told to go elsewhere; an offer on top of an answer is none."""
    found = phrasing.found("channel-switch", draft)
    switches = [hit for hit in found if hit.rule in _SWITCHES and not _stays(draft, hit)]
    if switches and not _ASKED.search(folded(draft.reply_to)):
        answers = _answers(draft.text, found, switches)
        end = -1
        for hit in sorted(switches):
            if hit.start >= end and not (answers and (hit.rule != "away" or _offered(hit, found))):
                end = hit.end
                yield Finding("channel-switch", hit.rule, hit.start, hit.end, _message(hit.rule))
    yield from patterns.findings("channel-switch", draft, rules, {})


def _message(rule: str) -> str:
    if rule == "shop":
        return _("This asks the customer to come instead of answering. Answer here first, then invite.")
    if rule == "web":
        return _("This sends the customer to look it up. Say here what it says there.")
    return _("This sends the customer to another channel. Answer here, and offer the other way on top.")


def _stays(draft: Draft, hit: Hit) -> bool:
    words = folded(draft.text[hit.start : hit.end])
    return any(word in words for word in _SAME.get(draft.channel, ()))


def _offered(switch: Hit, found: list[Hit]) -> bool:
    return any(hit.rule == "offer" and hit.sentence == switch.sentence for hit in found)


def _answers(text: str, found: list[Hit], switches: list[Hit]) -> bool:
    """Say whether anything beside greetings, regrets and the sending away is left: an answer in its own right."""
    idle = {hit.sentence for hit in found if hit.rule == "filler"}
    return any(
        _says_something(text, piece, found, switches) for piece in sentences(text) if piece not in idle
    )


def _says_something(text: str, piece: Piece, found: list[Hit], switches: list[Hit]) -> bool:
    """Count the words of a sentence; where it also sends away, only those before that, and before its offer."""
    inside = [
        hit.start for hit in (*switches, *(h for h in found if h.rule == "offer")) if hit.sentence == piece
    ]
    sends = any(hit.sentence == piece for hit in switches)
    end = min(inside) if sends else piece.end
    return len(_WORD.findall(text[piece.start : end])) >= _ANSWER and (
        not sends or _offered_there(piece, found)
    )


def _offered_there(piece: Piece, found: list[Hit]) -> bool:
    return any(hit.rule == "offer" and hit.sentence == piece for hit in found)
