"""What a business says by itself to a customer who writes while it is closed, in ten languages (NEEDS A5, C6).

As in ``clockphrases`` these are the business's own words to its customers, not those of the interface. Nobody is addressed in them: they fit a house that says tú and one that says usted.
"""

from __future__ import annotations

from datetime import datetime, tzinfo

from socialdesk.clockphrases import PHRASES
from socialdesk.clockwords import from_when

CLOSED = {
    "es": "Gracias por escribirnos. Ahora estamos cerrados.",
    "ca": "Gràcies per escriure'ns. Ara estem tancats.",
    "gl": "Grazas por escribirnos. Agora estamos pechados.",
    "eu": "Eskerrik asko idazteagatik. Orain itxita gaude.",
    "en": "Thank you for your message. We are closed at the moment.",
    "pt": "Obrigado por nos escrever. De momento estamos encerrados.",
    "fr": "Merci de nous avoir écrit. Nous sommes actuellement fermés.",
    "it": "Grazie per averci scritto. In questo momento siamo chiusi.",
    "de": "Vielen Dank für die Nachricht. Wir haben gerade geschlossen.",
    "nl": "Bedankt voor het bericht. We zijn op dit moment gesloten.",
}


def acknowledgement(opening: datetime, now: datetime, zone: tzinfo | None, language: str) -> str:
    """Return the thanks with when somebody answers; a language that is none of the ten is answered in English."""
    spoken = language if language in CLOSED else "en"
    when = from_when(opening, now, zone, spoken)
    answer = PHRASES[spoken].answers.format(when=when)
    return f"{CLOSED[spoken]} {answer[:1].upper()}{answer[1:]}"
