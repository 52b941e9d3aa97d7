"""What the public wait clock says, in the ten languages of the customers (NEEDS A6, C6).

These are the business's own words to its customers, not those of the interface: all ten are always spoken, so they
are kept together here. Short, formal enough for any shop, with the plural forms of each language.
"""

from __future__ import annotations

from typing import NamedTuple


class Unit(NamedTuple):
    """A unit of time: "{n} minute" for one, "{n} minutes", and both with "about"."""

    one: str
    many: str
    about_one: str
    about_many: str


class Phrases(NamedTuple):
    """One language. ``{figure}`` is a wait, ``{when}`` a day with its hour, ``{low}`` and ``{high}`` numbers or waits."""

    name: str  # what the language calls itself
    updated: str  # {date} and {time}
    wait: str
    answers: str
    latest: str  # perhaps today still, else {when}
    soon: str  # where nothing can be said
    minutes: Unit
    hours: Unit
    days: Unit
    less: str
    between: str  # {low} may be a number alone, or a wait with its unit
    today: str
    tomorrow: str
    weekdays: str  # Monday first, parted by commas
    date: str  # {day} {month}
    months: str  # parted by commas
    since: str  # {day} and {time}
    since_one: str  # the same at one o'clock, where the grammar differs; else ""
    before: str  # {day} and {time}
    before_one: str  # as with since_one
    hour: str  # {h} and {m}


