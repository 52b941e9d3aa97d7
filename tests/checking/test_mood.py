"""What a customer's words tell of their mood: the undo window and the queue go by it too (NEEDS B2, C1)."""

from __future__ import annotations

import pytest

from socialdesk.checking.mood import gives_feedback, upset


@pytest.mark.parametrize(
    "text",
    [
        "Estoy harta, llevo tres semanas esperando",
        "¿Dónde está mi dinero????",
        "Enhorabuena, otra vez el pedido perdido",
        "Van 72 h. El cumpleaños era ayer. Bravo.",
        "Y encima, silencio. Mira que me habían hablado bien de vosotras.",
        "Nobody answers and my sofa is still missing!!",
        "Worst hotel ever, never again",
        "Great, lost in transit again.",
        "😡",
        "Je suis furieuse, c'est une honte",
        "Das ist eine Frechheit, ich bin stinksauer",
    ],
)
def test_c1_who_is_upset_is_heard(text: str) -> None:
    assert upset(text)
    assert not gives_feedback(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "¿A qué hora abrís mañana?",
        "¿Tenéis la talla 40 en rojo?",
        "Do you ship to Ireland?",
        "La terraza es preciosa, volveremos",
        "Quedan 72 h. ¿Todavía se puede apuntar una?",
        "Me habían hablado muy bien de vosotros y es verdad",
        "¿En la sala de lectura hay silencio?",
        "No estoy enfadada, solo quería saber cuándo llega",
        "Can I bring my dog to the terrace",
    ],
)
def test_c1_a_plain_question_or_praise_is_not_upset(text: str) -> None:
    assert not upset(text)


@pytest.mark.parametrize(
    "text",
    [
        "Sois los mejores, gracias por todo",
        "La tarta estaba buenísima",
        "Estaría bien poner un banco en la puerta",
        "Loved the workshop!",
        "It would be nice to have a step by the door",
        "😍🥰",
    ],
)
def test_c1_praise_and_ideas_are_heard(text: str) -> None:
    assert gives_feedback(text)
