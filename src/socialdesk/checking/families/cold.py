"""Family cold: no understanding for one who is upset, no thanks for feedback, a machine's formula (NEEDS C1)."""

from __future__ import annotations

from collections.abc import Iterator

from socialdesk.checking import mood, patterns, phrasing
from socialdesk.checking.draft import Draft, Finding
from socialdesk.checking.folding import sentences
from socialdesk.checking.phrases import Hit, book
from socialdesk.checking.rules import Rules
from socialdesk.checking.spelling.tongues import is_foreign
from socialdesk.i18n import _

_GREETING = 3
"""Words of a first sentence that only greets."""


def find(draft: Draft, rules: Rules) -> Iterator[Finding]:
    """Yield one finding at most: what is missing, or the formula that stands alone; nothing in a language that is not ours."""
    found = phrasing.found("cold", draft)
    languages = phrasing.languages(draft)
    if book("cold", languages[0]).phrases and not is_foreign(draft.text, languages):
        yield from _coldness(draft, found)
    yield from patterns.findings("cold", draft, rules, {})


def _coldness(draft: Draft, found: list[Hit]) -> Iterator[Finding]:
    kinds = {hit.rule for hit in found}
    if mood.upset(draft.reply_to) and "understanding" not in kinds:
        yield _missing(draft, "no_understanding")
    elif mood.gives_feedback(draft.reply_to) and not kinds & {"thanks", "understanding"}:
        yield _missing(draft, "no_thanks")
    elif "robotic" in kinds:
        yield from _formulas(found)


def _missing(draft: Draft, rule: str) -> Finding:
    """Say what is missing; the mend puts it at the beginning, but after "Hello, Marta!"."""
    first = sentences(draft.text)[0]
    beginning = draft.text[first.start : first.end].strip()
    opening = book("cold", phrasing.languages(draft)[0]).values.get("mend", {}).get(rule)
    greets = len(beginning.split()) <= _GREETING and first.end < len(draft.text)
    mend = " ".join((beginning, opening) if greets else (opening, beginning)) if opening else None
    return Finding("cold", rule, first.start, first.end, _message(rule), mend)


def _formulas(found: list[Hit]) -> Iterator[Finding]:
    formulas = [hit for hit in found if hit.rule == "robotic"]
    if any(hit.rule != "robotic" and not _within(hit, formulas) for hit in found):
        return
    hit = formulas[0]
    yield Finding("cold", "robotic", hit.start, hit.end, _message("robotic"))


def _within(hit: Hit, formulas: list[Hit]) -> bool:
    """Say whether a courtesy is part of a formula: "thank you for contacting us"."""
    return any(formula.start <= hit.start < formula.end for formula in formulas)


def _message(rule: str) -> str:
    if rule == "no_understanding":
        return _("The customer is upset, and nothing here shows that you understand. Begin with that.")
    if rule == "no_thanks":
        return _("The customer gives you praise or an idea. Thank them for it.")
    return _("This sounds like a machine. Say it as you would face to face.")
