"""What is checked, and what is found in it."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from socialdesk.domain.language import guess

_SURE = ("es", "en")
"""What is told well by a few words."""


class Draft(NamedTuple):
    """An answer as it stands, with what it answers and what the house wants."""

    text: str
    reply_to: str = ""
    """What the customer wrote, all that is still unanswered."""
    previous: tuple[str, ...] = ()
    """Answers given before, to anybody; the last one last."""
    channel: str = ""
    public: bool = True
    address: str = ""
    """"tu" or "usted" (tu/vous, du/Sie, je/u likewise); "none" or "": no house style, only a mixture is found."""
    facts: tuple[str, ...] = ()
    """What the brand itself makes known: its phone, its address."""
    language: str = ""
    """The language the answer should have, two letters; "": the customer's."""
    brand: str = ""
    names: tuple[str, ...] = ()
    """Words that are right as they are: the customer's and the brand's names."""


class Finding(NamedTuple):
    """Something to look at again. ``start`` and ``end`` count code points; ``mend`` replaces what lies between."""

    family: str
    rule: str
    start: int
    end: int
    message: str
    mend: str | None = None


def written_in(draft: Draft) -> str:
    """Return the language that the draft is written in, two letters.

    One too short to tell by, or as good in the expected language as in another, is taken to be in the expected one.
    """
    wanted, guessed = expected(draft), guessed_in(draft.text)
    if not guessed or not wanted or guessed == wanted:
        # Where neither text is long enough to tell by, both together may be.
        said = guessed or wanted or guessed_in(f"{draft.text}\n{draft.reply_to}")
        return said if wanted or said in _SURE else _or_spanish(draft.text, said)
    from socialdesk.checking.spelling.tongues import is_rather

    return guessed if is_rather(draft.text, guessed, wanted) else wanted


def _or_spanish(text: str, guessed: str) -> str:
    """Return what nothing but the text tells, asking the dictionaries: a short Spanish one looks like its neighbours."""
    from socialdesk.checking.spelling.tongues import is_known, is_rather

    if guessed:
        return guessed if is_rather(text, guessed, "es") else "es"
    return "es" if is_known(text, "es") and is_rather(text, "es", "en") else ""


def expected(draft: Draft) -> str:
    """Return the language that the draft should be written in: the one asked for, else the customer's, or ""."""
    return draft.language or guessed_in(draft.reply_to)


@lru_cache(maxsize=64)
def guessed_in(text: str) -> str:
    """Return the language that a text seems to be in, or "" where that is unsure."""
    return guess(text)
