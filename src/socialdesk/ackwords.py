"""What a business says by itself to a customer who writes while it is closed, in ten languages (NEEDS A5, C6).

As in ``clockphrases`` these are the business's own words to its customers, not those of the interface.
"""

from __future__ import annotations

from datetime import datetime, tzinfo

from socialdesk.clockphrases import PHRASES
from socialdesk.clockwords import from_when

CLOSED = {
    "es": "Gracias por su mensaje. Ahora estamos cerrados.",
    "ca": "Gràcies pel vostre missatge. Ara estem tancats.",
    "gl": "Grazas pola súa mensaxe. Agora estamos pechados.",
    "eu": "Eskerrik asko zure mezuagatik. Orain itxita gaude.",
    "en": "Thank you for your message. We are closed at the moment.",
    "pt": "Obrigado pela sua mensagem. De momento estamos encerrados.",
    "fr": "Merci pour votre message. Nous sommes actuellement fermés.",
    "it": "Grazie per il suo messaggio. In questo momento siamo chiusi.",
    "de": "Vielen Dank für Ihre Nachricht. Wir haben gerade geschlossen.",
    "nl": "Bedankt voor uw bericht. We zijn op dit moment gesloten.",
}


def acknowledgement(opening: datetime, now: datetime, zone: tzinfo | None, language: str) -> str:
    """Return the thanks with when somebody answers; a language that is none of the ten is answered in English."""
    spoken = language if language in CLOSED else "en"
    when = from_when(opening, now, zone, spoken)
    answer = PHRASES[spoken].answers.format(when=when)
    return f"{CLOSED[spoken]} {answer[:1].upper()}{answer[1:]}"
