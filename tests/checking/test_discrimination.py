"""Nothing leaves that may read as discriminating; naming a person, a thing or a place as a fact may (NEEDS C5)."""

from __future__ import annotations

import pytest

from socialdesk.checking.draft import Draft
from socialdesk.checking.families.discrimination import find
from socialdesk.checking.rules import Rules


def rules_of(text: str, language: str) -> list[str]:
    return [finding.rule for finding in find(Draft(text, language=language), Rules())]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Este modelo es muy fácil de montar, hasta una mujer puede hacerlo.", "even_a"),
        ("Es usted muy ágil para su edad.", "for_being"),
        ("Los abuelos no se aclaran con la aplicación.", "age"),
        ("Los gallegos, ya se sabe, nunca contestan claro.", "judging"),
        ("La rampa es para los minusválidos.", "disability"),
        ("A los del Betis no los atendemos en día de partido.", "team"),
        ("Buscamos chica joven para la barra.", "job"),
        ("Es una oferta para parejas normales.", "normal_people"),
        ("Deja de llorar como una niña.", "set_phrase"),
    ],
)
def test_c5_a_group_that_is_judged_is_found_in_spanish(text: str, rule: str) -> None:
    assert rule in rules_of(text, "es")


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("It's so light that even a woman can carry it.", "even_a"),
        ("Your English is very good, by the way.", "origin"),
        ("The ramp is for the handicapped.", "disability"),
        ("That is what normal families order.", "normal_people"),
        ("Arsenal fans aren't welcome on match days.", "team"),
        ("Our pensioners always get confused by the till.", "age"),
        ("Ask your husband to carry it.", "by_sex"),
    ],
)
def test_c5_a_group_that_is_judged_is_found_in_english(text: str, rule: str) -> None:
    assert rule in rules_of(text, "en")


@pytest.mark.parametrize(
    "text",
    [
        "El vino francés y el queso italiano llegan el jueves.",
        "La sección de mujer está en la primera planta.",
        "Tenemos la chaqueta en negro y en blanco.",
        "El parque de bolas es para niños y niñas de 3 a 10 años.",
        "Hay descuento para jubilados y para menores de 25 años.",
        "Las fiestas de moros y cristianos son en abril.",
        "A tu edad la entrada es gratis.",
        "Nuestra pastelera es rumana y hace unos hojaldres estupendos.",
        "El acceso para personas con discapacidad está a la derecha.",
        "Enhorabuena por el partido del Betis.",
        "La talla de chica es la 36 y la de chico, la 40.",
        "Las mujeres embarazadas pueden entrar sin cola.",
        "¡Qué foto más bonita con tus abuelos!",
    ],
)
def test_c5_facts_are_left_alone_in_spanish(text: str) -> None:
    assert rules_of(text, "es") == []


@pytest.mark.parametrize(
    "text",
    [
        "The black jacket is back in stock, and so is the white one.",
        "The women's changing rooms are on the left.",
        "With people like you about, it's a good day at work.",
        "Seniors get a discount on Tuesdays.",
        "The guys are on their way with your washing machine.",
        "Our chef is Romanian and her pastry is a dream.",
        "The ramp for wheelchair users is at the side door.",
        "Both boys' and girls' sizes run small.",
        "We open on Christmas Day, and on Eid too.",
    ],
)
def test_c5_facts_are_left_alone_in_english(text: str) -> None:
    assert rules_of(text, "en") == []
