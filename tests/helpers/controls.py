"""Reads what a program sends to a terminal and says what in it is not ours (promise 9).

The list of what may be sent is written down here on its own: nothing of it is taken from the program.
"""

from __future__ import annotations

import base64
import re
import unicodedata

_PART = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # CSI
    r"|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)"  # OSC, DCS, SOS, PM, APC
    r"|\x1b[ -/]*[0-~]?"  # any other escape
    r"|[\x00-\x1f\x7f-\x9f]"
)
_MODES = "7|25|1000|1003|1004|1006|1015|1049|2004|2026|2048"
_COUNT = r"[1-9][0-9]{0,2}"
_OURS = re.compile(
    rf"\x1b\[(?:"
    rf"(?:{_COUNT}(?:;{_COUNT})?)?H|(?:{_COUNT})?[BCGKLMX]|(?:{_COUNT};{_COUNT})?r"  # move, erase, scroll
    rf"|[0-9;]*m"  # colours
    rf"|\?(?:{_MODES})[hl]|\?(?:2026|2048)\$p|>[0-9]+u|<u|>4;[0-9]m|2[23];2t|2J"
    rf")|\x1b\]22;[a-z-]*\x07|\n|\r|\x08"
)
_TITLE = re.compile(r"\x1b\](?:2;socialdesk(?: · [0-9]+)*(?: · [0-9]+ late)?|9;socialdesk: [\w ,.:%]*)\x1b\\")
_CLIPBOARD = re.compile(r"\x1b\]52;c;([A-Za-z0-9+/=]*)(?:\x07|\x1b\\)")
_TURNING = re.compile("[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_HIDDEN = re.compile("[\u200b\u2060-\u2065\ufeff\ufff9-\ufffb\ud800-\udfff]")


def foreign(written: str) -> list[str]:
    """Return the control sequences and invisible characters on a screen's output that the screen does not send."""
    found = [part for part in _PART.findall(written) if not (_OURS.fullmatch(part) or _speaks(part))]
    return found + invisible(words(written))


def words(written: str) -> str:
    """Return what is left of an output without control sequences."""
    return _PART.sub("", written)


def in_lines(written: str) -> list[str]:
    """Return what does not belong into the plain output of a command: line ends are all that may steer."""
    return re.findall(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", written) + invisible(written)


def invisible(text: str) -> list[str]:
    """Return the characters that turn or hide what stands beside them."""
    return _TURNING.findall(text) + _HIDDEN.findall(text)


def _speaks(part: str) -> bool:
    """Say whether it is our title, our notification, or harmless words for the clipboard."""
    if _TITLE.fullmatch(part):
        return True
    copied = _CLIPBOARD.fullmatch(part)
    text = base64.b64decode(copied[1]).decode() if copied else "\0"
    return not invisible(text) and all(
        letter == "\n" or unicodedata.category(letter) != "Cc" for letter in text
    )
