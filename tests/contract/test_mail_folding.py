"""What is only quoted, and signatures, give way to a line that says how much it was."""

from __future__ import annotations

import time

import pytest

from contract.mailreading import HEAD, understood
from socialdesk.connectors.mail.folding import fold

QUOTE = "> ¿Abrís hoy?\n> \n> Ana\n"


@pytest.mark.parametrize(
    "line",
    [
        "On Mon, 23 Nov 2026 at 10:00, Ana <ana@cliente.test> wrote:",
        "El lun, 23 nov 2026 a las 10:00, Ana (<ana@cliente.test>) escribió:",
        "El 23/11/26 a las 10:00, Ana escribió:",
        "Am 23.11.2026 um 10:00 schrieb Ana <ana@cliente.test>:",
        "Le lun. 23 nov. 2026 à 10:00, Ana <ana@cliente.test> a écrit :",
        "Il giorno lun 23 nov 2026 alle ore 10:00 Ana ha scritto:",
        "Em seg., 23 de nov. de 2026 às 10:00, Ana escreveu:",
        "Op ma 23 nov. 2026 om 10:00 schreef Ana <ana@cliente.test>:",
        "El dl., 23 de nov. 2026, Ana va escriure:",
        "On Mon, 23 Nov 2026 at 10:00, Ana García de la Tienda\n<ana@cliente.test> wrote:",
        "On Mon, 23 Nov 2026 at 10:00, Ana García\nde la Tienda\n<ana@cliente.test> wrote:",
        "",
    ],
)
def test_the_quote_below(line: str) -> None:
    """With its line above, in the languages of the neighbourhood, also broken over three."""
    assert fold(f"Gracias.\n\n{line}\n{QUOTE}") == f"Gracias.\n\n❝ […] {2 + len(line.splitlines())}"


@pytest.mark.parametrize(
    "block",
    [
        "-----Original Message-----\nFrom: Ana\nSent: Monday\nTo: info\nSubject: x\n\n¿Abrís?",
        "-----Mensaje original-----\nDe: Ana\nEnviado el: lunes\nPara: info\nAsunto: x\n\n¿Abrís?",
        "________________________________\nDe: Ana <ana@cliente.test>\nEnviado: lunes\nPara: info\nAsunto: x\n\n¿Abrís?",
        "De: Ana <ana@cliente.test>\nFecha: lunes\nPara: info\nAsunto: x\n\n¿Abrís?",
        "*From:* Ana\n*Sent:* Monday\n*To:* info\n*Subject:* x\n\n¿Abrís?",
    ],
)
def test_the_block_of_headers(block: str) -> None:
    """As Outlook and its like quote, without any marks."""
    assert fold(f"Gracias.\n\n{block}").startswith("Gracias.\n\n❝ […] ")
    assert "Abrís" not in fold(f"Gracias.\n\n{block}")


def test_answers_between_the_lines() -> None:
    """Short quotes stay, for the answers below them mean nothing without; long ones are cut to their last line."""
    text = "> ¿Qué talla?\nLa 38.\n> a\n> b\n> c\n> d\n> ¿Y el color?\nRojo."
    assert fold(text) == "> ¿Qué talla?\nLa 38.\n❝ […] 4\n> ¿Y el color?\nRojo."


def test_what_was_passed_on_stays() -> None:
    """A forwarded letter is what they want to show us."""
    text = "Mirad:\n\n---------- Forwarded message ---------\nDe: Eva\nFecha: lunes\nPara: Ana\nAsunto: x\n\nHola"
    assert fold(text) == text


def test_nothing_but_a_quote_stays() -> None:
    """Where nothing is the writer's own, hiding it would leave an empty message."""
    assert fold(QUOTE) == QUOTE.strip()


def test_signatures() -> None:
    """Long ones go, a name stays; a line of two dashes in the middle is no signature."""
    assert fold("Hola\n-- \nAna\nTienda") == "Hola\n-- \nAna\nTienda"
    assert fold("Hola\n-- \nAna\nCalle\nCiudad\nTeléfono") == "Hola\n\n-- […] 4"
    assert fold("a\n--\n" + "b\n" * 40).count("b") == 40


@pytest.mark.parametrize(
    "text",
    [
        "El precio que me escribió: 30 €",
        "De: Madrid\nPara: Sevilla",
        "2 > 1 y 3 > 2",
        "Hola\n\nEscribió: nadie",
        ">From ayer",
        "- a\n- b",
    ],
)
def test_plain_words_stay(text: str) -> None:
    """What merely looks like it is kept to the letter."""
    assert fold(text) == text


@pytest.mark.parametrize(
    "lot",
    [
        "> " * 50_000,
        ">\n" * 50_000,
        "De: x\n" * 20_000,
        "_" * 100_000,
        "wrote:\n" * 20_000,
        "-- \n" * 20_000,
        "- " * 50_000,
        "El " * 40_000,
    ],
)
def test_it_is_quick(lot: str) -> None:
    """Whatever arrives."""
    begun = time.process_time()
    fold("hola\n" + lot + "\nadiós")
    assert time.process_time() - begun < 2


def test_html_quotes_are_quotes() -> None:
    """Gmail's and Apple's blockquotes, with their line above; the raw letter keeps everything."""
    body = (
        "<div>Gracias</div><br><div class='gmail_quote'><div>El lun, 23 nov 2026, Ana &lt;<a href='mailto:a@x'>a@x</a>&gt; escribió:<br></div>"
        "<blockquote><p>¿Abrís hoy?</p><blockquote>antes</blockquote></blockquote></div>"
    )
    assert understood(HEAD + "Content-Type: text/html; charset=utf-8\n\n" + body).text == "Gracias\n\n❝ […] 3"
