"""Text as people and networks see it: made harmless, shortened.

What a stranger writes may hold terminal commands, direction overrides and invisible characters. ``scrub`` takes
those out and leaves the words exactly as they were: brackets, accents and emoji stay, nothing is normalised.
"""

from __future__ import annotations

import re

MAX_BYTES = 64 * 1024
MAX_LINES = 2_000
MAX_MARKS = 8
"""Combining marks on one letter beyond this are decoration that spills over the lines around it."""

_READ = 4 * MAX_BYTES
"""Code points looked at; a longer text is nothing that anybody wrote."""

_CUT = "\n…"

# ECMA-48: CSI; then OSC, DCS, SOS, PM, APC with their ending, where they have one; then any other escape.
_SEQUENCE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*+[ -/]*+[@-~]?"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])(?:[^\x07\x1b\x80-\x9f]*+(?:\x07|\x1b\\|\x9c))?"
    r"|\x1b[ -/]*+[0-~]?"
)
_LINE_ENDS = "\x0b\x0c\x85\u2028\u2029"
_NONCHARACTERS = "\ufdd0-\ufdef" + "".join(
    chr(plane << 16 | end) for plane in range(17) for end in (0xFFFE, 0xFFFF)
)
_INVISIBLE = "\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
_DROPPED = (
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"
    + _INVISIBLE
    + _NONCHARACTERS
    + "\ud800-\udfff\U000e0080-\U000e00ff\U000e01f0-\U000e0fff"
)
_PRIVATE = "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"
_TAGS = "\U000e0000-\U000e007f"
_JOINERS = "\u200c\u200d"
# The marks that stack: Latin and symbol diacritics, Cyrillic, Hebrew, Arabic, Thai, Lao, Tibetan, variation selectors.
_MARKS_BMP = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4"
    "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0f71-\u0f84\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff"
    "\ufe00-\ufe0f\ufe20-\ufe2f"
)
_MARKS = _MARKS_BMP + "\U000e0100-\U000e01ef"

# What sends a text through the cleaning: wider than what is taken out, since few ranges make a quick search.
_SUSPECT = re.compile(
    f"[\x00-\t\x0b-\x1f\x7f-\x9f{_LINE_ENDS}{_INVISIBLE}{_JOINERS}{_MARKS_BMP}"
    "\ud800-\uf8ff\ufdd0-\ufdef\ufffe\uffff\U0001fffe-\U0010ffff]"
)
_DROP = re.compile(f"[{_DROPPED}]+")
_LINE_END = re.compile(f"\r\n?|[{_LINE_ENDS}]")
_PRIVATE_USE = re.compile(f"[{_PRIVATE}]")
# A flag of a region (England, Scotland...) is a black flag, three to six tag letters and a cancel tag (UTS 51).
_TAG = re.compile(f"(\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{{3,6}}\U000e007f)|[{_TAGS}]")
_STACK = re.compile(f"([{_MARKS}{_JOINERS}]{{{MAX_MARKS}}})[{_MARKS}{_JOINERS}]+")
_JOINER = re.compile(f"[{_JOINERS}]+")


def scrub(text: str) -> str:
    """Return the text without anything that could command a terminal, turn its direction or hide in it.

    Line ends become ``\\n``, tabs spaces, private-use characters U+FFFD. Longer texts than ``MAX_BYTES`` in UTF-8
    or ``MAX_LINES`` end in a line with "…". Scrubbing twice changes nothing more.
    """
    endless = len(text) > _READ
    text = text[:_READ]
    if _SUSPECT.search(text) is not None:
        text = _clean(text)
    if endless or (len(text) >= MAX_LINES and _too_long(text)):
        # A cut may have parted a flag or a joined emoji, which the second cleaning mends.
        text = _clean(_shortened(text)) + _CUT
    return text


def one_line(text: str) -> str:
    """Return the scrubbed text on one line, each run of white space as one space."""
    return " ".join(scrub(text).split())


def preview(text: str, limit: int = 200) -> str:
    """Return the beginning of the text on one line, at most ``limit`` code points, "…" included."""
    line = one_line(text[: limit * 8])
    if len(line) <= limit:
        return line
    return _clean(line[: limit - 1]).rstrip() + "…"


def _clean(text: str) -> str:
    """Take out what does not belong; the order matters, each step leaves nothing for the ones before it."""
    text = _DROP.sub("", _SEQUENCE.sub("", text))
    text = _LINE_END.sub("\n", text).replace("\t", " ")
    text = _PRIVATE_USE.sub("\ufffd", text)
    text = _TAG.sub(r"\1", text)
    return _JOINER.sub(_joined, _STACK.sub(r"\1", text))


def _joined(match: re.Match[str]) -> str:
    """Keep one joiner where it can join: emoji, Persian or Indic letters; never beside ASCII."""
    text, start, end = match.string, match.start(), match.end()
    inside = start > 0 and end < len(text) and text[start - 1] > "\x7f" and text[end] > "\x7f"
    return match[0][0] if inside else ""


def _too_long(text: str) -> bool:
    return text.count("\n") >= MAX_LINES or (len(text) > MAX_BYTES // 4 and len(text.encode()) > MAX_BYTES)


def _shortened(text: str) -> str:
    """Cut so that the mark of the cut still fits within both limits."""
    room = MAX_BYTES - len(_CUT.encode())
    text = text.encode()[:room].decode(errors="ignore")
    return "\n".join(text.split("\n", MAX_LINES - 1)[: MAX_LINES - 1])
