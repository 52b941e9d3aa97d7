"""Small clues weighed together: what no single phrase says, and what only has one of them (NEEDS C1, C5)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from socialdesk.checking.check import check
from socialdesk.checking.draft import Draft, Finding
from socialdesk.checking.rules import load

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def found(family: str, text: str) -> list[Finding]:
    """Return what a family finds in a Spanish draft."""
    draft = Draft(text=text, language="es")
    return [finding for finding in check(draft, load(with_plugins=False), NOW) if finding.family == family]


@pytest.mark.parametrize(
    "text",
    [
        "Se apuntó a la ruta larga en zapatillas de casa, así que tú dirás.",
        "No sé qué le has echado, pero la cafetera salió de aquí perfecta.",
        "La planta se ha secado porque la dejaste sin regar un mes.",
        "De haber llamado antes, ahora no estaríamos así.",
        "¿Y no se te ocurrió mirar el calendario?",
        "Su hijo no trajo el bañador, y por eso se quedó fuera.",
    ],
)
def test_c1_blame_is_heard_in_many_small_clues(text: str) -> None:
    """What the customer did, a turn and a tone blame together, and the finding has its place in the text."""
    assert [text[each.start : each.end] for each in found("blame", text)] != []


@pytest.mark.parametrize(
    "text",
    [
        "La dejaste en el perchero y ahí sigue, te la guardamos.",
        "Elegiste muy bien, esa ventana da al mar.",
        "Pusiste bien la dirección; el error fue nuestro al imprimir la etiqueta.",
        "¿Metiste la masa en la nevera o se quedó fuera?",
        "No tenías manera de saberlo: el cartel lo pusimos por la tarde.",
    ],
)
def test_c1_what_the_customer_did_is_no_blame_by_itself(text: str) -> None:
    """Praise, a question, and our own fault speak against it."""
    assert found("blame", text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Los franceses siempre protestan por el pan.",
        "A los jubilados les cuesta esto, que esperen.",
        "Para ser rumana limpia usted muy bien.",
        "No alquilamos a parejas de dos chicos.",
        "Con ese cuerpo mejor ni lo intentes.",
        "Pregúntale a tu marido, que de motores sabe.",
    ],
)
def test_c5_a_group_and_what_is_made_of_it_are_found_together(text: str) -> None:
    """A group that is shut out, generalised about or wondered at."""
    assert [text[each.start : each.end] for each in found("discrimination", text)] != []


@pytest.mark.parametrize(
    "text",
    [
        "Los jubilados tienen un descuento los martes.",
        "La rampa para la silla de ruedas está a la izquierda.",
        "Hoy cocina Amina, que es marroquí.",
        "Siempre hay sitio en la terraza por las tardes.",
        "La sección de mujer está en la primera planta.",
    ],
)
def test_c5_a_group_alone_is_only_named(text: str) -> None:
    """A group without a judgement, and a judgement without a group."""
    assert found("discrimination", text) == []
