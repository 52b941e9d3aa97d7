"""Web addresses in a text, found as X finds them: with http(s), or a bare name that ends in a domain in use.

The rules are those of https://github.com/twitter/twitter-text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

ENDINGS = Path(__file__).with_name("endings.txt")
"""Every ending in use that is written in ASCII letters (IANA's root zone as of October 2026), and .example."""
_LABEL = r"[^\W_](?:[\w-]*[^\W_])?"
_ASCII_LABEL = r"[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?"
_PATH = (
    r"(?:[a-z0-9!*';:=+,.$/%#\[\]\-\u2013_~@|&\u0400-\u04ff\u00c0-\u024f]|\([^\s()]*\))*"
    r"(?:[a-z0-9=_#/+\-\u0400-\u04ff\u00c0-\u024f]|\([^\s()]*\))"
)
_QUERY = r"\?[a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*[a-z0-9\-_&=#/]"
_AFTER = rf"(?P<port>:\d+)?(?P<path>/(?:{_PATH})?)?(?:{_QUERY})?"
_LONGEST_LABEL = 63
_DOTTED = re.compile(r"[^\W_]\.[^\W_]")
"""Without this there is no address, and most texts have none."""


def addresses(text: str, *, bare: bool = True) -> Iterator[tuple[int, int]]:
    """Yield where web addresses begin and end; ``bare``: those without http(s), too."""
    if _DOTTED.search(text) is None:
        return
    full, without = _expressions()
    found = [match.span() for match in full.finditer(text) if _is_sound(match["host"])]
    if bare:
        others = (match.span() for match in without.finditer(text) if _is_sound(match["host"]))
        found += [
            span for span in others if not any(span[0] < end and start < span[1] for start, end in found)
        ]
    yield from sorted(found)


@lru_cache
def _expressions() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what finds addresses with http(s) and without; compiled when first needed, the list is long."""
    ending = "|".join(sorted(ENDINGS.read_text("ascii").split(), key=len, reverse=True))
    used = rf"(?:{ending})(?![0-9a-z@+-])"
    full = rf"(?<![a-z0-9@＠$#＃])https?://(?P<host>(?:{_LABEL}\.)+(?:{used}|[^\W\d_a-z]{{2,}})){_AFTER}"
    bare = rf"(?<![a-z0-9@＠$#＃_./-])(?P<host>(?:{_ASCII_LABEL}\.)+{used}){_AFTER}"
    return re.compile(full, re.IGNORECASE), re.compile(bare, re.IGNORECASE)


def _is_sound(host: str) -> bool:
    """Say whether every label is short enough for the domain name system."""
    return all(_length(label) <= _LONGEST_LABEL for label in host.split("."))


def _length(label: str) -> int:
    return len(label) if label.isascii() else len(label.encode("punycode")) + len("xn--")
