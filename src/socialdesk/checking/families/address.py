"""Family address: the other form than the house's, or both in one answer (NEEDS C1, C6)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from socialdesk.checking import patterns, phrasing, respelling, spanish
from socialdesk.checking.draft import Draft, Finding
from socialdesk.checking.folding import Piece, folded
from socialdesk.checking.phrases import Hit, book
from socialdesk.checking.rules import Rules
from socialdesk.i18n import _

_WORD = re.compile(r"[^\W\d_]+")
_QUOTED = re.compile(r"«[^»]*»|“[^”]*”|\"[^\"\n]*\"")
_LEADS = re.compile(r"si|que|cuando|no|ya|l[ao]|me|nos|t[eu]|como|donde|cuanto|tambien|mientras|siempre|asi")
_OPENS = re.compile(
    r"(?:^|[.!?¡¿;:,(\n]|\b(?:pues|favor|hola)\b)[\s\"«]*(?:(?:y|pues)\s+|no\s+(?:(?:se|me|nos|l[aoe]s?)\s+)?)?$"
)
_THIRD = re.compile(r"(?:le|se l[aoe]s?|sus?)\b")
_TO_OTHERS = re.compile(r"se l[ao]s? ")
_TU = re.compile(r"\b(?:tú|tus?|te|ti|contigo)\b", re.IGNORECASE)
_OBJECT = re.compile(r"\s+l[ao]s?\b")
_PRONOUN = re.compile(r"(?:sus?|le|tus?|tú|se(?=\s+l[ao]s?\b))(?=\s|$|[.,;:!?)])", re.IGNORECASE)
_NEAR = 60
"""Characters before a word in which it is seen whether it opens a sentence."""
_ABOUT_IT = re.compile(
    r"vaya usted a saber|\b(?:nada|deja(?:te|los|mos|d)?|trat\w+|habl\w+|llam\w+|olvid\w+|tute\w+ y no) (?:de|lo de|el|del) usted\b"
)
"""Where "usted" is spoken of and nobody addressed."""
_VOSEO = re.compile(
    r"\b(?:vos|tenés|podés|querés|sos|sabés|hacés|decís|contanos|decinos|escribinos|mandanos|avisanos|pasanos|fijate|acordate)\b"
)


class _Sign(NamedTuple):
    start: int
    end: int
    kind: str
    mend: str | None = None


def find(draft: Draft, rules: Rules) -> Iterator[Finding]:
    """Yield every word of the form that the house does not use; without a house form, those of the rarer one."""
    covered = _covered(draft)
    signs = sorted(
        sign for sign in _signs(draft) if not any(start <= sign.start < end for start, end in covered)
    )
    wrong = _wrong(draft.address, [sign.kind for sign in signs])
    end = -1
    for sign in signs:
        if sign.kind == wrong and sign.start >= end:
            end = sign.end
            rule = "mixed" if draft.address not in ("tu", "usted") else f"not_{wrong}"
            yield Finding("address", rule, sign.start, sign.end, _message(rule), sign.mend)
    yield from patterns.findings("address", draft, rules, {})


def _wrong(house: str, kinds: list[str]) -> str:
    if house in ("tu", "usted"):
        return "usted" if house == "tu" else "tu"
    if len(set(kinds)) < 2:
        return ""
    return "tu" if kinds.count("tu") < kinds.count("usted") else "usted"


def _message(rule: str) -> str:
    if rule == "mixed":
        return _("This answer mixes two forms of address. Keep to one of them.")
    if rule == "not_usted":
        return _("The house addresses customers as friends here: this is the formal way.")
    return _("The house addresses customers formally: this is how friends are addressed.")


def _covered(draft: Draft) -> list[tuple[int, int]]:
    """Return the places that are quoted, or part of a name or of the brand's."""
    names = (re.compile(re.escape(name), re.IGNORECASE) for name in (draft.brand, *draft.names) if name)
    return [found.span() for expression in (_QUOTED, *names) for found in expression.finditer(draft.text)]


def _signs(draft: Draft) -> Iterator[_Sign]:
    other, spoken = _speaks_of_another(draft), phrasing.languages(draft)
    for hit in phrasing.found("address", draft):
        words = folded(draft.text[hit.start : hit.end])
        if other and (_THIRD.match(words) or (hit.rule == "usted" and "usted" not in words)):
            continue
        if hit.rule == "usted" and _TO_OTHERS.match(words) and _says_tu(draft.text, hit.sentence):
            continue
        mend = hit.mend or (_pronoun_mend(draft.text, hit) if spoken[0] == "es" else None)
        yield _Sign(hit.start, hit.end, hit.rule, mend)
    if "es" in spoken:
        yield from _spanish(draft.text)


def _speaks_of_another(draft: Draft) -> bool:
    """Say whether the customer speaks of somebody else, of whom the answer may say "le" or "su" as well."""
    somebody = (book("address", language).pattern("somebody") for language in phrasing.languages(draft))
    return any(pattern and pattern.search(folded(draft.reply_to)) for pattern in somebody)


def _says_tu(text: str, piece: Piece) -> bool:
    """Say whether a sentence addresses a friend: what it gives "se lo" to is then somebody else."""
    return _TU.search(text, piece.start, piece.end) is not None


def _spanish(text: str) -> Iterator[_Sign]:
    plain, small = folded(text), text.lower()
    voseo = _VOSEO.search(small) is not None
    before = ""
    for found in _WORD.finditer(plain):
        word, exact = found.group(), small[found.start() : found.end()]
        kind = _kind(plain, found, exact, before)
        if kind and not (voseo and kind == "tu"):
            yield _Sign(found.start(), found.end(), kind, _mend(text, found.start(), found.end(), kind))
        before = word


def _mend(text: str, start: int, end: int, kind: str) -> str | None:
    """Return the word in the other form: "te lo" is "se lo" to a stranger."""
    if kind == "tu" and folded(text[start:end]) == "te" and _OBJECT.match(text, end):
        return text[start].replace("t", "s").replace("T", "S") + "e"
    return (respelling.to_usted if kind == "tu" else respelling.to_tu)(text[start:end])


def _pronoun_mend(text: str, hit: Hit) -> str | None:
    """Return a phrase of "su", "le" or "tu" in the other form; None: it is one of verbs."""
    found = _PRONOUN.match(text, hit.start)
    if found is None or found.end() > hit.end:
        return None
    word, rest = found[0], text[found.end() : hit.end]
    if word.lower() == "se":
        return word[0].replace("s", "t").replace("S", "T") + "e" + rest
    other = (respelling.to_usted if hit.rule == "tu" else respelling.to_tu)(word)
    return None if other is None else other + rest


def _kind(plain: str, found: re.Match[str], exact: str, before: str) -> str:
    word = found.group()
    if word in ("usted", "vd", "ud"):
        return "" if _ABOUT_IT.search(plain, max(0, found.start() - _NEAR), found.end() + 8) else "usted"
    if exact in ("té", "tés", "antes"):
        return ""
    kind = spanish.kind(word, exact)
    if kind == "maybe":
        return "tu" if _LEADS.fullmatch(before) else ""
    if (
        not kind
        and word in spanish.forms().alone
        and _OPENS.search(plain, max(0, found.start() - _NEAR), found.start())
    ):
        return "usted"
    return kind
