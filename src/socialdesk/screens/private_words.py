"""Two sentences to customers about private messages, in their language, worded so that they fit any form of address.

They stand in where no canned reply does.
"""

from __future__ import annotations

ASKED = {
    "es": "Para verlo con todos los datos y sin que queden a la vista, mejor por mensaje privado: allí seguimos.",
    "en": "So that no details are on show, a private message would be best: we'll go on there.",
    "ca": "Per mirar-ho amb totes les dades i sense que quedin a la vista, millor per missatge privat: hi continuem.",
    "gl": "Para velo con todos os datos e sen que queden á vista, mellor por mensaxe privada: alí seguimos.",
    "eu": "Datu guztiekin eta inoren bistan utzi gabe ikusteko, hobe mezu pribatuz: han jarraituko dugu.",
    "pt": "Para ver tudo com os dados e sem que fiquem à vista, é melhor por mensagem privada: continuamos lá.",
    "fr": "Pour regarder cela avec toutes les données sans les exposer, mieux vaut un message privé : on continue là-bas.",
    "it": "Per guardarci con tutti i dati e senza lasciarli in vista, meglio un messaggio privato: continuiamo lì.",
    "de": "Damit keine Daten offen dastehen, geht es am besten per Privatnachricht: Dort machen wir weiter.",
    "nl": "Zodat er geen gegevens te zien zijn, gaat dit het best via een privébericht: daar gaan we verder.",
}
"""Asks to be written to in private."""

TOLD = {
    "es": "Acabamos de enviar un mensaje privado para verlo con calma.",
    "en": "We have just sent a private message, so as to look into it together.",
    "ca": "Acabem d'enviar un missatge privat per mirar-ho amb calma.",
    "gl": "Acabamos de enviar unha mensaxe privada para velo con calma.",
    "eu": "Mezu pribatu bat bidali berri dugu, lasai ikusteko.",
    "pt": "Acabámos de enviar uma mensagem privada para ver tudo com calma.",
    "fr": "Nous venons d'envoyer un message privé pour regarder cela calmement.",
    "it": "Abbiamo appena inviato un messaggio privato per guardarci con calma.",
    "de": "Wir haben gerade eine Privatnachricht geschickt, um das in Ruhe zu klären.",
    "nl": "We hebben net een privébericht gestuurd om dit rustig te bekijken.",
}
"""Tells everybody that the customer was written to."""


def said(words: dict[str, str], language: str) -> str:
    """Return a sentence in a language, or in English."""
    return words.get(language, words["en"])
