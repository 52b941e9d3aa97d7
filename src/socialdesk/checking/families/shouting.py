"""Capitals for emphasis, and signs of exclamation in rows (NEEDS C3)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from socialdesk.checking.draft import Draft, Finding, written_in
from socialdesk.checking.patterns import matches
from socialdesk.checking.rules import Rules
from socialdesk.checking.spelling.speller import Speller, speller
from socialdesk.domain.urls import addresses
from socialdesk.i18n import N_, _

_LOUD = N_("Capitals read as shouting.")
_MANY = N_("One sign is enough.")
_SIGNS = re.compile(r"[!¡]{3,}|[?¿]{3,}|[!?]{4,}|[!?]*(?:!\?!|\?!\?)[!?]*")
_TOKEN = re.compile(r"(?<![\w@#/&.-])[^\W\d_]+(?:['’-][^\W\d_]+)*(?![\w@/&]|[.-]\w)")
_LONG = 5
"""Letters from which on one word alone is loud."""

_LEAST = 5
"""Letters that a row of loud words has together."""

_LABEL = re.compile(
    r"(?:\b(?:código|codigo|cupón|cupon|code|coupon|voucher|promo\w*|botón|boton|button|tecla|key|pulsa|pulse|press|click|clic en|opción|option|pestaña|tab|palabra|word|reply|responde|texting|text|escribe|type|modelo|model|referencia|marca|brand|hashtag)\b[:\s«“\"'(]*|[«“\"'‘*`(])$",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"[\s,;:'’¡!¿?-]*\Z|[\s,]*\d+[\s,]*\Z")
_QUIET = frozenset({"OK", "TV", "PC", "CD", "DVD", "VIP", "DNI", "NIE", "CIF", "NIF", "IVA", "PVP", "AVE", "TIE", "UK", "US", "USA", "UE", "EU", "IT", "ID", "AM", "PM", "LED", "SMS", "PIN", "SIM", "RSVP", "FAQ", "DIY", "ASAP", "FYI", "NHS", "BBC", "BMW", "SUV", "SOS", "LGTBI", "LGBTQ", "XL", "XXL", "XS", "XXS"})  # fmt: skip


def find(draft: Draft, rules: Rules) -> Iterator[Finding]:
    """Yield rows of capitals and of signs."""
    for match in _SIGNS.finditer(draft.text):
        yield Finding("shouting", "signs", match.start(), match.end(), _(_MANY), _fewer(match[0]))
    loud = _Loud(draft, rules)
    for start, end in loud.rows():
        words = draft.text[start:end]
        yield Finding("shouting", "capitals", start, end, _(_LOUD), loud.calm(words, start))


def _fewer(signs: str) -> str:
    return "".join(dict.fromkeys(signs))


class _Loud:
    """Finds the words in capitals that are ordinary words, for one draft."""

    def __init__(self, draft: Draft, rules: Rules) -> None:
        self._text = draft.text
        language = written_in(draft) or "es"
        self._speller: Speller = speller(language, rules.dictionaries)
        self._right = rules.words("capitals", language) | _QUIET | _given(draft)
        self._taken = [
            *addresses(draft.text),
            # What is left to fill in may be in capitals: the family of blanks tells of it.
            *(
                match.span()
                for pattern in rules.patterns("blanks")
                for match in matches(pattern, draft.text, rules.troubles)
            ),
        ]

    def rows(self) -> Iterator[tuple[int, int]]:
        """Yield where words in capitals that stand together begin and end, if they are loud enough."""
        tokens = list(_TOKEN.finditer(self._text))
        row: list[re.Match[str]] = []
        for token in [*tokens, None]:
            if token is not None and _is_capital(token[0]) and self._follows(row, token):
                row.append(token)
                continue
            yield from self._judged(row)
            row = [token] if token is not None and _is_capital(token[0]) else []

    def calm(self, words: str, start: int) -> str:
        """Return the words in small letters, the first as it should begin where it stands."""
        before = self._text[:start].rstrip(' ¡¿«“"')
        opens = not before or before[-1] in ".!?…\n"
        small = words.lower()
        return small[:1].upper() + small[1:] if opens else small

    def _follows(self, row: list[re.Match[str]], token: re.Match[str]) -> bool:
        return not row or _BETWEEN.match(self._text[row[-1].end() : token.start()]) is not None

    def _judged(self, row: list[re.Match[str]]) -> Iterator[tuple[int, int]]:
        counted = [token for token in row if self._is_loud(token)]
        letters = sum(len(token[0]) for token in counted)
        alone = any(len(token[0]) >= _LONG for token in counted)
        if alone or (len(counted) > 1 and letters >= _LEAST):
            first, last = (token for token in (counted[0], counted[-1]))
            yield first.start(), last.end()

    def _is_loud(self, token: re.Match[str]) -> bool:
        word = token[0]
        if len(word) < 2 or word in self._right or any(a <= token.start() < b for a, b in self._taken):
            return False
        if _LABEL.search(self._text[max(0, token.start() - 24) : token.start()]):
            return False
        return not self._speller.usable or self._speller.knows(word.lower())


def _is_capital(word: str) -> bool:
    return word.isupper()


def _given(draft: Draft) -> frozenset[str]:
    """Return the words in capitals that the brand or the customer uses as names."""
    texts = [*draft.names, draft.brand, *draft.facts]
    letters = [letter for letter in draft.reply_to if letter.isalpha()]
    if sum(letter.isupper() for letter in letters) * 2 < len(letters):
        texts.append(draft.reply_to)
    return frozenset(word for text in texts for word in _TOKEN.findall(text) if word.isupper())
