"""What is known is put into a canned reply; what is not stays a blank that is seen (NEEDS C1, C7)."""

from __future__ import annotations

import pytest

from socialdesk.replies.filling import Values, blanks, fill, unknown, variables

KNOWN = Values(
    customer="Marta",
    brand="Panadería Sol",
    agent="Lucía",
    promise="mañana antes de las 12:00",
    facts={"phone": "600 000 000"},
    labels={"returns": "devoluciones"},
)


def test_c7_every_variable_is_filled_in_english_or_in_spanish() -> None:
    text = "Hola, {customer}: {promise} te escribe {agente} de {marca} ({dato:phone}, {fact: phone})."
    assert fill(text, KNOWN).text == (
        "Hola, Marta: mañana antes de las 12:00 te escribe Lucía de Panadería Sol (600 000 000, 600 000 000)."
    )


def test_c7_a_fact_that_nobody_has_written_stays_a_blank_and_is_named() -> None:
    filled = fill("Tienes {fact:returns} para devolverlo.", KNOWN)
    assert filled.text == "Tienes [devoluciones] para devolverlo."
    assert filled.missing == ("returns",)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Hola, {customer}: ahora lo miro.", "Hola: ahora lo miro."),
        ("Gracias, {customer}.", "Gracias."),
        ("Gracias, {customer}, por decirlo.", "Gracias por decirlo."),
        ("{customer}, lo siento mucho.", "Lo siento mucho."),
        ("Vaya. {customer}, entiendo el enfado.", "Vaya. Entiendo el enfado."),
        ("¡Hola {cliente}! Dime.", "¡Hola! Dime."),
        ("Sorry, {customer}!", "Sorry!"),
    ],
)
def test_c1_a_customer_without_a_name_is_left_out_with_the_comma(text: str, left: str) -> None:
    assert fill(text, Values()).text == left


def test_c1_blanks_for_the_hand_are_found_in_order() -> None:
    text = "Tu pedido [número de pedido] sale el [día]."
    assert [text[start:end] for start, end in blanks(text)] == ["[número de pedido]", "[día]"]


def test_what_a_customer_is_called_is_never_read_as_a_variable() -> None:
    assert fill("Hola, {customer}.", Values(customer="{agent} \\1")).text == "Hola, {agent} \\1."


def test_unknown_variables_are_named() -> None:
    assert unknown("{customer} {clinete} {fact:phone}") == {"{clinete}"}
    assert variables("{cliente} {dato:phone} {promise}") == {"customer", "fact:phone", "promise"}
