"""The customer's language is known without asking (C6)."""

from __future__ import annotations

import pytest

from socialdesk.domain.language import guess

SENTENCES = {
    "es": """
        Hola, ¿a qué hora abrís mañana?
        Buenas tardes, quería encargar una tarta para el sábado
        Llevo tres días esperando mi pedido y nadie me contesta
        ¿Tenéis la camisa azul en la talla M?
        Muchísimas gracias, sois un encanto
        Me ha llegado la bici con la rueda pinchada
        Esto es una vergüenza, no pienso volver
        ¿Cuánto cuesta poner unos frenos nuevos?
        hola q tal, me podeis decir si hay sitio para dos
        Perfecto, entonces paso a recogerlo el jueves
        Sigo sin noticias de lo mío
        El vestido es precioso pero me queda grande
        ¿Hacéis envíos a Canarias?
        Todo riquísimo, como siempre
        Quisiera cambiar un jersey que compré ayer
    """,
    "en": """
        Hi, what time do you open tomorrow?
        I'd like to order a birthday cake for Saturday
        I have been waiting for my order for three days
        Do you have this shirt in medium?
        Thank you so much, you are the best
        My bike came back with a flat tyre
        This is a disgrace, I will not come back
        How much does it cost to fix the brakes?
        is there a table for two tonight
        Great, see you on Thursday then
        Still no news about my parcel
        The dress is lovely but too big for me
        Do you ship to Ireland?
        Is anyone there? Still waiting
        Can I return a jumper that I bought yesterday?
    """,
    "ca": """
        Hola, a quina hora obriu demà?
        Bona tarda, voldria encarregar un pastís per dissabte
        Fa tres dies que espero la meva comanda i ningú em respon
        Teniu aquesta camisa de la talla M?
        Moltes gràcies, sou fantàstics
        M'ha arribat la bici amb la roda punxada
        Això és una vergonya, no hi penso tornar
        Quant val canviar els frens?
        Bon dia, feu enviaments a Mallorca?
        Perfecte, doncs passo a buscar-ho dijous
        Encara no sé res del que vaig demanar
        El vestit és molt bonic però em va gran
    """,
    "gl": """
        Ola, a que hora abrides mañá?
        Boas tardes, quería encargar unha torta para o sábado
        Levo tres días agardando o meu pedido e ninguén me contesta
        Tedes esta camisa na talla M?
        Moitas grazas, sodes marabillosos
        Chegoume a bici coa roda picada, que fago agora?
        Isto é unha vergoña, non penso volver
        Canto custa cambiar os freos?
        Bos días, facedes envíos a Lugo?
        Moi ben, entón paso a recollelo o xoves
        Aínda non sei nada do que pedín
        O vestido é precioso pero quédame moi grande
    """,
    "eu": """
        Kaixo, zer ordutan irekitzen duzue bihar?
        Arratsalde on, larunbaterako tarta bat enkargatu nahi nuke
        Hiru egun daramatzat nire eskaeraren zain eta inork ez dit erantzuten
        Baduzue alkandora hau M neurrian?
        Eskerrik asko, zoragarriak zarete
        Bizikleta gurpila zulatuta iritsi zait
        Hau lotsagarria da, ez naiz itzuliko
        Zenbat balio du balaztak aldatzea?
        Egun on, bidaltzen duzue Bilbora?
        Primeran, ostegunean pasatuko naiz bila
        Oraindik ez dakit ezer nire eskaeraz
        Soinekoa oso polita da baina handiegia zait
    """,
    "pt": """
        Olá, a que horas abrem amanhã?
        Boa tarde, queria encomendar um bolo para sábado
        Há três dias que espero pela minha encomenda e ninguém responde
        Vocês têm esta camisa no tamanho M?
        Muito obrigada, são fantásticos
        A bicicleta chegou com o pneu furado
        Isto é uma vergonha, não volto mais
        Quanto custa trocar os travões?
        Bom dia, fazem entregas no Porto?
        Perfeito, então passo na quinta para levantar
        Ainda não sei nada do meu pedido
        O vestido é lindo mas fica muito grande
    """,
    "fr": """
        Bonjour, à quelle heure ouvrez-vous demain ?
        Bonsoir, je voudrais commander un gâteau pour samedi
        J'attends ma commande depuis trois jours et personne ne répond
        Avez-vous cette chemise en taille M ?
        Merci beaucoup, vous êtes formidables
        Mon vélo est revenu avec un pneu crevé
        C'est une honte, je ne reviendrai pas
        Combien coûte le changement des freins ?
        Est-ce que vous livrez à Lyon ?
        Parfait, je passe le prendre jeudi
        Toujours pas de nouvelles de mon colis
        La robe est très belle mais trop grande pour moi
    """,
    "it": """
        Buongiorno, a che ora aprite domani?
        Vorrei ordinare una torta per sabato
        Aspetto il mio ordine da tre giorni e nessuno risponde
        Avete questa camicia nella taglia M?
        Grazie mille, siete fantastici
        La bici è arrivata con la ruota bucata
        È una vergogna, non tornerò più
        Quanto costa cambiare i freni?
        Ciao, spedite anche a Torino?
        Perfetto, allora passo a prenderlo giovedì
        Non so ancora niente del mio pacco
        Il vestito è bellissimo ma mi sta grande
    """,
    "de": """
        Hallo, wann macht ihr morgen auf?
        Guten Tag, ich möchte eine Torte für Samstag bestellen
        Ich warte seit drei Tagen auf meine Bestellung und niemand antwortet
        Habt ihr dieses Hemd in Größe M?
        Vielen Dank, ihr seid toll
        Mein Fahrrad kam mit einem platten Reifen zurück
        Das ist eine Schande, ich komme nicht wieder
        Was kostet es, die Bremsen zu wechseln?
        Liefert ihr auch nach Köln?
        Super, dann komme ich am Donnerstag vorbei
        Immer noch keine Nachricht von meinem Paket
        Das Kleid ist sehr schön, aber mir zu groß
    """,
    "nl": """
        Hallo, hoe laat gaan jullie morgen open?
        Goedemiddag, ik wil graag een taart bestellen voor zaterdag
        Ik wacht al drie dagen op mijn bestelling en niemand antwoordt
        Hebben jullie dit overhemd in maat M?
        Heel erg bedankt, jullie zijn geweldig
        Mijn fiets kwam terug met een lekke band
        Dit is een schande, ik kom niet meer terug
        Hoeveel kost het om de remmen te vervangen?
        Leveren jullie ook in Utrecht?
        Prima, dan kom ik het donderdag ophalen
        Nog steeds geen nieuws over mijn pakket
        De jurk is erg mooi maar te groot voor mij
    """,
}
CASES = [(code, line.strip()) for code, lines in SENTENCES.items() for line in lines.strip().splitlines()]


def share_right(codes: set[str]) -> tuple[float, list[tuple[str, str, str]]]:
    wrong = [(code, guess(text), text) for code, text in CASES if code in codes and guess(text) != code]
    return 1 - len(wrong) / sum(code in codes for code, _ in CASES), wrong


def test_most_short_messages_are_recognised() -> None:
    share, wrong = share_right(set(SENTENCES))
    assert share >= 0.9, wrong


def test_spanish_and_english_hardly_ever_fail() -> None:
    share, wrong = share_right({"es", "en"})
    assert share >= 0.95, wrong


@pytest.mark.parametrize("code", SENTENCES)
def test_no_language_is_forgotten(code: str) -> None:
    share, wrong = share_right({code})
    assert share >= 0.8, wrong


@pytest.mark.parametrize(
    "text",
    ["", "👍👍", "ok", "1234", "jajaja", "https://example.org/the-and-is", "@the_is_are", "Привет, как дела"],
)
def test_unsure_is_said(text: str) -> None:
    assert guess(text) == ""


def test_addresses_and_names_do_not_count() -> None:
    assert guess("@TheBestAndWith ¿a qué hora abrís mañana? https://the.is/and") == "es"
