"""A reply is found by a few letters (NEEDS C1)."""

from __future__ import annotations

import pytest

from socialdesk.replies.finding import Finder

THINGS = [
    ("El pedido llega tarde", "retraso tarde envío delay"),
    ("Devolución del dinero", "reembolso refund"),
    ("Talla equivocada", "cambio talla número grande pequeño"),
    ("Gracias a un fan", "fan retrato"),
]
FINDER = Finder(THINGS, lambda thing: thing)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("tarde", "El pedido llega tarde"),
        ("devolucion", "Devolución del dinero"),
        ("REEMB", "Devolución del dinero"),
        ("rtraso", "El pedido llega tarde"),
        ("tal gran", "Talla equivocada"),
        ("fan", "Gracias a un fan"),
        ("envio", "El pedido llega tarde"),
    ],
)
def test_a_few_letters_are_enough_without_accents_and_with_some_missing(typed: str, first: str) -> None:
    assert FINDER.find(typed)[0][0] == first


def test_nothing_typed_gives_the_order_given_and_nonsense_gives_nothing() -> None:
    assert FINDER.find("") == THINGS
    assert FINDER.find("xyzzy") == []
    assert FINDER.find("tarde xyzzy") == []


def test_the_title_counts_more_than_the_other_words() -> None:
    assert FINDER.find("retra")[0][0] == "El pedido llega tarde"
    finder = Finder([("Otra cosa", "envío"), ("Envío perdido", "")], lambda thing: thing)
    assert finder.find("envio")[0][0] == "Envío perdido"
