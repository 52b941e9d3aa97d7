"""Words that ask for a private message, in a conversation that is private already: there they ask for it "here" (NEED C1)."""

from __future__ import annotations

import re

_HERE = {
    "es": (r"por (?:mensaje )?privado(?: en esta misma red)?", "por aquí"),
    "ca": (r"per (?:missatge )?privat(?: en aquesta mateixa xarxa)?", "per aquí"),
    "gl": (r"por (?:mensaxe privada|privado)(?: nesta mesma rede)?", "por aquí"),
    "eu": (r"mezu pribatuz", "hemendik"),
    "en": (r"(?:by|in a) private message(?:(?: right)? here)?", "here"),
    "pt": (r"(?:por mensagem privada|em privado)(?: nesta mesma rede)?", "por aqui"),
    "fr": (r"en (?:message )?privé(?:,? ici même)?", "ici"),
    "it": (r"in (?:un messaggio )?privato(?: qui)?", "qui"),
    "de": (r"(?:per Privatnachricht|privat)", "hier"),
    "nl": (r"(?:in een privébericht|privé)", "hier"),
}


def here(text: str, language: str) -> str:
    """Return a text for a private conversation; one in a language that is none of the ten stays as it is."""
    if language not in _HERE:
        return text
    words, instead = _HERE[language]
    return re.sub(
        rf"\b{words}\b",
        lambda found: instead.capitalize() if found[0][0].isupper() else instead,
        text,
        flags=re.IGNORECASE,
    )
