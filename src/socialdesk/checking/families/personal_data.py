"""Family personal-data: what belongs to one person, about to be read by everybody (NEEDS B3)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from socialdesk.checking import patterns
from socialdesk.checking.draft import Draft, Finding
from socialdesk.checking.identifiers import is_plain, shapes
from socialdesk.checking.rules import Rules
from socialdesk.i18n import _

_NUMBER = re.compile(r"\d(?:[ .()/-]?\d)*")
_PHONE = 9
"""Digits of a phone number without its country: in Spain all, elsewhere enough to tell one from another."""
_SIGNIFICANT = re.compile(r"[^\W_]")
_LEFT = 3
"""Characters of a number that its mend leaves readable: the customer knows it again, nobody else can use it."""
_MASKED = frozenset({"code", "tracking", "phone", "iban", "card", "identity"})

_OURS = re.compile(
    r"(?:\bll[aá]m[ae](?:d?nos|rnos)|\bescr[ií]b(?:e|a|id?)nos|\bescribirnos|\bnuestr[oa]s?\b|\bestamos en\b|\bestaremos en\b"
    r"|\bte esperamos en\b|\bles? esperamos en\b|\bos esperamos en\b|\bv[ie]s[ií]t[ae]nos|\bnos (?:tienes|tiene|ten[ée]is|encuentras?)\b"
    r"|\bnos puedes|\bpuedes llamar(?:nos)?\b|\btienda (?:de|en) (?:la )?(?=calle|plaza|avenida)|\b(?:call|ring|phone|e?-?mail|text|visit|write to|reach|find|message) us\b"
    r"|\bour (?!records|system|file)|\bwe(?:'|’)?(?:re| are) (?:at|on|in)\b|\bus at\b|\bus on\b|\bhelpline\b|\bfreephone\b|\bl[ií]nea gratuita|\btel[eé]fono gratuito)[^.!?\n]*$",
    re.IGNORECASE,
)
"""What comes before a phone, a mail or an address that is the brand's own."""
_OWN_ABLE = frozenset({"phone", "email", "address"})


def find(draft: Draft, rules: Rules) -> Iterator[Finding]:
    """Yield the customer's data in a public answer; what stands among the brand's facts is its own to tell."""
    if not draft.public:
        return
    known = _Known(draft.facts)
    end = -1
    for start, stop, rule in sorted(_places(draft.text)):
        found = draft.text[start:stop]
        if start < end or _is_ours(draft.text, start, rule):
            continue
        end = stop  # what is known is so in all its parts: the end of an account is no phone
        if known.holds(found):
            continue
        yield Finding("personal-data", rule, start, stop, _message(rule), _mend(rule, found))
    yield from patterns.findings("personal-data", draft, rules, {})


def _places(text: str) -> Iterator[tuple[int, int, str]]:
    for rule, shape in shapes():
        for found in shape.finditer(text):
            group = "part" if "part" in shape.groupindex else 0
            if rule != "code" or not is_plain(found[group]):
                yield (*found.span(group), rule)


class _Known:
    """What the brand says of itself: its facts, and the numbers in them."""

    def __init__(self, facts: Iterable[str]) -> None:
        self._facts = [_bare(fact) for fact in facts]
        self._numbers = [_bare(number) for fact in facts for number in _NUMBER.findall(fact)]

    def holds(self, found: str) -> bool:
        """Say whether something is the brand's own, a phone also with or without its country."""
        bare = _bare(found)
        if not bare.isdigit():
            return any(bare in fact for fact in self._facts)
        if len(bare) < _PHONE:
            return bare in self._numbers
        return any(bare[-_PHONE:] in number for number in self._numbers)


def _bare(text: str) -> str:
    """Return letters and digits only: 900 100 245 is 900-100-245."""
    return "".join(_SIGNIFICANT.findall(text.casefold()))


def _is_ours(text: str, start: int, rule: str) -> bool:
    return rule in _OWN_ABLE and _OURS.search(text, max(0, start - 90), start) is not None


def _mend(rule: str, found: str) -> str | None:
    significant = _SIGNIFICANT.findall(found)
    if rule not in _MASKED or len(significant) <= _LEFT or not any(c.isdigit() for c in found):
        return None
    return "…" + "".join(significant[-_LEFT:])


def _message(rule: str) -> str:
    return {
        "email": _("A customer's e-mail address is about to be read by everybody. Say it in private."),
        "iban": _("A bank account is about to be read by everybody. Say it in private."),
        "card": _("A card number is about to be read by everybody. Say it in private."),
        "identity": _("An identity number is about to be read by everybody. Say it in private."),
        "phone": _("A customer's phone number is about to be read by everybody. Say it in private."),
        "address": _("A customer's address is about to be read by everybody. Say it in private."),
        "birth": _("A date of birth is about to be read by everybody. Say it in private."),
    }.get(rule, _("A number of the customer's is about to be read by everybody. Say it in private."))
