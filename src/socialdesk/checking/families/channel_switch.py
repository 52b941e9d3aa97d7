"""Family channel-switch: the customer is sent elsewhere instead of being answered where they asked (NEEDS B1, C3).

Another way offered beside an answer is no switch; nor is one the customer asked for, nor the private messages of the
same network.
"""

from __future__ import annotations

from collections.abc import Container, Iterator

from socialdesk.checking import patterns
from socialdesk.checking.draft import Draft, Finding
from socialdesk.checking.folding import Piece, folded, sentences
from socialdesk.checking.phrases import Book, Hit, book, hits
from socialdesk.checking.phrasing import languages
from socialdesk.checking.rules import Rules
from socialdesk.i18n import _

_FAMILY = "channel-switch"
_ANY = ("es", "en")
"""The languages that a customer's question is read in."""
_SOME, _MUCH = 4, 9
"""Words of an answer beside which another way may be offered, or just named."""
_WAYS = ("look_there", "way_of_it")
"""Where something is done or written: who asks for that is answered by it."""
_NAMES = {
    "whatsapp": ("whatsapp", "wasap"),
    "telegram": ("telegram",),
    "mail": ("correo", "mail", "@"),
}
"""What the channels that a customer may be sent to are called."""


def find(draft: Draft, rules: Rules) -> Iterator[Finding]:
    """Yield the first place where the customer is sent elsewhere, where the draft has no answer of its own."""
    for pages in (book(_FAMILY, language) for language in languages(draft)):
        found = [hit for hit in sorted(hits(draft.text, pages)) if not _stays(draft, hit)]
        if found and not _asked(draft.reply_to, found) and not _answered(draft.text, found, pages):
            first = found[0]
            yield Finding(_FAMILY, first.rule, first.start, first.end, _message(first.rule))
            break
    yield from patterns.findings(_FAMILY, draft, rules, {})


def _message(rule: str) -> str:
    if rule == "come_in":
        return _("This asks the customer to come instead of answering. Answer here first, then invite.")
    if rule in ("look_there", "form"):
        return _("This sends the customer to look it up. Say here what it says there.")
    return _("This sends the customer to another channel. Answer here, and offer the other way on top.")


def _stays(draft: Draft, hit: Hit) -> bool:
    """Say whether what is named is where the conversation runs already."""
    words = folded(draft.text[hit.start : hit.end])
    return any(name in words for name in _NAMES.get(draft.channel, ()))


def _asked(question: str, found: list[Hit]) -> bool:
    """Say whether the customer asks how to reach somebody, or for the way that is shown; in whatever language."""
    plain = folded(question)
    shown = all(hit.rule in _WAYS for hit in found)
    names = ("asked", "asked_way") if shown else ("asked",)
    return any(_holds(name, plain, book(_FAMILY, language)) for name in names for language in _ANY)


def _answered(text: str, found: list[Hit], pages: Book) -> bool:
    """Say whether the draft answers too: in some words where the other way is an offer, in more where it is not."""
    plain = folded(text)
    elsewhere = {hit.sentence: hit.start for hit in reversed(found)}
    if any(_holds("before", plain[piece.start : start], pages) for piece, start in elsewhere.items()):
        return True
    answers = list(_answers(plain, elsewhere, pages))
    words = sum(len(answer.split()) for answer in answers)
    if all(_holds("offer", plain[piece.start : piece.end], pages) for piece in elsewhere):
        return words >= _SOME
    return words >= _MUCH or (words > _SOME and any(_holds("substance", one, pages) for one in answers))


def _answers(plain: str, elsewhere: Container[Piece], pages: Book) -> Iterator[str]:
    """Yield the sentences that neither send elsewhere nor are courtesy, nor ask, nor say that nothing can be said."""
    for piece in sentences(plain):
        sentence = plain[piece.start : piece.end].strip()
        idle = sentence.endswith("?") or any(
            _holds(name, sentence, pages) for name in ("courtesy", "nothing")
        )
        if piece not in elsewhere and not idle:
            yield sentence


def _holds(name: str, words: str, pages: Book) -> bool:
    pattern = pages.pattern(name)
    return pattern is not None and pattern.search(words) is not None
