"""In another language than the customer's, or than the one asked for (NEEDS C6)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from socialdesk.checking.draft import Draft, Finding, expected, guessed_in, written_in
from socialdesk.checking.rules import Rules
from socialdesk.checking.spelling.tongues import is_rather
from socialdesk.i18n import N_, _

_WORD = re.compile(r"(?<![@#\w])[^\W\d_]{2,}")
_FEWEST = 3
"""Words; of fewer nobody can tell."""

_NAMES = {
    "es": N_("Spanish"),
    "ca": N_("Catalan"),
    "gl": N_("Galician"),
    "eu": N_("Basque"),
    "en": N_("English"),
    "pt": N_("Portuguese"),
    "fr": N_("French"),
    "it": N_("Italian"),
    "de": N_("German"),
    "nl": N_("Dutch"),
}


def find(draft: Draft, rules: Rules) -> Iterator[Finding]:
    """Yield one finding over the whole draft."""
    wanted = expected(draft)
    if not wanted or len(_WORD.findall(draft.text)) < _FEWEST:
        return
    written = guessed_in(draft.text) and written_in(draft)
    if (
        not written
        or written == wanted
        or not (draft.language or is_rather(draft.reply_to, wanted, written, 0.05))
    ):
        return
    message = _("This is in {written}, and {wanted} is expected.").format(
        written=_name(written), wanted=_name(wanted)
    )
    start = len(draft.text) - len(draft.text.lstrip())
    yield Finding("language", "other_language", start, len(draft.text.rstrip()), message)


def _name(language: str) -> str:
    return _(_NAMES[language]) if language in _NAMES else language
