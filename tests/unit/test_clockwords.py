"""What the public wait clock says, in ten languages (NEEDS A5, A6, C6)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from string import Formatter
from zoneinfo import ZoneInfo

import pytest

from socialdesk.clockphrases import LANGUAGES, PHRASES, Phrases, Unit
from socialdesk.clockwords import STEPS, all_words, before_when, figure, from_when, rounded, sentence, updated
from socialdesk.domain import language as spoken
from socialdesk.domain.waitclock import Expected

MADRID = ZoneInfo("Europe/Madrid")
NOW = datetime(2026, 11, 18, 16, 30, tzinfo=UTC)  # Wednesday, 17:30 in Madrid


def expected(low: int, high: int, **more: datetime) -> Expected:
    return Expected(4, low, (low + high) // 2, high, True, None, **more)


def test_c6_the_ten_languages_are_those_that_customers_are_understood_in() -> None:
    assert set(LANGUAGES) == set(spoken._WORDS)
    assert len(set(all_words(expected(600, 1500), NOW, MADRID).values())) >= 9, (
        "Galician and Portuguese are near"
    )


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (20, 200, "menos de 5 minutos"),
        (1000, 1190, "unos 20 minutos"),
        (600, 1500, "entre 10 y 25 minutos"),
        (3600, 7000, "entre 1 y 2 horas"),
        (2400, 6000, "entre 40 minutos y 2 horas"),
        (3500, 3600, "aproximadamente 1 hora"),
        (7200, 7200, "unas 2 horas"),
        (50_000, 400_000, "entre 12 horas y 5 días"),
        (100, 400_000, "entre 5 minutos y 5 días"),
        (10**8, 10**9, "unos 30 días"),
    ],
)
def test_a6_a_wait_is_said_as_people_say_it(low: int, high: int, words: str) -> None:
    assert figure(low, high, "es") == words
    assert sentence(expected(low, high), NOW, MADRID, "es") == f"Tiempo de espera: {words}."


def test_a6_rounding_never_promises_less_than_was_reckoned() -> None:
    for high in range(0, STEPS[-1] * 60, 997):
        least, most = rounded(high * 0.6, high)
        assert least * 60 <= high * 0.6 and most * 60 >= high


@pytest.mark.parametrize(
    ("opens", "words"),
    [
        (datetime(2026, 11, 18, 17, 0, tzinfo=UTC), "hoy a partir de las 18:00"),
        (datetime(2026, 11, 19, 9, 0, tzinfo=UTC), "mañana a partir de las 10:00"),
        (datetime(2026, 11, 23, 8, 30, tzinfo=UTC), "el lunes a partir de las 9:30"),
        (datetime(2026, 12, 8, 9, 0, tzinfo=UTC), "el 8 de diciembre a partir de las 10:00"),
        (datetime(2026, 11, 19, 0, 0, tzinfo=UTC), "mañana a partir de la 1:00"),
    ],
)
def test_a5_out_of_hours_it_says_when_somebody_answers(opens: datetime, words: str) -> None:
    closed = Expected(4, 9, 99, 999, False, opens, opens)
    assert from_when(opens, NOW, MADRID, "es") == words
    assert sentence(closed, NOW, MADRID, "es") == f"Responderemos {words}."


def test_c6_every_language_says_tomorrow_at_ten() -> None:
    tomorrow = datetime(2026, 11, 19, 9, 0, tzinfo=UTC)
    assert all_words(Expected(0, 1, 1, 1, False, tomorrow), NOW, MADRID) == {
        "es": "Responderemos mañana a partir de las 10:00.",
        "ca": "Respondrem demà a partir de les 10:00.",
        "gl": "Responderemos mañá a partir das 10:00.",
        "eu": "Bihar 10:00etatik aurrera erantzungo dugu.",
        "en": "We will answer tomorrow from 10:00.",
        "pt": "Responderemos amanhã a partir das 10:00.",
        "fr": "Nous répondrons demain à partir de 10\xa0h\xa000.",
        "it": "Risponderemo domani a partire dalle ore 10:00.",
        "de": "Wir antworten morgen ab 10:00 Uhr.",
        "nl": "Wij antwoorden morgen vanaf 10.00 uur.",
    }


def test_c6_every_language_says_between_one_and_two_hours() -> None:
    assert [figure(3600, 7200, language) for language in LANGUAGES] == [
        "entre 1 y 2 horas",
        "entre 1 i 2 hores",
        "entre 1 e 2 horas",
        "1 eta 2 ordu bitartean",
        "between 1 and 2 hours",
        "entre 1 e 2 horas",
        "entre 1 et 2 heures",
        "tra 1 e 2 ore",
        "zwischen 1 und 2 Stunden",
        "tussen 1 en 2 uur",
    ]


def test_c6_dates_are_written_as_each_language_writes_them() -> None:
    def on(day: int, language: str) -> str:
        return from_when(datetime(2027, 1, day, 12, 0, tzinfo=UTC), NOW, UTC, language)

    assert [on(day, "eu").split(" ")[1] for day in (1, 5, 8, 11, 20, 31)] == [
        "1ean",
        "5ean",
        "8an",
        "11n",
        "20an",
        "31n",
    ]
    assert on(1, "fr").startswith("le 1er janvier") and on(2, "fr").startswith("le 2 janvier")
    assert on(1, "it").startswith("il 1º gennaio") and on(8, "it").startswith("l’8 gennaio")
    assert on(7, "de").startswith("am 7. Januar") and on(7, "ca").startswith("el 7 de gener")


def test_a5_a6_where_it_may_not_fit_before_tonight_both_days_are_named() -> None:
    tomorrow = datetime(2026, 11, 19, 9, 0, tzinfo=UTC)
    words = sentence(expected(600, 60_000, high_from=tomorrow), NOW, MADRID, "es")
    assert words == "Responderemos hoy o, si no es posible, mañana a partir de las 10:00."


def test_a6_a_siesta_in_the_range_is_only_a_longer_range() -> None:
    this_evening = NOW + timedelta(hours=3)
    words = sentence(expected(600, 12_000, high_from=this_evening), NOW, MADRID, "en")
    assert words == "Waiting time: between 10 minutes and 4 hours."


def test_a6_where_nothing_is_known_nothing_is_promised() -> None:
    unknown = Expected(2, None, None, None, True, None)
    assert sentence(unknown, NOW, None, "de") == "Wir antworten so bald wie möglich."
    assert sentence(unknown, NOW, None, "xx") == PHRASES["en"].soon, (
        "an unknown language is answered in English"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_c6_every_language_is_complete_and_short(language: str) -> None:
    """The sentence has to fit beside the owner's own words, in a profile of 256 graphemes."""
    phrases = PHRASES[language]
    for field, value, model in zip(Phrases._fields, phrases, PHRASES["es"], strict=True):
        for text, like in zip(*((v if isinstance(v, Unit) else (v,)) for v in (value, model)), strict=True):
            if field not in ("since_one", "before_one", "months", "weekdays") and not field.endswith("s"):
                assert _holes(text) == _holes(like), field
            assert text or field in ("since_one", "before_one")
    assert (len(phrases.weekdays.split(", ")), len(phrases.months.split(", "))) == (7, 12)
    far = datetime(2026, 12, 30, 12, 30, tzinfo=UTC)
    for said in (
        expected(600, 60_000, high_from=far),
        expected(9, 9, answers_from=far),
        expected(2400, 9000),
    ):
        assert 10 < len(sentence(said, NOW, MADRID, language)) <= 110
    assert before_when(far, NOW, MADRID, language).count("30") == 2
    assert "17" in updated(NOW, MADRID, language) and "18" in updated(NOW, MADRID, language)


def _holes(text: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}
