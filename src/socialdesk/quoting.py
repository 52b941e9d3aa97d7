"""A secret as it may be met in what networks and libraries say: quoted by an address, JSON, HTML or Python."""

from __future__ import annotations

import html
import json
import re


def spelt(secret: str) -> str:
    """Return the regular expression of a text in any of its spellings, also where they are mixed."""
    return "".join(map(_ways, secret))


def _ways(char: str) -> str:
    if char.isascii() and char.isalnum():
        return char
    data = char.encode("utf-8", "surrogatepass")
    coded = (
        "".join(f"%{byte:02x}" for byte in data),
        "".join(rf"\\{{1,4}}x{byte:02x}" for byte in data),  # a repr of bytes
        re.escape(json.dumps(char)[1:-1]),
        re.escape(html.escape(char)),
        f"&#{ord(char)};",
        f"&#x{ord(char):x};",
    )
    blank = r"|\+" if char == " " else ""
    # The backslashes are those of JSON in JSON.
    return rf"(?:\\{{0,4}}(?i:{'|'.join(coded)})|\\{{0,4}}{re.escape(char)}{blank})"
