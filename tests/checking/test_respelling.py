"""The mends of the form of address: the same word as the house says it (NEEDS C1, C3)."""

from __future__ import annotations

import pytest

from socialdesk.checking.respelling import to_tu, to_usted


@pytest.mark.parametrize(
    ("tu", "usted"),
    [
        ("dinos", "díganos"),
        ("Escríbenos", "Escríbanos"),
        ("cuéntanos", "cuéntenos"),
        ("indícanos", "indíquenos"),
        ("fíjate", "fíjese"),
        ("ponte", "póngase"),
        ("hazlo", "hágalo"),
        ("envía", "envíe"),
        ("elige", "elija"),
        ("ven", "venga"),
        ("tu", "su"),
        ("Tus", "Sus"),
        ("tú", "usted"),
    ],
)
def test_c1_a_word_is_put_from_one_form_into_the_other_and_back(tu: str, usted: str) -> None:
    assert (to_usted(tu), to_tu(usted)) == (usted, tu)


@pytest.mark.parametrize(
    ("tu", "usted"),
    [
        ("puedes", "puede"),
        ("tendrás", "tendrá"),
        ("podrías", "podría"),
        ("compraste", "compró"),
        ("eres", "es"),
    ],
)
def test_c1_a_statement_loses_its_ending(tu: str, usted: str) -> None:
    assert to_usted(tu) == usted


@pytest.mark.parametrize("word", ["dormiste", "mesa", "ayudarte"])
def test_c1_where_nothing_is_sure_nothing_is_proposed(word: str) -> None:
    assert to_usted(word) is None
