"""Canned replies as files: which one wins, and what is said of one that cannot be used (NEEDS C1, C6)."""

from __future__ import annotations

from pathlib import Path

import pytest

from socialdesk.replies.canned import Address, Attitude, Chosen, Use, Wording, joined, pick, stack
from socialdesk.replies.library import Library

DELAY = """
situation = "delay"
language = "es"
title = "El pedido llega tarde"
keywords = "retraso tarde"

[[understand]]
informal = "Entiendo tu enfado, {customer}."
formal = "Entiendo su enfado, {customer}."

[[understand]]
informal = "Es normal que estés harta de esperar."
formal = "Es normal que esté harta de esperar."
informal_short = "Normal que estés harta."

[[solve]]
text = "Ahora mismo miramos dónde está el pedido."
"""


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """A library with one shipped situation and an empty folder of one's own."""
    put(tmp_path / "shipped" / "es" / "delay.toml", DELAY)
    return Library(tmp_path / "own", tmp_path / "shipped")


def put(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def said(library: Library, brand: str = "") -> dict[str, str]:
    return {r.id: r.wordings[0].said(Address.INFORMAL) for r in library.replies("es", brand)}


def test_c1_an_answer_is_stacked_in_the_order_of_the_attitudes(library: Library) -> None:
    parts = stack(list(reversed(library.replies("es"))), Address.FORMAL, {})
    assert joined(parts) == "Entiendo su enfado, {customer}.\n\nAhora mismo miramos dónde está el pedido."


def test_c1_two_customers_in_a_row_do_not_read_the_same_words(library: Library) -> None:
    understand = library.replies("es")[0]
    first = pick(understand, Address.INFORMAL, {})
    assert first == Chosen("delay/understand#1", "Entiendo tu enfado, {customer}.")
    then = pick(understand, Address.INFORMAL, {first.use: Use(1, 1_000)})
    assert then is not None and then.use == "delay/understand#2"
    again = pick(understand, Address.INFORMAL, {first.use: Use(1, 1_000), then.use: Use(1, 2_000)})
    assert again == first


def test_c1_a_short_form_is_taken_where_there_is_one(library: Library) -> None:
    understand = library.replies("es")[0]
    used = {"delay/understand#1": Use(1, 1)}
    assert pick(understand, Address.INFORMAL, used, short=True) == Chosen(
        "delay/understand#2", "Normal que estés harta."
    )
    assert pick(understand, Address.FORMAL, used, short=True) == Chosen(
        "delay/understand#2", "Es normal que esté harta de esperar."
    )


def test_c1_what_is_written_for_one_address_only_is_never_said_in_the_other() -> None:
    assert Wording(informal="Tranquila, te lo miro.").said(Address.FORMAL) == ""
    assert Wording(text="Gracias.").said(Address.FORMAL) == "Gracias."


def test_c1_a_brands_own_words_win_over_the_desks_and_the_desks_over_those_shipped(
    tmp_path: Path, library: Library
) -> None:
    head = 'situation = "delay"\nlanguage = "es"\ntitle = "Retraso"\n'
    put(tmp_path / "own" / "any.toml", head + '[[solve]]\ntext = "Lo mira la mesa."\n')
    put(tmp_path / "own" / "sol" / "a.toml", head + 'brand = "Sol"\n[[solve]]\ntext = "Lo mira Sol."\n')
    assert said(library)["delay/solve"] == "Lo mira la mesa."
    assert said(library, "Sol")["delay/solve"] == "Lo mira Sol."
    assert said(library, "Luna")["delay/solve"] == "Lo mira la mesa."
    assert said(library, "Sol")["delay/understand"].startswith("Entiendo tu enfado")


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ('situation = "x"\nlanguage = "es"\ntitel = "X"\n', 3, "title"),
        ('situation = "x"\nlanguage = "spanish"\ntitle = "X"\n', 2, "language"),
        (
            'situation = "x"\nlanguage = "es"\ntitle = "X"\n\n[[solve]]\ntext = "Ya."\n[[solve]]\ntext = 3\n',
            8,
            "text",
        ),
        ('situation = "x"\nlanguage = "es"\n', 1, "title"),
        ('situation = "x"\nlanguage = "es"\ntitle = "X"\n[[solve]]\n', 4, "nothing"),
        ('situation = "x\n', 1, ""),
        ('situation = "x"\nlanguage = "es"\ntitle = "X"\nsolve = "at once"\n', 4, "solve"),
    ],
)
def test_a_broken_file_is_named_with_line_and_reason_and_the_others_keep_working(
    tmp_path: Path, library: Library, text: str, line: int, reason: str
) -> None:
    broken = put(tmp_path / "own" / "broken.toml", text)
    put(tmp_path / "own" / "good.toml", DELAY.replace('"delay"', '"own"'))
    assert "own/solve" in said(library)
    (trouble,) = library.troubles()
    assert f"{broken}, line {line}: " in trouble and reason in trouble


def test_a_file_that_is_no_text_or_far_too_large_is_named_as_well(tmp_path: Path, library: Library) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "a.toml").write_bytes(b'title = "\xff"')
    (tmp_path / "own" / "b.toml").write_text("#" * (1024 * 1024 + 1))
    assert len(library.troubles()) == 2
    assert len(library.replies("es")) == 2


def test_every_attitude_is_known() -> None:
    assert [attitude.value for attitude in Attitude] == ["understand", "thank", "solve", "close"]


def test_c1_a_variable_that_means_nothing_is_named_with_its_line_and_the_shipped_reply_stays(
    library: Library, tmp_path: Path
) -> None:
    put(tmp_path / "own" / "mine.toml", DELAY.replace("{customer}", "{clinete}"))
    assert said(library)["delay/understand"] == "Entiendo tu enfado, {customer}."
    (trouble,) = library.troubles()
    assert "mine.toml, line 8" in trouble
    assert "{clinete}" in trouble and "{customer}" in trouble


@pytest.mark.parametrize("language", ["/", "..", "x" * 300, "../../facts", ""])
def test_no_language_of_a_stranger_leads_out_of_our_folders(tmp_path: Path, language: str) -> None:
    """Promise 9: "/" had the whole disk searched for replies, a long one broke the screen down."""
    (tmp_path / "outside.toml").write_text(
        'situation = "x"\nlanguage = "es"\ntitle = "x"\n[[solve]]\ntext = "x"\n'
    )
    (tmp_path / "shipped" / "es").mkdir(parents=True)
    library = Library(tmp_path / "own", tmp_path / "shipped")
    assert library.replies(language, "") == []
