"""The customer is answered where they asked; another way may be offered on top (needs B1, B2)."""

from __future__ import annotations

import pytest

from socialdesk.checking.draft import Draft
from socialdesk.checking.families.channel_switch import find
from socialdesk.checking.rules import Rules


def sent_away(text: str, question: str = "", *, language: str = "es", channel: str = "") -> bool:
    draft = Draft(text, reply_to=question, language=language, channel=channel)
    return bool(list(find(draft, Rules())))


@pytest.mark.parametrize(
    "text",
    [
        "Llámanos al 910 000 123.",
        "Escribe a hola@tienda.example y te contestarán.",
        "Sentimos lo ocurrido. Rellene el formulario de nuestra web, por favor.",
        "Pásate por la tienda y te lo miramos.",
        "Eso te lo aclaran mejor por teléfono.",
        "Toda la información está en nuestra página.",
        "Escríbenos por WhatsApp y te pasamos precios.",
        "Eso mejor pregúntalo en recepción.",
        "Por aquí no gestionamos incidencias; utiliza el chat de la app.",
        "Manda un DM a nuestra cuenta de Instagram.",
        "Eso lo tienes que ver con tu mutua.",
        "Tienes que coger cita en la sede electrónica, no queda otra.",
        "Descuelga el teléfono y habla con el taller.",
        "Para reclamar hay que personarse en dependencias municipales.",
        "Te recomiendo que llames a la ITV, ellos te dan cita.",
        "Hay un grupo de socios, pregunta allí.",
        "Ese trámite es presencial.",
        "¿Y si te pasas por el taller y lo ve mi padre?",
        "Reclamaciones: ventanilla cuatro.",
        "Yo que tú llamaría al fabricante.",
        "En el chat de la web mis compis te lo ven en tiempo real.",
        "Te asomas un día por el mostrador y firmas el papelito.",
        "Escriba dos líneas y mande un par de fotos a obras@, que ahí está el equipo.",
    ],
)
def test_b1_sending_a_spanish_customer_elsewhere_is_found(text: str) -> None:
    assert sent_away(text, "¿tiene arreglo la cremallera?")


@pytest.mark.parametrize(
    "text",
    [
        "Please call our helpline.",
        "Sorry about that! Drop us an email and we'll sort it.",
        "Come to the shop and we can talk about it.",
        "Best to ring the store directly.",
        "Please fill in the claims form on our website.",
        "Ask us over on our website chat!",
        "Have you tried our help pages?",
        "DM our Facebook page and someone will get back to you.",
    ],
)
def test_b1_sending_an_english_customer_elsewhere_is_found(text: str) -> None:
    assert sent_away(text, "is the saddle leather", language="en")


@pytest.mark.parametrize(
    ("text", "question"),
    [
        (
            "Sí, admitimos perros y no se cobra suplemento. Si lo prefieres, también puedes llamarnos.",
            "¿admitís perros?",
        ),
        ("Claro, escríbenos a hola@tienda.example.", "¿a qué correo os mando el currículum?"),
        ("¿Nos mandas por privado el número de pedido?", "no llega mi pedido"),
        ("Si hay alguien dentro, llama al 112.", "sale humo del local"),
        ("Te hemos enviado el duplicado por correo esta mañana.", "necesito la factura"),
        ("Ya está solucionado, entra en la web y verás el precio bueno.", "el precio está mal"),
        ("¡Gracias por pasarte, Itziar!", "me encantó la tienda"),
        ("Puedes pagar en efectivo, con tarjeta o por el móvil.", "¿cómo se paga?"),
        ("Sí, aceptamos devoluciones por correo y son gratis.", "¿puedo devolverlo por correo?"),
        ("No hace falta pasar por secretaría: te lo he renovado yo.", "¿tengo que ir?"),
        ("La clase del martes pasa al aula dos.", "¿dónde es la clase?"),
        ("Las citas se gestionan con 48 horas de antelación.", "¿hay sitio el martes?"),
        ("Ten en cuenta que con lluvia el circuito se cierra.", "¿abrís mañana?"),
        ("El aviso de que estaba listo lo mandamos al 699 014 552.", "no me avisasteis"),
        ("Fuimos a la oficina de correos y tu sobre está allí.", "no llega mi sobre"),
        ("La tienes en la planta baja, a 12,90 €. Ven a olerla.", "¿tenéis hierbaluisa?"),
    ],
)
def test_b1_b2_an_answer_what_was_asked_for_and_the_same_network_are_no_switch(
    text: str, question: str
) -> None:
    assert not sent_away(text, question)


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("Dogs are fine on the terrace, on a lead. Any other question, just call us.", "are dogs allowed"),
        ("Could you DM us your order number so we can look it up?", "where is my parcel"),
        ("It's hello@shop.example, and we read it all day.", "what's your email?"),
        ("Please call 999 if anyone is still inside.", "smoke in your shop"),
        ("Bring it to the shop with the receipt and you get a new one on the spot.", "how do I exchange it?"),
        ("I called the courier for you and it's on the van.", "nobody answers the phone"),
    ],
)
def test_b1_b2_an_english_answer_is_no_switch(text: str, question: str) -> None:
    assert not sent_away(text, question, language="en")


def test_b1_what_the_conversation_runs_on_already_is_no_other_channel() -> None:
    assert not sent_away("Escríbenos por WhatsApp cuando quieras.", "¿precio?", channel="whatsapp")
    assert sent_away("Escríbenos por WhatsApp cuando quieras.", "¿precio?", channel="x")
