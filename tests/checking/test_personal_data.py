"""A customer's data do not go out in public; the brand's own facts, prices and hours may (NEEDS B3, C2)."""

from __future__ import annotations

import pytest

from socialdesk.checking.draft import Draft
from socialdesk.checking.families.personal_data import find
from socialdesk.checking.rules import Rules


def rules_of(text: str, *, facts: tuple[str, ...] = (), public: bool = True) -> list[str]:
    return [finding.rule for finding in find(Draft(text, facts=facts, public=public), Rules())]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Te escribo al 612 34 56 78 en un rato.", "phone"),
        ("We have your mobile as +44 7700 900123, is that right?", "phone"),
        ("Seis uno dos, tres cuatro cinco, seis siete ocho, ¿verdad?", "phone"),
        ("La confirmación salió a luis.gil@correo.example esta mañana.", "email"),
        ("El correo que tenemos es luis arroba correo punto es.", "email"),
        ("El abono va a ES91 2100 0418 4502 0005 1332.", "iban"),
        ("El cargo fue a la tarjeta 4111 1111 1111 1111.", "card"),
        ("Nos consta el DNI 12345678Z.", "identity"),
        ("Your passport 123456789 is on the list.", "identity"),
        ("Tu pedido 48213 ya ha salido.", "code"),
        ("La factura de octubre es la F-2026/0381.", "code"),
        ("Localizador XK7P2M, dos plazas.", "code"),
        ("Tu abono es el n.º 003418 y caduca en junio.", "code"),
        ("Te llamé al seiscientos doce 33 44 55.", "phone"),
        ("El mensajero tiene el seis cinco cuatro, 21 89 03.", "phone"),
        ("El sobre fue a Camino Viejo de Olmos km 4, chalet 12.", "address"),
        ("Vives en el bloque 4, escalera 2, 5.º C, ¿no?", "address"),
        ("La tarta de tu 50 cumple, 21-06-1974.", "birth"),
        ("Your order #55821 has left.", "tracking"),
        ("RR123456789ES ya está en Coslada.", "tracking"),
        ("Lo dejamos en calle Olmo, 14, 3.º B.", "address"),
        ("It goes to 14 Rowan Street as you asked.", "address"),
        ("Tu ficha dice nacido el 3 de mayo de 1980.", "birth"),
    ],
)
def test_b3_what_belongs_to_the_customer_is_found_in_public_and_free_in_private(text: str, rule: str) -> None:
    assert rules_of(text) == [rule]
    assert rules_of(text, public=False) == []


@pytest.mark.parametrize(
    "text",
    [
        "¿Nos dices por privado el número de pedido?",
        "Cuesta 1.250 € y llega en 48 horas.",
        "Abrimos de 10:00 a 14:00 y de 17:00 a 20:30.",
        "Si es una urgencia, llama al 112.",
        "Tenemos la talla 42 y la 43 en el modelo 2026.",
        "Tu pedido de 2026 fue el primero.",
        "El pedido mínimo es de 1500 € en envíos a Canarias.",
        "Con el código VERANO2026 tienes un 10 % de descuento.",
        "We ship orders over 50 euros for free.",
        "Somos @panaderia@masto.example, y también @panaderia.",
        "Nacimos en 1998 en un garaje de Cuenca.",
        "Ese modelo es la referencia 30412-B del catálogo.",
        "La tuya es la plaza 14, junto a la columna.",
        "La ficha técnica dice 1200 vatios.",
        "La carrera es el 3 de mayo de 2027 a las 9:00.",
        "Estamos en la calle Mayor, 5, junto al mercado.",
        "Llámanos al 912 345 678 cuando quieras.",
        "Se sirve en 2 minutos, 365 días al año.",
        "It weighs 1200 grams and runs on 230 volts.",
    ],
)
def test_b3_numbers_that_are_nobodys_are_left_alone(text: str) -> None:
    assert rules_of(text) == []


def test_c7_what_stands_among_the_brands_facts_is_its_own_however_it_is_written() -> None:
    facts = ("Teléfono: 900-100-245", "hola@sol.example", "Calle Mayor, 5")
    assert rules_of("Es el 900 100 245, o hola@sol.example, o calle Mayor 5.", facts=facts) == []
    assert rules_of("Es el 900 100 246.", facts=facts) == ["phone"]


def test_the_mend_leaves_what_only_the_customer_knows_again() -> None:
    (finding,) = find(Draft("Tu pedido 48213 ya ha salido."), Rules())
    assert finding.mend == "…213"


@pytest.mark.parametrize(
    ("fact", "said", "own"),
    [
        ("960 000 118", "+34 960 000 118", True),
        ("+34 960 000 118", "960 000 118", True),
        ("960 000 118 / 960 000 119", "0034 960000119", True),
        ("34612, 345678", "612 345 678", False),
        ("482137", "pedido 48213", False),
    ],
)
def test_c7_the_brands_own_number_is_known_with_and_without_its_country(
    fact: str, said: str, own: bool
) -> None:
    assert (rules_of(f"Es el {said}.", facts=(fact,)) == []) is own