PHRASES = {
    "es": Phrases(
        name="Español",
        updated="Actualizado {date}, {time}",
        wait="Tiempo de espera: {figure}.",
        answers="Responderemos {when}.",
        latest="Responderemos hoy o, si no es posible, {when}.",
        soon="Responderemos lo antes posible.",
        minutes=Unit("{n} minuto", "{n} minutos", "1 minuto", "unos {n} minutos"),
        hours=Unit("{n} hora", "{n} horas", "aproximadamente 1 hora", "unas {n} horas"),
        days=Unit("{n} día", "{n} días", "aproximadamente 1 día", "unos {n} días"),
        less="menos de {high}",
        between="entre {low} y {high}",
        today="hoy",
        tomorrow="mañana",
        weekdays="el lunes, el martes, el miércoles, el jueves, el viernes, el sábado, el domingo",
        date="el {day} de {month}",
        months="enero, febrero, marzo, abril, mayo, junio, julio, agosto, septiembre, octubre, noviembre, diciembre",
        since="{day} a partir de las {time}",
        since_one="{day} a partir de la {time}",
        before="{day} antes de las {time}",
        before_one="{day} antes de la {time}",
        hour="{h}:{m:02}",
    ),
    "ca": Phrases(
        name="Català",
        updated="Actualitzat {date}, {time}",
        wait="Temps d’espera: {figure}.",
        answers="Respondrem {when}.",
        latest="Respondrem avui o, si no és possible, {when}.",
        soon="Respondrem tan aviat com puguem.",
        minutes=Unit("{n} minut", "{n} minuts", "1 minut", "uns {n} minuts"),
        hours=Unit("{n} hora", "{n} hores", "aproximadament 1 hora", "unes {n} hores"),
        days=Unit("{n} dia", "{n} dies", "aproximadament 1 dia", "uns {n} dies"),
        less="menys de {high}",
        between="entre {low} i {high}",
        today="avui",
        tomorrow="demà",
        weekdays="dilluns, dimarts, dimecres, dijous, divendres, dissabte, diumenge",
        date="el {day} {month}",
        months="de gener, de febrer, de març, d’abril, de maig, de juny, de juliol, d’agost, de setembre, d’octubre, de novembre, de desembre",
        since="{day} a partir de les {time}",
        since_one="{day} a partir de la {time}",
        before="{day} abans de les {time}",
        before_one="{day} abans de la {time}",
        hour="{h}:{m:02}",
    ),
    "gl": Phrases(
        name="Galego",
        updated="Actualizado {date}, {time}",
        wait="Tempo de espera: {figure}.",
        answers="Responderemos {when}.",
        latest="Responderemos hoxe ou, se non é posible, {when}.",
        soon="Responderemos canto antes.",
        minutes=Unit("{n} minuto", "{n} minutos", "1 minuto", "uns {n} minutos"),
        hours=Unit("{n} hora", "{n} horas", "aproximadamente 1 hora", "unhas {n} horas"),
        days=Unit("{n} día", "{n} días", "aproximadamente 1 día", "uns {n} días"),
        less="menos de {high}",
        between="entre {low} e {high}",
        today="hoxe",
        tomorrow="mañá",
        weekdays="o luns, o martes, o mércores, o xoves, o venres, o sábado, o domingo",
        date="o {day} de {month}",
        months="xaneiro, febreiro, marzo, abril, maio, xuño, xullo, agosto, setembro, outubro, novembro, decembro",
        since="{day} a partir das {time}",
        since_one="{day} a partir da {time}",
        before="{day} antes das {time}",
        before_one="{day} antes da {time}",
        hour="{h}:{m:02}",
    ),
    "eu": Phrases(
        name="Euskara",
        updated="Eguneratua: {date}, {time}",
        wait="Itxarote-denbora: {figure}.",
        answers="{when} erantzungo dugu.",
        latest="Gaur erantzungo dugu edo, ezin bada, {when}.",
        soon="Ahalik eta lasterren erantzungo dugu.",
        minutes=Unit("minutu {n}", "{n} minutu", "minutu 1", "{n} minutu inguru"),
        hours=Unit("ordubete", "{n} ordu", "ordubete inguru", "{n} ordu inguru"),
        days=Unit("egun {n}", "{n} egun", "egun 1 inguru", "{n} egun inguru"),
        less="{high} baino gutxiago",
        between="{low} eta {high} bitartean",
        today="gaur",
        tomorrow="bihar",
        weekdays="astelehenean, asteartean, asteazkenean, ostegunean, ostiralean, larunbatean, igandean",
        date="{month} {day}",
        months="urtarrilaren, otsailaren, martxoaren, apirilaren, maiatzaren, ekainaren, uztailaren, abuztuaren, irailaren, urriaren, azaroaren, abenduaren",
        since="{day} {time} aurrera",
        since_one="",
        before="{day}, {time} baino lehen",
        before_one="",
        hour="{h}:{m:02}",
    ),
    "en": Phrases(
        name="English",
        updated="Updated {date}, {time}",
        wait="Waiting time: {figure}.",
        answers="We will answer {when}.",
        latest="We will answer today or, if that is not possible, {when}.",
        soon="We will answer as soon as we can.",
        minutes=Unit("{n} minute", "{n} minutes", "1 minute", "about {n} minutes"),
        hours=Unit("{n} hour", "{n} hours", "about 1 hour", "about {n} hours"),
        days=Unit("{n} day", "{n} days", "about 1 day", "about {n} days"),
        less="less than {high}",
        between="between {low} and {high}",
        today="today",
        tomorrow="tomorrow",
        weekdays="on Monday, on Tuesday, on Wednesday, on Thursday, on Friday, on Saturday, on Sunday",
        date="on {day} {month}",
        months="January, February, March, April, May, June, July, August, September, October, November, December",
        since="{day} from {time}",
        since_one="",
        before="{day} before {time}",
        before_one="",
        hour="{h}:{m:02}",
    ),
    "pt": Phrases(
        name="Português",
        updated="Atualizado {date}, {time}",
        wait="Tempo de espera: {figure}.",
        answers="Responderemos {when}.",
        latest="Responderemos hoje ou, se não for possível, {when}.",
        soon="Responderemos o mais brevemente possível.",
        minutes=Unit("{n} minuto", "{n} minutos", "1 minuto", "cerca de {n} minutos"),
        hours=Unit("{n} hora", "{n} horas", "cerca de 1 hora", "cerca de {n} horas"),
        days=Unit("{n} dia", "{n} dias", "cerca de 1 dia", "cerca de {n} dias"),
        less="menos de {high}",
        between="entre {low} e {high}",
        today="hoje",
        tomorrow="amanhã",
        weekdays="na segunda-feira, na terça-feira, na quarta-feira, na quinta-feira, na sexta-feira, no sábado, no domingo",
        date="no dia {day} de {month}",
        months="janeiro, fevereiro, março, abril, maio, junho, julho, agosto, setembro, outubro, novembro, dezembro",
        since="{day} a partir das {time}",
        since_one="{day} a partir da {time}",
        before="{day} antes das {time}",
        before_one="{day} antes da {time}",
        hour="{h}:{m:02}",
    ),
    "fr": Phrases(
        name="Français",
        updated="Mis à jour {date}, {time}",
        wait="Temps d’attente\xa0: {figure}.",
        answers="Nous répondrons {when}.",
        latest="Nous répondrons aujourd’hui ou, à défaut, {when}.",
        soon="Nous répondrons dès que possible.",
        minutes=Unit("{n} minute", "{n} minutes", "1 minute", "environ {n} minutes"),
        hours=Unit("{n} heure", "{n} heures", "environ 1 heure", "environ {n} heures"),
        days=Unit("{n} jour", "{n} jours", "environ 1 jour", "environ {n} jours"),
        less="moins de {high}",
        between="entre {low} et {high}",
        today="aujourd’hui",
        tomorrow="demain",
        weekdays="lundi, mardi, mercredi, jeudi, vendredi, samedi, dimanche",
        date="le {day} {month}",
        months="janvier, février, mars, avril, mai, juin, juillet, août, septembre, octobre, novembre, décembre",
        since="{day} à partir de {time}",
        since_one="",
        before="{day} avant {time}",
        before_one="",
        hour="{h}\xa0h\xa0{m:02}",
    ),
    "it": Phrases(
        name="Italiano",
        updated="Aggiornato {date}, {time}",
        wait="Tempo di attesa: {figure}.",
        answers="Risponderemo {when}.",
        latest="Risponderemo oggi o, se non sarà possibile, {when}.",
        soon="Risponderemo il prima possibile.",
        minutes=Unit("{n} minuto", "{n} minuti", "1 minuto", "circa {n} minuti"),
        hours=Unit("{n} ora", "{n} ore", "circa 1 ora", "circa {n} ore"),
        days=Unit("{n} giorno", "{n} giorni", "circa 1 giorno", "circa {n} giorni"),
        less="meno di {high}",
        between="tra {low} e {high}",
        today="oggi",
        tomorrow="domani",
        weekdays="lunedì, martedì, mercoledì, giovedì, venerdì, sabato, domenica",
        date="{day} {month}",
        months="gennaio, febbraio, marzo, aprile, maggio, giugno, luglio, agosto, settembre, ottobre, novembre, dicembre",
        since="{day} a partire dalle ore {time}",
        since_one="",
        before="{day} prima delle ore {time}",
        before_one="",
        hour="{h}:{m:02}",
    ),
    "de": Phrases(
        name="Deutsch",
        updated="Aktualisiert {date}, {time}",
        wait="Wartezeit: {figure}.",
        answers="Wir antworten {when}.",
        latest="Wir antworten heute oder, falls das nicht möglich ist, {when}.",
        soon="Wir antworten so bald wie möglich.",
        minutes=Unit("{n} Minute", "{n} Minuten", "1 Minute", "etwa {n} Minuten"),
        hours=Unit("{n} Stunde", "{n} Stunden", "etwa 1 Stunde", "etwa {n} Stunden"),
        days=Unit("{n} Tag", "{n} Tagen", "etwa 1 Tag", "etwa {n} Tage"),
        less="weniger als {high}",
        between="zwischen {low} und {high}",
        today="heute",
        tomorrow="morgen",
        weekdays="am Montag, am Dienstag, am Mittwoch, am Donnerstag, am Freitag, am Samstag, am Sonntag",
        date="am {day}. {month}",
        months="Januar, Februar, März, April, Mai, Juni, Juli, August, September, Oktober, November, Dezember",
        since="{day} ab {time}",
        since_one="",
        before="{day} vor {time}",
        before_one="",
        hour="{h}:{m:02} Uhr",
    ),
    "nl": Phrases(
        name="Nederlands",
        updated="Bijgewerkt {date}, {time}",
        wait="Wachttijd: {figure}.",
        answers="Wij antwoorden {when}.",
        latest="Wij antwoorden vandaag of, als dat niet lukt, {when}.",
        soon="Wij antwoorden zo snel mogelijk.",
        minutes=Unit("{n} minuut", "{n} minuten", "1 minuut", "ongeveer {n} minuten"),
        hours=Unit("{n} uur", "{n} uur", "ongeveer 1 uur", "ongeveer {n} uur"),
        days=Unit("{n} dag", "{n} dagen", "ongeveer 1 dag", "ongeveer {n} dagen"),
        less="minder dan {high}",
        between="tussen {low} en {high}",
        today="vandaag",
        tomorrow="morgen",
        weekdays="maandag, dinsdag, woensdag, donderdag, vrijdag, zaterdag, zondag",
        date="op {day} {month}",
        months="januari, februari, maart, april, mei, juni, juli, augustus, september, oktober, november, december",
        since="{day} vanaf {time}",
        since_one="",
        before="{day} vóór {time}",
        before_one="",
        hour="{h}.{m:02} uur",
    ),
}
"""The ten languages, those of the source documents' readers first."""

LANGUAGES = tuple(PHRASES)


def day_number(day: int, language: str) -> str:
    """Return the day of a month as the language writes it in a date.

    Basque declines it by how it is said (bat, bost, hamar: -ean; hamaika: -n), French and Italian have an ordinal
    for the first, and Italian's article is elided before 8 and 11.
    """
    if language == "eu":
        spoken = day % 20
        ending = "n" if spoken == 11 else "ean" if spoken in (1, 5, 10, 15) else "an"
        return f"{day}{ending}"
    if language == "it":
        return f"l’{day}" if day in (8, 11) else "il 1º" if day == 1 else f"il {day}"
    return "1er" if language == "fr" and day == 1 else str(day)


def hour_ending(minute: int, language: str) -> str:
    """Return what the language adds to a time of day that something begins at: Basque says it in the ablative."""
    if language != "eu":
        return ""
    return "etatik" if minute == 0 else "etik"
