"""Spelling in ten languages: slips are found and mended, right words of every kind are left alone (C3, C6)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from socialdesk.checking.draft import Draft
from socialdesk.checking.families import spelling
from socialdesk.checking.rules import Rules, load
from socialdesk.checking.spelling.dictionaries import find
from socialdesk.checking.spelling.nearness import candidates
from socialdesk.checking.spelling.speller import speller

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def mends(
    text: str, language: str = "es", rules: Rules | None = None, **more: object
) -> list[tuple[str, str | None]]:
    """Return the words found fault with, each with its mend."""
    draft = Draft(text, language=language)._replace(**more)  # type: ignore[arg-type]
    bound = (rules or load(with_plugins=False)).bound(draft.brand, NOW)
    found = sorted(spelling.find(draft, bound), key=lambda finding: finding.start)
    return [(text[finding.start : finding.end], finding.mend) for finding in found]


@pytest.mark.parametrize(
    ("language", "text", "wrong", "mend"),
    [
        ("es", "El paquete salió de la estasión ayer.", "estasión", "estación"),
        ("es", "Hemos recivido tu mensaje.", "recivido", "recibido"),
        ("es", "Tu peddido está listo.", "peddido", "pedido"),
        ("es", "Gracias por tu pacienica.", "pacienica", "paciencia"),
        ("es", "La reclamacion está cerrada.", "reclamacion", "reclamación"),
        ("es", "Pregúntale al compañero de la tineda.", "tineda", "tienda"),
        ("en", "We have recieved your parcel.", "recieved", "received"),
        ("en", "Thank you for your pateince.", "pateince", "patience"),
        ("ca", "Gràcies per la teva paciencia.", "paciencia", "paciència"),
        ("gl", "Grazas pola túa pacencia, xa está todo.", "pacencia", "paciencia"),
        ("pt", "Obrigado pela sua paciencia.", "paciencia", "paciência"),
        ("fr", "Nous avons bien recu votre message.", "recu", "reçu"),
        ("it", "Non sappiamo perche sia successo.", "perche", "perché"),
        ("de", "Die Lieferung kommt an Ihre Adrese.", "Adrese", "Adresse"),
        ("nl", "Uw bestellling is onderweg.", "bestellling", "bestelling"),
    ],
)
def test_a_slip_is_found_and_mended(language: str, text: str, wrong: str, mend: str) -> None:
    if not find(language):
        pytest.skip("no dictionary of this language on this machine")
    if "lll" in wrong:
        text, wrong = text.replace("lll", "l"), wrong.replace("lll", "l")
    assert (wrong, mend) in mends(text, language)


@pytest.mark.parametrize(
    ("text", "wrong", "mend"),
    [
        ("Haber si llega mañana.", "Haber", "A ver"),
        ("Ya lo hemos echo.", "echo", "hecho"),
        ("El arreglo esta echo desde el martes.", "esta", "está"),
        ("Lo trae Anselmo, y el lo cuece.", "el", "él"),
        ("Se rayó, si, pero lo cubre.", "si", "sí"),
        ("No quedan de grada, pero ay pista.", "ay", "hay"),
        ("El desayuno se sirbe arriba.", "sirbe", "sirve"),
        ("Te hecho de menos.", "hecho", "echo"),
        ("Si, claro.", "Si", "Sí"),
        ("Eso si, date prisa.", "si", "sí"),
        ("Quedan dos mas en la tienda.", "mas", "más"),
        ("Tu bici ya esta lista.", "esta", "está"),
        ("Aun no ha llegado.", "Aun", "Aún"),
        ("¿Porque no vienes?", "Porque", "Por qué"),
        ("No se si llegará.", "se", "sé"),
        ("Dinos que talla quieres.", "que", "qué"),
        ("¿Como podemos ayudarte?", "Como", "Cómo"),
        ("El técnico a llegado.", "a", "ha"),
        ("Vamos ha mirarlo.", "ha", "a"),
        ("No tubo arreglo.", "tubo", "tuvo"),
        ("Que valla bien.", "valla", "vaya"),
        ("Es para el.", "el", "él"),
        ("Lo guardo para mi.", "mi", "mí"),
        ("Con tú pedido va un regalo.", "tú", "tu"),
        ("El envío se retraso un día.", "retraso", "retrasó"),
        ("Te esperamos en en la tienda.", "en en", "en"),
        ("¡Que ilusión nos hace!", "Que", "Qué"),
        ("Es por que no hay stock.", "por que", "porque"),
        ("Dime tu numero de pedido.", "numero", "número"),
    ],
)
def test_a_right_word_in_the_wrong_place_is_found_in_spanish(text: str, wrong: str, mend: str) -> None:
    assert (wrong, mend) in mends(text)


@pytest.mark.parametrize(
    ("text", "wrong", "mend"),
    [
        ("Your welcome!", "Your", "You're"),
        ("Your right, sorry.", "Your", "You're"),
        ("You're order has left.", "You're", "Your"),
        ("Its on its way.", "Its", "It's"),
        ("It lost it's lid.", "it's", "its"),
        ("This one is cheaper then the other.", "then", "than"),
        ("Their is a lift.", "Their", "There"),
        ("We should of told you.", "of", "have"),
        ("You won't loose your place.", "loose", "lose"),
        ("That is to expensive.", "to", "too"),
        ("Sorry to here that.", "here", "hear"),
        ("Dont worry.", "Dont", "Don't"),
        ("Were sorry about that.", "Were", "We're"),
        ("Please come to to the shop.", "to to", "to"),
    ],
)
def test_a_right_word_in_the_wrong_place_is_found_in_english(text: str, wrong: str, mend: str) -> None:
    assert (wrong, mend) in mends(text, "en")


@pytest.mark.parametrize(
    "text",
    [
        "El porqué de la subida es el aceite.",
        "Mas no todo es rebaja.",
        "Ponnos una estrella si te gusta el canesú.",
        "Tu sobre está allí, mira a ver si lo ves.",
        "Hola, Itziar. Gracias, @panxeta y #verano2026, mira www.ejemplo.es o yo@ejemplo.es 😊",
        "El pedido AB-12x3 va por 12,5 €, talla XL, con 3x2 y 100%.",
        "Jajaja, uf, holaaa, mmm... qué bien.",
        "El check-in online por email y WhatsApp, ok.",
        "Se llama «Wuthering Heights» y el cartel dice «we are closed today».",
        "Dínoslo, cámbiatelo y envíanosla cuando quieras; rellénelo y guárdelo.",
        "Un cafelito, un ratito y muchísimas gracias por esas fotitos.",
        "Vamos a ver si está. A ver qué dice. De hecho, lo hecho, hecho está.",
        "Sí, si quieres. Tú y tu pedido. Él y el otro. Mí y mi bici. Té y te.",
        "Aun así llega. Aunque aún no. Por que sea tarde no pasa nada, porque abrimos.",
        "Esta semana está abierta esta tienda; estas botas que estás mirando.",
        "¿Que no te ha llegado? ¡Que disfrutes! ¿Si abrimos? Sí.",
        "Va a llegar a casa. Ha llegado a casa. Gracias a todo el equipo.",
        "No sé cómo, pero se lo digo como puedo. Cuando llegue, te aviso.",
        "El tubo de la ducha, la valla del jardín y haber venido.",
        "Guión, sólo y éste también se escribían así.",
        "La abuela del barrio echa sal; te echo un cable y no echo en falta nada.",
        "Hay sitio ahí, y hay que verlo.",
        "El pedido completo va en caja; el medio de pago es el mismo.",
        "Solo sé que se sabe. Lo que sea, sino que no. Si no llega, avisa.",
    ],
)
def test_right_spanish_is_left_alone(text: str) -> None:
    assert mends(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "It's lost its lid, and that's its only fault. You're right about your order.",
        "There is their bike, and they're here. Better than before, then we'll see.",
        "Thanks, Siobhán! The hoodie's in the colour you like, the color too.",
        "Too many to count, and too late to call. Of course we should have.",
        "The screw is loose, so don't lose it. Use it to open the box; we used to.",
        "A brake pad and a coffee break. A piece of cake for peace of mind.",
        "We organise and organize, favour and favor. LOL, haha, aww.",
        "We're open. Where were you? It's ours, yours and theirs.",
    ],
)
def test_right_english_is_left_alone(text: str) -> None:
    assert mends(text, "en") == []


def test_names_of_the_brand_the_customer_and_the_facts_are_right() -> None:
    text = "Los muebles nimbex de ghelmi salen de stokovia."
    assert mends(text)
    assert not mends(text, names=("Nimbex",), brand="Ghelmi", facts=("Estamos en Stokovia, 3",))


def test_words_of_ones_own_are_right(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "words.toml").write_text('[words]\nright = ["tinedas"]\n', encoding="utf-8")
    assert mends("Las tinedas del barrio.")
    assert not mends("Las tinedas del barrio.", rules=load(tmp_path))


def test_a_dictionary_of_ones_own_is_used_first(tmp_path: Path) -> None:
    folder = tmp_path / "dictionaries"
    folder.mkdir()
    (folder / "eu.aff").write_text("SET UTF-8\n", encoding="utf-8")
    (folder / "eu.dic").write_text("3\neskerrik\nasko\ndendara\n", encoding="utf-8")
    assert mends("Eskerrik asko, denddara.", "eu", load(tmp_path)) == [("denddara", "dendara")]


def test_a_damaged_dictionary_is_no_dictionary(tmp_path: Path) -> None:
    folder = tmp_path / "dictionaries"
    folder.mkdir()
    (folder / "eu.aff").write_bytes(b"SET UTF-16\n\xff\xfe\x00" * 9)
    (folder / "eu.dic").write_bytes(b"\x00\xff" * 999)
    assert mends("Eskerrik asko denoi.", "eu", load(tmp_path)) == []


def test_without_a_dictionary_only_the_rules_speak() -> None:
    assert not speller("xx").usable
    assert mends("Haber zzzxq si llega.", "") == []


def test_the_missing_accent_comes_before_any_other_slip() -> None:
    near = list(candidates("camion", "es"))
    assert near.index("camión") < near.index("cambion")
    assert mends("El camion llega hoy.") == [("camion", "camión")]
