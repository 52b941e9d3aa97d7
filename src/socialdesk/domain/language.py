"""Which language a customer writes in, guessed from the small words of ten languages (NEEDS C6).

Made for short messages in a shop's inbox, in one pass over a dictionary: a word that only one language has weighs
most. Good enough to choose greetings and spelling; where it is unsure, it says so.
"""

from __future__ import annotations

import re
from functools import cache

# Function words and the words that customers use most, with and without their accents.
_WORDS = {
    "es": """
        vale el los las y es en que qué como cómo muy pero para por con una uno un del al lo le les me mi
        mis su sus yo usted ustedes vosotros nosotros hay está esta están estáis estoy este eso esto esa ese
        hola buenos buenas días tardes noches gracias muchas mucho cuándo cuando dónde donde cuánto cuanto
        cuesta pedido tienda abren abrís abierto mañana hoy ayer tengo tienen tenéis tiene puedo pueden
        podéis puede quiero quería quisiera saludos favor ya más también todavía sigo sin hacer tarta bici
        he hace desde ha han nadie nada porque si sí no ni la a se son sois era bien mejor todo llegado
        llega hasta talla ropa genial envían envíos lunes martes miércoles jueves viernes sábado domingo
        perfecto entonces siempre nunca paso luego después antes ahora alguien vuestro vuestra nuestro
        nuestra cambiar tampoco algo de os ser será sería fue perdonad solo nuevo nueva otra otro otros dos
        tres llevo dijisteis cual quién así ti tu te nos vuestras vuestros sobre ayuda mal decís decis
        estamos
    """,
    "ca": """
        el els les i és en que què com molt però per amb una un dels al li hi ho em meva meu seva seu jo
        vostè vosaltres nosaltres aquest aquesta això aquí hola bon bona dia tarda nit gràcies moltes quan
        on quant val comanda botiga obriu obert demà avui ahir tinc teniu té puc podeu pot vull voldria
        voldríem salutacions si us plau ja més també encara sense fer pastís bici he fa des ha han ningú res
        perquè no la a es són sou bé tot arribat vaig vam dissabte diumenge estic està oberts fins talla
        enviament dilluns dimarts dimecres dijous divendres perfecte doncs sempre mai després abans ara algú
        nostre nostra vostre vostra feu fem canviar tampoc de nou nova altre altra dos tres ser va així et
        ens sobre
    """,
    "gl": """
        o os as e é en que como moi pero para por con unha un do da dos das ao no na nos nas me miña meu súa
        seu eu vostede vós nós este esta isto iso ola bo bos boa boas días tardes noites grazas moitas moito
        cando onde canto custa pedido tenda abrides aberto mañá hoxe onte teño tedes ten podo podedes pode
        quero quería quixera saúdos favor xa máis tamén aínda sen facer torta bici fai desde ninguén nada
        porque si non nin se son sodes ben mellor todo chegou ata estou está estades hai quere téñoa dende
        outra foi fun luns martes mércores xoves venres sábado domingo perfecto entón sempre nunca despois
        antes agora alguén facedes facemos cambiar tampouco de ser será novo nova outro dous tres así ti che
    """,
    "eu": """
        eta da dut dugu du duzu duzue dira naiz zara zarete gara ez bai oso baina zer nola noiz non zenbat
        kaixo egun on arratsalde gabon eskerrik asko mesedez nire zure gure zuen denda dago daude zaude
        zaudete nago irekita itxita bihar gaur atzo nahi nuke dezaket dezakezue al ere oraindik gabe egin
        hau hori hura hemen inork ezer ordua ordutan eskaera dendan bat batean iritsi beharra behar tarta
        izan zen nuen zait didazue diot larunbatean agur daukat duzuen baduzue zabalik astelehena asteartea
        asteazkena osteguna ostirala igandea primeran gero orain beti inoiz norbait aldatu berri beste bi
        hiru
    """,
    "en": """
        the and is are was were i you he she it we they my your our this that these what how when where why
        who not do does did don't have has had can could would will with for from of to in on at but very
        hello hi hey good morning afternoon evening thanks thank please much order shop store open closed
        tomorrow today yesterday want need still waiting there any anyone be been an a me just so if or as
        about get got no yes it's i'm i've love size delivery which them some again here by after monday
        tuesday wednesday thursday friday saturday sunday perfect then always never before now someone
        something too change new other two three only
    """,
    "pt": """
        o os as e é em que como muito mas para por com uma um do da dos das ao no na nos nas me minha meu
        sua seu eu você vocês nós este esta isto isso olá oi bom boa dia tarde noite obrigado obrigada
        quando onde quanto custa pedido encomenda loja abrem aberto aberta amanhã hoje ontem tenho têm tem
        posso podem pode quero queria gostaria cumprimentos favor já mais também ainda sem fazer bolo
        bicicleta faz desde ninguém nada porque se não nem são bem melhor tudo chegou até estou está estão
        há foi pelo pela num numa dizer tamanho segunda terça quarta quinta sexta sábado domingo perfeito
        então sempre nunca depois antes agora alguém nosso nossa trocar mudar algo de ser será novo nova
        outro outra dois três assim te
    """,
    "fr": """
        le les la et est en que qu'est-ce comment très mais pour par avec une un des du au aux me ma mon mes
        sa son ses je vous nous il elle ce cette cet ça bonjour bonsoir salut merci beaucoup quand où
        combien coûte commande boutique magasin ouvert ouverts ouvrez fermé demain aujourd'hui hier j'ai
        avez ai a peux pouvez peut veux voudrais voudrions s'il plaît plait cordialement déjà plus aussi
        encore sans faire gâteau vélo depuis personne rien parce si oui non ne pas sont êtes suis bien mieux
        tout arrivé jusqu'à c'est votre vos notre toujours n'ai d'un d'une qui dans livraison reçu taille
        lundi mardi mercredi jeudi vendredi samedi dimanche parfait alors jamais passe prendre après avant
        maintenant quelqu'un changer de être sera nouveau nouvelle autre deux trois ainsi te sur
    """,
    "it": """
        il lo gli le la i e è in che come molto ma per con una un uno del della dei delle al alla mi mia mio
        sua suo io lei voi noi questo questa quello ciao buongiorno buonasera salve grazie mille quando dove
        quanto costa ordine negozio aperto aperti aprite chiuso domani oggi ieri ho avete ha hai posso
        potete può voglio vorrei saluti favore già più anche ancora senza fare torta bici fa da nessuno
        niente perché se sì non né sono siete bene meglio tutto arrivato fino nel nella sto sta c'è vi ci
        vostro vostra si di taglia spedite sapere sempre lunedì martedì mercoledì giovedì venerdì sabato
        domenica perfetto allora mai passo prenderlo dopo prima adesso ora qualcuno cambiare qualcosa essere
        sarà nuovo nuova altro altra due tre così te sul sulla
    """,
    "de": """
        der die das und ist sind war in dass was wie sehr aber für mit ein eine einen einem einer des dem
        den von zu zum zur ich sie wir ihr mein meine meinen ihre ihren euch euer dieser diese dies hallo
        guten tag morgen abend danke vielen dank wann wo wieviel viel kostet bestellung laden geschäft
        geöffnet offen habt haben habe hat kann könnt können möchte will würde gerne grüße bitte schon mehr
        auch noch ohne machen kuchen fahrrad seit niemand nichts weil wenn ob ja nein nicht kein keine es
        gut besser alles angekommen bis auf bei heute gestern immer man mir uns gibt wurde größe samstag
        montag dienstag mittwoch donnerstag freitag sonntag super dann nie nach vor jetzt jemand etwas neu
        neue andere zwei drei sein
    """,
    "nl": """
        de het een en is zijn was in dat wat hoe zeer heel maar voor met van te ik u jij je jullie wij we
        hij mijn uw jouw deze dit die hallo hoi goedemorgen goedemiddag goedenavond dag dank bedankt wanneer
        waar hoeveel kost bestelling winkel open gesloten morgen vandaag gisteren heb hebben hebt heeft kan
        kunnen kunt wil zou willen graag groeten alstublieft alsjeblieft al meer ook nog zonder maken taart
        fiets sinds niemand niets omdat als ja nee niet geen er goed beter alles aangekomen tot op bij om
        naar aan steeds zaterdag maat wachten mij ben weet iemand kwam werd maandag dinsdag woensdag
        donderdag vrijdag zondag prima dan altijd nooit na nu iets veranderen nieuw nieuwe andere twee drie
    """,
}
LANGUAGES = tuple(_WORDS)
"""The ten languages, two letters each."""

