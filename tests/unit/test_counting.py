"""The length of a text is what its network counts, and a text too long is parted where a reader would (C2)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialdesk.domain.counting import Limit, excess_at, limit_of
from socialdesk.domain.measuring import Count, measure
from socialdesk.domain.splitting import split

FAMILY = "👨\u200d👩\u200d👧\u200d👦"
CHANNELS = ["x", "bluesky", "mastodon", "tiktok", "instagram", "google"]


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("Hola, ¿qué tal?", 15),
        ("e\u0301", 1),  # composed first
        ("a\u0323\u0307", 3),  # composed as far as it can be: U+1EA1 counts as 2
        ("漢字かな", 8),
        ("한국어", 6),
        ("Привет", 6),
        ("مرحبا", 5),
        ("ქართული", 7),
        ("ᄀ", 2),  # from U+1100 on, two each
        ("“así” — ‘bien’", 14),
        ("10 €", 5),
        ("👍", 2),
        ("👍🏽", 2),
        (FAMILY, 2),
        ("🏳️\u200d🌈", 2),
        ("🇪🇸", 2),
        ("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", 2),
        ("1️⃣", 2),
        ("❤️", 2),
        ("❤\ufe0e", 4),
        ("© ®", 3),
        ("©️", 2),
        ("https://es.example.com/una/direccion/muy/larga?con=cosas&y=mas#detras", 23),
        ("Mira www.panaderia.es.", 5 + 23 + 1),
        ("(https://a.co/b_(c))", 25),
        ("yo@example.com", 14),
        ("@panaderia.es", 13),
        ("fin.Hola", 8),
        ("http://españa.es", 23),
        ("https://ejemplo.invalido", 24),
        ("a" * 64 + ".com", 68),
        ("", 0),
    ],
)
def test_x_counts_by_its_published_weights(text: str, length: int) -> None:
    assert measure(text, Count.WEIGHTED) == length


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("Mira https://example.com/" + "a" * 100, 5 + 23),
        ("Mira example.com/" + "a" * 10, 27),
        ("Hola @ana@social.example, gracias", len("Hola @ana, gracias")),
        ("Hola @ana, gracias", 18),
        ("escribe a yo@social.example", 27),
        (FAMILY * 3, 3),
        ("e\u0301a\u0323\u0307", 2),
    ],
)
def test_mastodon_counts_addresses_as_23_and_names_by_their_first_part(text: str, length: int) -> None:
    assert measure(text, Count.MASTODON) == length


def test_bluesky_counts_letters_as_a_reader_does_and_bytes_beside_them() -> None:
    limit = limit_of("bluesky")
    assert limit == Limit(300, Count.GRAPHEMES, 3_000)
    assert limit.fits(FAMILY * 120)
    assert not limit.fits(FAMILY * 121)  # 25 bytes each
    assert limit.room("é" * 301) == -1
    assert limit.room(FAMILY * 121) == -25


def test_public_and_private_answers_have_limits_of_their_own() -> None:
    for channel, public, private in (("x", 280, 10_000), ("facebook", 8_000, 2_000), ("bluesky", 300, 1_000)):
        sizes = [limit.size for at in (True, False) if (limit := limit_of(channel, public=at))]
        assert sizes == [public, private]
    assert limit_of("mail") is None
    assert limit_of("Twitter") == limit_of("x")


def test_what_no_longer_fits_begins_at_a_whole_character() -> None:
    limit = Limit(3)
    assert excess_at("ab" + FAMILY + "c", limit) == 2 + len(FAMILY)
    assert excess_at("abc", limit) == 3


def test_a_thread_breaks_at_sentences_and_is_numbered() -> None:
    sentence = "Sentimos mucho lo que ha pasado con tu pedido y lo miramos ahora mismo. "
    parts = split(sentence * 6, "x")
    assert [part[-4:] for part in parts] == [" 1/2", " 2/2"]
    assert all(part[:-4].endswith("ahora mismo.") for part in parts)


def test_a_thread_never_cuts_an_address_a_name_or_a_letter() -> None:
    address = "https://example.com/" + "a" * 60
    text = "palabra " * 33 + address + " y " + "👨\u200d👩\u200d👧" * 200 + " @cliente@social.example fin"
    for channel in ("x", "bluesky", "mastodon"):
        parts = split(text, channel)
        assert sum(address in part for part in parts) == 1
        assert sum("@cliente@social.example" in part for part in parts) == 1
        assert sum(part.count("👨\u200d👩\u200d👧") for part in parts) == 200


def test_what_fits_stays_one_part_without_a_mark() -> None:
    assert split("Gracias 😊", "x") == ["Gracias 😊"]
    assert split("a " * 900, "mail") == [("a " * 900).strip()]


@given(st.text(max_size=900), st.sampled_from(CHANNELS))
def test_every_part_fits_and_no_word_is_lost(text: str, channel: str) -> None:
    limit = limit_of(channel)
    assert limit is not None
    parts = split(text, channel)
    assert all(limit.fits(part) for part in parts)
    if len(parts) > 1:
        joined = "".join(part.rsplit(" ", 1)[0] for part in parts)
        assert "".join(joined.split()) == "".join(text.split())


@pytest.mark.parametrize("ending", ["com", "es", "barcelona", "soy", "lat", "lol", "icu", "zip", "monster"])
def test_c3_a_link_of_any_ending_in_use_counts_as_the_network_counts_it(ending: str) -> None:
    link = f"https://la-panaderia-de-la-esquina.{ending}/pedidos/48"
    assert measure(link, Count.WEIGHTED) == 23
