"""A secret as it may be met in what networks and libraries say: quoted by an address, JSON, HTML or Python.

Or by several of them in turn, and with its UTF-8 taken for Latin-1, as servers do that repeat a header.
"""

from __future__ import annotations

import html
import json
import re

_BACKSLASHES = r"\\{0,64}+"
"""Those of JSON in JSON in JSON. Each run is taken whole, so that no text of backslashes takes its time."""
_PARTS = re.compile(r"\\+|[^\\]", re.DOTALL)


def spelt(secret: str) -> str:
    """Return the regular expression of a text in any of its spellings, also where they are mixed."""
    return "".join(map(_spelt, _PARTS.findall(secret)))


def _spelt(part: str) -> str:
    if part[0] == "\\":
        return r"(?:\\|%5[Cc]|&#92;){1,64}+"
    return part if part.isascii() and part.isalnum() else _sign(part)


def _sign(char: str) -> str:
    ways = [
        re.escape(char),
        re.escape(html.escape(char)),
        rf"&#0*{ord(char)};",
        rf"(?i:&#x0*{ord(char):x};)",
        _BACKSLASHES.join(map(_byte, char.encode("utf-8", "surrogatepass"))),
    ]
    if codes := json.dumps(char)[1:-1].split("\\u")[1:]:  # UTF-16, as JSON has it
        ways.append(_BACKSLASHES.join(f"u(?i:{code})" for code in codes))
    if char == " ":
        ways.append(r"\+")
    return rf"{_BACKSLASHES}(?:{'|'.join(ways)})"


def _byte(byte: int) -> str:
    return rf"(?:{re.escape(chr(byte))}|(?i:%{byte:02x}|x{byte:02x}|u00{byte:02x}|&#{byte};))"