_LETTERS = {
    "es": ("¿", "¡", "áis", "éis", "ñ"),
    "ca": ("l·l", "ny ", "tge", "tja", "tza"),
    "gl": ("ción ", "xei", "iño", "iña"),
    "eu": ("tx", "tz", "ak ", "ko ", "ren ", "tzen", "rik "),
    "en": ("th", "ing ", "'ll", "'ve"),
    "pt": ("ã", "õ", "ções", "lh", "nh"),
    "fr": ("ê", "ç", "œ", "aux", "ez ", "eux"),
    "it": ("zione", "gli", "cch", "ò", "ù", "ì "),
    "de": ("ß", "ä", "ö", "ü", "sch", "cht"),
    "nl": ("ij", "aa", "oo", "ee", "uu", "sch"),
}
_LOOKED_AT = 400
_ENOUGH = 3.0
_AHEAD = 1.2
_CLEARLY_AHEAD = 2.0
_LETTER_WEIGHT = 2.0

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_MAYBE_NOT_WORDS = re.compile(r"[@#/]|www")
_NOT_WORDS = re.compile(r"\S*(?:://|www\.|@)\S*|#\S+")


def _weigh() -> dict[str, tuple[tuple[str, float], ...]]:
    owners: dict[str, list[str]] = {}
    for code, words in _WORDS.items():
        for word in set(words.split()):
            owners.setdefault(word, []).append(code)
    return {word: tuple((code, 4 / len(codes) ** 1.5) for code in codes) for word, codes in owners.items()}


_WEIGHTS = _weigh()


@cache
def common(language: str) -> frozenset[str]:
    """Return the small and frequent words of one of the ten languages."""
    return frozenset(_WORDS.get(language, "").split())


def guess(text: str) -> str:
    """Return the two-letter code (ISO 639-1) of the likeliest of the ten languages, or "" where it is unsure."""
    text = text[:_LOOKED_AT].lower().replace("’", "'")
    if _MAYBE_NOT_WORDS.search(text):
        text = _NOT_WORDS.sub(" ", text)
    scores = dict.fromkeys(_WORDS, 0.0)
    for word in _WORD.findall(text):
        for code, weight in _WEIGHTS.get(word, ()):
            scores[code] += weight
    return _winner(scores, _CLEARLY_AHEAD) or _winner(_with_letters(scores, text), _AHEAD)


def _with_letters(scores: dict[str, float], text: str) -> dict[str, float]:
    """Add what the spelling tells; asked only where the words leave a doubt."""
    for code, signs in _LETTERS.items():
        scores[code] += _LETTER_WEIGHT * sum(sign in text for sign in signs)
    return scores


def _winner(scores: dict[str, float], ahead: float) -> str:
    second, first = sorted(scores.values())[-2:]
    if first < _ENOUGH or first < second * ahead:
        return ""
    return max(scores, key=scores.__getitem__)
