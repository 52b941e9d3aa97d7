"""The language of the interface: Spanish or English.

Sentences are written in English in the code, inside ``_()`` or ``ngettext()``, and translated by gettext catalogues in
``locale/``. ``choose`` is called once at the start; a sentence must be translated when it is shown, not when its
module is imported (``N_`` marks those that are only declared).
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Mapping
from pathlib import Path

LANGUAGES = ("es", "en")
_NEAR_SPANISH = frozenset({"ca", "gl", "eu", "ast", "an"})
"""Languages of people who read Spanish more readily than English."""
FOLDER = Path(__file__).parent / "locale"
_current: gettext.NullTranslations = gettext.NullTranslations()
_language = "en"


def preferred(environment: Mapping[str, str] | None = None) -> str:
    """Return the language that the locale asks for; Spanish where it asks for none that we speak."""
    environment = os.environ if environment is None else environment
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = environment.get(name, "")
        if value and value.split(".")[0] not in ("C", "POSIX"):
            code = value.replace("-", "_").split("_")[0].split(".")[0].lower()
            if code in _NEAR_SPANISH:
                return "es"
            return code if code in LANGUAGES else "en"
    return "es"


def choose(language: str) -> None:
    """Speak this language from now on."""
    global _current, _language
    _language = language if language in LANGUAGES else "en"
    _current = gettext.translation("socialdesk", FOLDER, languages=[_language], fallback=True)


def language() -> str:
    """Return the language in use, two letters."""
    return _language


def _(message: str) -> str:
    """Translate a sentence."""
    return _current.gettext(message)


def ngettext(one: str, many: str, number: int) -> str:
    """Translate a sentence that counts something."""
    return _current.ngettext(one, many, number)


def quoted(text: str) -> str:
    """Return a name or a value between the marks of quotation of the language in use."""
    return _('"{text}"').format(text=text)


def N_(message: str) -> str:
    """Mark a sentence for translation without translating it."""
    return message
