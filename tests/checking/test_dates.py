"""By when a promise falls due, as people say it in ten languages (need C7)."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from socialdesk.checking.commitments import when

MADRID = ZoneInfo("Europe/Madrid")
NOW = datetime(2026, 11, 18, 11, 0, tzinfo=MADRID)
"""A Wednesday."""


def said(text: str, language: str, now: datetime = NOW) -> str:
    due = when(text, language, now, MADRID)
    return "" if due is None else due.astimezone(MADRID).strftime("%a %d %b %Y %H:%M")


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("te llamamos hoy", "Wed 18 Nov 2026 20:00"),
        ("mañana te llamamos", "Thu 19 Nov 2026 20:00"),
        ("pasado mañana lo tienes", "Fri 20 Nov 2026 20:00"),
        ("esta tarde te aviso", "Wed 18 Nov 2026 20:00"),
        ("esta misma tarde a las 7", "Wed 18 Nov 2026 19:00"),
        ("esta noche", "Wed 18 Nov 2026 22:00"),
        ("la respuesta mañana antes de las 12:00", "Thu 19 Nov 2026 12:00"),
        ("mañana por la mañana", "Thu 19 Nov 2026 14:00"),
        ("mañana a primera hora", "Thu 19 Nov 2026 10:00"),
        ("mañana antes de comer", "Thu 19 Nov 2026 14:00"),
        ("el lunes sale tu pedido", "Mon 23 Nov 2026 20:00"),
        ("el miércoles", "Wed 25 Nov 2026 20:00"),
        ("el martes 24 a las 10", "Tue 24 Nov 2026 10:00"),
        ("el jueves entre las 9 y las 11", "Thu 19 Nov 2026 11:00"),
        ("antes del viernes", "Thu 19 Nov 2026 20:00"),
        ("antes del viernes a las 12", "Fri 20 Nov 2026 12:00"),
        ("antes del día 15", "Mon 14 Dec 2026 20:00"),
        ("el 3 de mayo", "Mon 03 May 2027 20:00"),
        ("el 24/11", "Tue 24 Nov 2026 20:00"),
        ("a las 17:30", "Wed 18 Nov 2026 17:30"),
        ("a las cinco de la tarde", "Wed 18 Nov 2026 17:00"),
        ("a las dos y media", "Wed 18 Nov 2026 14:30"),
        ("a las 9 de la noche", "Wed 18 Nov 2026 21:00"),
        ("en 24 horas", "Thu 19 Nov 2026 11:00"),
        ("en un plazo máximo de 48 h", "Fri 20 Nov 2026 11:00"),
        ("en 24/48 h", "Fri 20 Nov 2026 11:00"),
        ("en diez minutos", "Wed 18 Nov 2026 11:10"),
        ("en un ratito", "Wed 18 Nov 2026 12:00"),
        ("dentro de dos días", "Fri 20 Nov 2026 20:00"),
        ("en 3-5 días", "Mon 23 Nov 2026 20:00"),
        ("en diez días hábiles", "Wed 02 Dec 2026 20:00"),
        ("la semana que viene", "Fri 27 Nov 2026 20:00"),
        ("a lo largo del día", "Wed 18 Nov 2026 20:00"),
        ("esta semana", "Fri 20 Nov 2026 20:00"),
        ("a finales de mes", "Mon 30 Nov 2026 20:00"),
        ("a comienzos de mes", "Sat 05 Dec 2026 20:00"),
        ("para Navidad", "Thu 24 Dec 2026 20:00"),
    ],
)
def test_c7_spanish_says_by_when(text: str, due: str) -> None:
    assert said(text, "es") == due


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("this afternoon", "Wed 18 Nov 2026 18:00"),
        ("tonight", "Wed 18 Nov 2026 22:00"),
        ("by Friday", "Fri 20 Nov 2026 20:00"),
        ("before Friday", "Thu 19 Nov 2026 20:00"),
        ("on Friday at noon", "Fri 20 Nov 2026 12:00"),
        ("on Monday between nine and eleven", "Mon 23 Nov 2026 11:00"),
        ("tomorrow morning", "Thu 19 Nov 2026 12:00"),
        ("first thing tomorrow", "Thu 19 Nov 2026 10:00"),
        ("by the end of the day", "Wed 18 Nov 2026 20:00"),
        ("within 24 hours", "Thu 19 Nov 2026 11:00"),
        ("within five working days", "Wed 25 Nov 2026 20:00"),
        ("in two days", "Fri 20 Nov 2026 20:00"),
        ("next week", "Fri 27 Nov 2026 20:00"),
        ("before the weekend", "Fri 20 Nov 2026 20:00"),
        ("by 5 pm on Monday", "Mon 23 Nov 2026 17:00"),
        ("today before five", "Wed 18 Nov 2026 17:00"),
        ("by half past three tomorrow", "Thu 19 Nov 2026 15:30"),
        ("at nine tonight", "Wed 18 Nov 2026 21:00"),
        ("on the 9th", "Wed 09 Dec 2026 20:00"),
        ("May 3rd", "Mon 03 May 2027 20:00"),
        ("in January", "Sun 31 Jan 2027 20:00"),
    ],
)
def test_c7_english_says_by_when(text: str, due: str) -> None:
    assert said(text, "en") == due


@pytest.mark.parametrize(
    ("language", "text", "due"),
    [
        ("ca", "demà al matí", "Thu 19 Nov 2026 14:00"),
        ("ca", "abans de divendres", "Thu 19 Nov 2026 20:00"),
        ("gl", "mañá pola mañá", "Thu 19 Nov 2026 14:00"),
        ("gl", "o luns", "Mon 23 Nov 2026 20:00"),
        ("pt", "na sexta-feira", "Fri 20 Nov 2026 20:00"),
        ("pt", "depois de amanhã", "Fri 20 Nov 2026 20:00"),
        ("fr", "demain matin", "Thu 19 Nov 2026 12:00"),
        ("fr", "à 17h30", "Wed 18 Nov 2026 17:30"),
        ("it", "entro 24 ore", "Thu 19 Nov 2026 11:00"),
        ("it", "domattina", "Thu 19 Nov 2026 13:00"),
        ("de", "morgen früh", "Thu 19 Nov 2026 12:00"),
        ("de", "am 3. Mai", "Mon 03 May 2027 20:00"),
        ("nl", "morgenochtend", "Thu 19 Nov 2026 12:00"),
        ("nl", "binnen 24 uur", "Thu 19 Nov 2026 11:00"),
        ("eu", "bihar goizean", "Thu 19 Nov 2026 14:00"),
        ("eu", "ostiralean", "Fri 20 Nov 2026 20:00"),
    ],
)
def test_c7_c6_the_usual_words_of_the_other_languages(language: str, text: str, due: str) -> None:
    assert said(text, language) == due


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "Te avisamos en cuanto llegue."),
        ("es", "Nos quedan las dos tallas."),
        ("en", "We'll let you know."),
        ("es", "el 31 de febrero"),
        ("xx", "mañana"),
        ("", "mañana"),
    ],
)
def test_c7_a_promise_without_a_time_has_none(language: str, text: str) -> None:
    assert said(text, language) == ""


def test_c7_today_said_after_hours_means_until_midnight_and_a_time_gone_by_means_tomorrow() -> None:
    late = datetime(2026, 11, 18, 20, 30, tzinfo=MADRID)
    assert said("te contesto hoy", "es", late) == "Wed 18 Nov 2026 23:59"
    assert said("te llamo a las 10:00", "es", late) == "Thu 19 Nov 2026 10:00"


def test_c7_a_time_is_meant_where_the_person_is_and_kept_in_utc_across_the_change_of_clocks() -> None:
    eve = datetime(2027, 3, 27, 12, 0, tzinfo=MADRID)
    assert when("mañana a las 12:00", "es", eve, MADRID) == datetime(2027, 3, 28, 10, 0, tzinfo=UTC)
    assert when("en 24 horas", "es", eve, MADRID) == datetime(2027, 3, 28, 11, 0, tzinfo=UTC)
