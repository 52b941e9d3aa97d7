"""Escape sequences that speak to the desktop: window title, notification, clipboard.

Texts of customers go in here, so only printable characters are let through, and few of them. Inside tmux what tmux
does not know itself is wrapped to reach the outer terminal (tmux option ``allow-passthrough``).
"""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Mapping

BELL = "\a"
LONGEST = 200
"""Characters of a title or notification that are let through."""

_END = "\x1b\\"


def title(text: str) -> str:
    """Return the sequence that names the window (OSC 2)."""
    return f"\x1b]2;{_plain(text)}{_END}"


def keep_title() -> str:
    """Return the sequence that puts the present title aside (XTWINOPS 22)."""
    return "\x1b[22;2t"


def give_title_back() -> str:
    """Return the sequence that restores the title put aside."""
    return "\x1b[23;2t"


def notification(heading: str, text: str, environment: Mapping[str, str] | None = None) -> str:
    """Return the sequences for a desktop notification.

    OSC 777 (urxvt, foot, Ghostty, WezTerm) shows a heading and a text, OSC 9 (iTerm2, kitty, Windows Terminal...) one
    line; a terminal ignores the one that it does not know, and those that know both are sent one only.
    """
    environment = os.environ if environment is None else environment
    heading, text = _plain(heading).replace(";", ","), _plain(text)
    if environment.get("TERM_PROGRAM") in ("ghostty", "WezTerm") or environment.get("TERM", "").startswith(
        ("foot", "rxvt", "xterm-ghostty")
    ):
        return through_tmux(f"\x1b]777;notify;{heading};{text}{_END}", environment)
    return through_tmux(f"\x1b]9;{heading}: {text}{_END}", environment)


def copy(text: str, environment: Mapping[str, str] | None = None) -> str:
    """Return the sequence that puts a text on the clipboard of whoever sits at the terminal (OSC 52)."""
    coded = b64encode(text.encode()).decode("ascii")
    return through_tmux(f"\x1b]52;c;{coded}{_END}", environment)


def through_tmux(sequence: str, environment: Mapping[str, str] | None = None) -> str:
    """Wrap a sequence for tmux, if we run inside it."""
    environment = os.environ if environment is None else environment
    if not environment.get("TMUX"):
        return sequence
    doubled = sequence.replace("\x1b", "\x1b\x1b")
    return f"\x1bPtmux;{doubled}{_END}"


def _plain(text: str) -> str:
    """Return at most ``LONGEST`` printable characters of a text, every gap a blank."""
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable())[:LONGEST]
