"""Asking customers for a private message, in their language, worded so that it fits any form of address."""

from __future__ import annotations

ASKED = {
    "es": "Para verlo con todos los datos y sin que queden a la vista, mejor por mensaje privado: allí seguimos.",
    "en": "So that no details are on show, a private message would be best: we'll go on there.",
    "ca": "Per mirar-ho amb totes les dades i sense que quedin a la vista, millor per missatge privat: hi continuem.",
    "gl": "Para velo con todos os datos e sen que queden á vista, mellor por mensaxe privada: alí seguimos.",
    "eu": "Datu guztiekin eta inoren bistan utzi gabe ikusteko, hobe mezu pribatuz: han jarraituko dugu.",
    "pt": "Para ver tudo com os dados e sem que fiquem à vista, é melhor por mensagem privada: continuamos lá.",
    "fr": "Pour regarder cela avec toutes les données sans les exposer, mieux vaut un message privé : nous y continuerons la conversation.",
    "it": "Per esaminare la cosa con tutti i dati e senza lasciarli in vista, meglio un messaggio privato: continuiamo lì.",
    "de": "Damit keine Daten offen dastehen, geht es am besten per Privatnachricht: Dort machen wir weiter.",
    "nl": "Zodat er geen gegevens te zien zijn, gaat dit het best via een privébericht: daar gaan we verder.",
}
"""Asks to be written to in private."""


def said(words: dict[str, str], language: str) -> str:
    """Return a sentence in a language, or in English."""
    return words.get(language, words["en"])
