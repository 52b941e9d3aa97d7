"""A promise becomes a dated duty; what is general, done, asked or offered does not (needs A1, C7)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from socialdesk.checking.commitments import promises
from socialdesk.checking.draft import Draft
from socialdesk.checking.families.commitment import find
from socialdesk.checking.rules import Rules

NOW = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)


def promised(text: str, language: str) -> bool:
    return bool(list(find(Draft(text, language=language), Rules(now=NOW))))


@pytest.mark.parametrize(
    "text",
    [
        "Mañana te llamamos con la respuesta.",
        "Su certificado le será remitido con la mayor brevedad.",
        "En cuanto salgan fechas, suena su teléfono antes que ninguno.",
        "Os la dejamos puesta junto a la ventana.",
        "El martes sale el recambio.",
        "Te lo enviamos hoy mismo.",
        "Vamos a revisar la factura con calma.",
        "Quedamos en avisarte cuando llegue.",
        "Me encargo y te digo algo.",
        "En cuanto entre la talla te aviso.",
        "En 24 horas tendrás una respuesta.",
        "Recibirás el duplicado por correo.",
        "Se le enviará otra sin coste.",
        "Mi compañera te contactará el jueves.",
        "Te la guardamos hasta el sábado.",
        "Lo consulto con cocina y te cuento.",
        "A lo largo de la tarde subirá alguien a mirarlo.",
        "Mañana antes de las 12:00 tienes la factura.",
        "Dame un minuto que lo pregunto.",
        "El jueves te lo tengo.",
        "De esta noche no pasa.",
        "Tienes mi palabra.",
        "Está previsto que le entreguemos las llaves el día doce.",
        "El sábado tienes ahí a mi cuñado con la pieza nueva.",
        "En nada estamos contigo.",
        "Hoy mismo queda tramitada su baja.",
        "Se lo comento a Rosa cuando venga.",
        "La semana que viene pasan a arreglar la puerta.",
        "El miércoles, sin falta.",
    ],
)
def test_c7_a_spanish_promise_is_found(text: str) -> None:
    assert promised(text, "es")


@pytest.mark.parametrize(
    "text",
    [
        "Mañana abrimos a las diez.",
        "Doce minutos a 180 y te quedarán doradas por el borde.",
        "El lunes es el día en que amasamos los hojaldres.",
        "El envío suele tardar 48 horas.",
        "La cocina cierra a las once.",
        "Puedes recogerlo mañana por la tarde.",
        "Ya te hemos devuelto el importe.",
        "Si quieres te lo enviamos mañana.",
        "¿Te lo mandamos el lunes?",
        "Te pedimos disculpas por lo de hoy.",
        "Te esperamos el sábado.",
        "Nos vemos mañana en el taller.",
        "Verás que el lunes hay menos gente.",
        "Te recomendamos venir antes de las ocho.",
        "Te agradecemos que nos lo cuentes hoy.",
        "Los lunes te regalamos el café con el menú.",
        "Ponía «os atenderemos mañana» y no era verdad.",
        "El tren sale a las 17:45.",
        "Ayer quedamos en llamarte y no lo hicimos.",
        "Mañana cumple cincuenta años el bar.",
        "Mándanos una foto del roto y te decimos.",
        "Estamos contigo, de verdad, qué mal rato.",
        "La procesión pasa por delante a las ocho.",
        "Queda pendiente la segunda cuota.",
    ],
)
def test_c7_what_is_general_done_asked_or_offered_in_spanish_is_no_promise(text: str) -> None:
    assert not promised(text, "es")


@pytest.mark.parametrize(
    "text",
    [
        "We'll call you back by Friday.",
        "The second it lands I'm popping it in and giving you a shout.",
        "I'm tucking it under the counter with your name on.",
        "It'll be on tonight's ferry.",
        "I'll ask the warehouse tonight.",
        "Your refund will be processed within five days.",
        "We're going to swap the unit.",
        "You'll have the quote in your inbox by noon.",
        "Expect a call from us this afternoon.",
        "Let me check with the chef and get back to you.",
        "A replacement ships on Monday.",
        "Somebody is coming up in ten minutes with a new one.",
        "Leave it with me.",
        "You have my word that it leaves before Friday.",
    ],
)
def test_c7_an_english_promise_is_found(text: str) -> None:
    assert promised(text, "en")


@pytest.mark.parametrize(
    "text",
    [
        "We open at 10 tomorrow.",
        "You'll love the new patio.",
        "We'll be open until midnight.",
        "If you like, we'll post it to you.",
        "Looking forward to seeing you on Friday!",
        "We'll see you when you get here.",
        "Shall we send you a new one?",
        "They left us this morning, so you should have them tomorrow.",
        "The kitchen closes at nine today.",
        "We've refunded the £20.",
    ],
)
def test_c7_what_is_general_done_asked_or_offered_in_english_is_no_promise(text: str) -> None:
    assert not promised(text, "en")


def test_c7_a_promise_is_its_sentence_and_the_time_that_it_names() -> None:
    text = "Lo siento mucho, Ana. Mañana antes de las 12:00 te llamamos. Un saludo."
    (promise,) = promises(Draft(text), Rules(), NOW)
    assert promise.text == "Mañana antes de las 12:00 te llamamos."
    assert promise.due_at == datetime(2026, 11, 19, 11, 0, tzinfo=UTC)
    assert text[promise.start : promise.end] in promise.text


def test_c7_one_promise_a_sentence_in_order_and_one_without_a_time_has_none() -> None:
    found = promises(
        Draft("El lunes sale tu pedido. En cuanto tengamos el número te avisamos."), Rules(), NOW
    )
    assert [promise.due_at for promise in found] == [datetime(2026, 11, 23, 19, 0, tzinfo=UTC), None]


def test_c7_the_finding_says_the_date_that_was_understood() -> None:
    dated, undated = find(
        Draft("We'll call you on Monday. I'll let you know.", language="en"), Rules(now=NOW)
    )
    assert "23" in dated.message
    assert (dated.rule, undated.rule, dated.mend) == ("dated", "undated", None)
