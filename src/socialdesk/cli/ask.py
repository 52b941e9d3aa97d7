"""Questions to the person at the terminal."""

from __future__ import annotations

import sys

from socialdesk.domain.excerpt import folded
from socialdesk.domain.text import one_line
from socialdesk.errors import Refused
from socialdesk.i18n import _


def at_terminal() -> bool:
    """Say whether there is a person to ask."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def ask(question: str, default: str = "", required: bool = True) -> str:
    """Return the answer; the prompt goes to stderr, so that piped output stays clean."""
    suffix = f" [{default}]" if default else ""
    while True:
        sys.stderr.write(f"{question}{suffix}{_end(question)}")
        sys.stderr.flush()
        line = sys.stdin.readline()
        if not line:
            raise Refused(code="no_answer")
        if answer := one_line(line).strip() or default:  # an arrow key types control characters
            return answer
        if not required:
            return ""


def ask_secret(question: str) -> str:
    """Return what is typed without being shown."""
    from getpass import getpass

    try:
        return getpass(f"{question}{_end(question)}", stream=sys.stderr).strip()
    except EOFError:
        raise Refused(code="no_answer") from None


def _end(question: str) -> str:
    return " " if question.endswith("?") else ": "


def confirmed(question: str, expected: str) -> bool:
    """Ask for a word to be typed, with its accents or without; without a terminal the answer is no."""
    if not at_terminal():
        raise Refused(_("there is no terminal to ask at; --yes confirms"), code="no_answer")
    sys.stderr.write(question)
    sys.stderr.flush()
    return folded(sys.stdin.readline().strip()) == folded(expected)
