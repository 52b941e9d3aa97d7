"""Blanks, length, capitals, repetition and language: what is found and what is left alone (C1, C2, C3, C6)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from socialdesk.checking.check import check
from socialdesk.checking.draft import Draft, Finding
from socialdesk.checking.rules import load

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def found(family: str, draft: Draft) -> list[Finding]:
    """Return what one family finds."""
    return [finding for finding in check(draft, load(), NOW) if finding.family == family]


def places(family: str, draft: Draft) -> list[str]:
    """Return the words that one family finds fault with."""
    return [draft.text[finding.start : finding.end] for finding in found(family, draft)]


@pytest.mark.parametrize(
    ("text", "blank"),
    [
        ("Hola, {customer}, ya está.", "{customer}"),
        ("El teléfono es {fact:phone}.", "{fact:phone}"),
        ("Hola, {{nombre}}.", "{{nombre}}"),
        ("Tu pedido [número de pedido] sale hoy.", "[número de pedido]"),
        ("Dear [first name], thank you.", "[first name]"),
        ("Gracias, <nombre>.", "<nombre>"),
        ("Abrimos a las __:__ de la tarde.", "__:__"),
        ("Llama al ____ y pregunta.", "____"),
        ("Cuesta XX € con el envío.", "XX"),
        ("El pedido xxxxx ha salido.", "xxxxx"),
        ("Hola, NOMBRE, gracias.", "NOMBRE"),
        ("Dear CUSTOMER NAME, hello.", "CUSTOMER NAME"),
        ("TODO: preguntar al almacén", "TODO"),
        ("Lorem ipsum y ya.", "Lorem ipsum"),
        ("Hola, %nombre%.", "%nombre%"),
    ],
)
def test_what_is_left_to_fill_in_is_found(text: str, blank: str) -> None:
    assert places("blanks", Draft(text)) == [blank]


@pytest.mark.parametrize(
    "text",
    [
        "Os queremos <3 y hasta pronto",
        "«Abierto ayer» [sic], qué risa.",
        "[1/2] La primera parte.",
        "La talla XXL y la XXXL están.",
        "Un 10 % de descuento y un 5%.",
        "Mira [la guía](https://example.com/guia).",
        "https://example.com/{id}/[x]_____",
        "¯\\_(ツ)_/¯ no lo sabemos",
        "El siglo XX y el XXI.",
        "Está TODO hecho a mano.",
        "Thanks for coming, Anna xx",
        ":-] :-{ (a) 3 < 5 > 2",
    ],
)
def test_what_only_looks_like_a_blank_is_left_alone(text: str) -> None:
    assert places("blanks", Draft(text)) == []


def test_too_long_counts_as_the_channel_does_and_shows_where_it_ends() -> None:
    text = "👍" * 141
    (finding,) = found("length", Draft(text, channel="x"))
    assert finding.start == 140
    assert "2" in finding.message
    (padded,) = found("length", Draft(f"\n\n  {text}  \n", channel="x"))
    assert (padded.start, padded.end) == (144, 145), "what stands around it is not counted"
    assert found("length", Draft(text, channel="x", public=False)) == []
    assert found("length", Draft(text, channel="bluesky")) == []
    assert found("length", Draft("a" * 9_000)) == []
    assert found("length", Draft("Mira https://example.com/" + "a" * 300, channel="mastodon")) == []


@pytest.mark.parametrize(
    ("text", "loud"),
    [
        ("Esto es IMPORTANTE para ti.", ["IMPORTANTE"]),
        ("El local NO ABRE hoy.", ["NO ABRE"]),
        ("¡¡¡Qué bien!!! Gracias.", ["¡¡¡", "!!!"]),
        ("¿Cómo???", ["???"]),
        ("Please NEVER DO that again.", ["NEVER DO"]),
    ],
)
def test_shouting_is_heard(text: str, loud: list[str]) -> None:
    assert places("shouting", Draft(text)) == loud


@pytest.mark.parametrize(
    "text",
    [
        "La factura lleva IVA y NIF, y va por SMS.",
        "Usa el código VERANO al pagar.",
        "Pulsa «ENVIAR» y listo.",
        "La talla XL de IKEA.",
        "¡Hola! ¡Qué bien!! 😄",
        "Con USB-C, HDMI y OLED.",
        "Un saludo de RENFE y SEUR.",
        "El modelo URBANA cuesta 90 €.",
    ],
)
def test_acronyms_codes_and_labels_are_no_shouting(text: str) -> None:
    assert places("shouting", Draft(text)) == []


def test_the_mend_of_shouting_is_calm() -> None:
    (finding,) = found("shouting", Draft("NO PUEDE SER. Lo miramos."))
    assert finding.mend == "No puede ser"


def test_the_same_answer_again_is_told_names_apart() -> None:
    before = "¡Hola, Ana! Sí, tenemos pan sin sal todos los días a partir de las 9:00."
    again = Draft(
        "¡Hola, Luis! Sí, tenemos pan sin sal todos los días a partir de las 9:00", previous=(before,)
    )
    assert [finding.rule for finding in found("repeated", again)] == ["same"]
    nearly = again._replace(text="¡Hola! Sí: tenemos pan sin sal todos los días desde las 9:00.")
    assert found("repeated", nearly)
    other = again._replace(
        text="¡Hola! El pan sin gluten llega los martes y se acaba pronto, mejor encargarlo."
    )
    assert not found("repeated", other)


def test_a_short_courtesy_may_come_back_but_not_twice_running() -> None:
    assert found("repeated", Draft("¡Gracias a ti!", previous=("Hasta luego.", "¡Gracias a ti!")))
    assert not found("repeated", Draft("¡Gracias a ti!", previous=("¡Gracias a ti!", "Hasta luego.")))


@pytest.mark.parametrize(
    ("text", "reply_to", "language", "wrong"),
    [
        ("Yes, we are open until nine today.", "¿Os?", "", False),
        ("Yes, we are open until nine today.", "Hola, ¿a qué hora cerráis hoy?", "", True),
        ("Sí, hoy abrimos hasta las nueve.", "Hi there, are you open tonight?", "", True),
        ("Sí, hoy abrimos hasta las nueve.", "Hi there, are you open tonight?", "es", False),
        (
            "El feedback del check-in online nos encanta.",
            "¿Qué tal el sistema nuevo de la tienda?",
            "",
            False,
        ),
        ("Gracias!", "Thank you very much for the help", "", False),
        ("Oui, nous sommes ouverts jusqu'à neuf heures.", "", "es", True),
        ("Quedan dos de paseo y una de montaña.", "¿Qué bicis os quedan en la tienda?", "", False),
    ],
)
def test_another_language_than_the_customers_is_told(
    text: str, reply_to: str, language: str, wrong: bool
) -> None:
    assert bool(found("language", Draft(text, reply_to=reply_to, language=language))) is wrong
