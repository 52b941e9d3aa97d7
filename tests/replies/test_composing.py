"""From a canned reply to words in an answer: whole answers first, the most used first, blanks filled (NEEDS C1, C7)."""

from __future__ import annotations

from pathlib import Path

import pytest

from socialdesk.replies.canned import Address, Attitude, Reply, Use, Wording
from socialdesk.replies.composing import Composer, entries, first_name
from socialdesk.replies.filling import Values
from socialdesk.replies.library import Library

SHIPPED = Library(Path("none"))
REPLIES = [
    Reply(
        "delay", Attitude.UNDERSTAND, "es", "Retraso", "tarde", "", (Wording(text="Lo siento, {customer}."),)
    ),
    Reply("delay", Attitude.SOLVE, "es", "Retraso", "tarde", "", (Wording(text="Llama al {fact:phone}."),)),
    Reply("praise", Attitude.THANK, "es", "Elogio", "", "", (Wording(text="¡Gracias!"),)),
]


def test_c1_whole_answers_come_before_their_parts_and_the_conversations_own_situation_first() -> None:
    assert [e.id for e in entries(REPLIES, {}, "praise")] == [
        "praise", "delay", "praise/thank", "delay/understand", "delay/solve",
    ]  # fmt: skip


def test_c1_what_the_customer_speaks_of_comes_before_the_most_used() -> None:
    """A word that many situations have in common says nothing; the conversation's own situation stays first."""
    used = {"praise/thank#1": Use(9, 1)}
    assert [e.id for e in entries(REPLIES, used, heard="Llegáis muy TARDE")][:2] == ["delay", "praise"]
    assert [e.id for e in entries(REPLIES, used, "praise", "Llegáis tarde")][:2] == ["praise", "delay"]
    assert [e.id for e in entries(REPLIES, used, heard="¿Y mi bici?")][:2] == ["praise", "delay"]


def test_c1_the_most_used_come_first() -> None:
    used = {"praise/thank#1": Use(3, 1), "delay/solve#1": Use(2, 9)}
    assert [e.id for e in entries(REPLIES, used)][:2] == ["praise", "delay"]
    assert [e.id for e in entries(REPLIES, {**used, "delay/solve#1": Use(4, 9)})][:2] == ["delay", "praise"]
    assert [e.id for e in entries(REPLIES, used, "delay")][:2] == ["delay", "praise"]


def test_c7_what_is_inserted_says_which_wordings_it_used_and_what_is_missing() -> None:
    composer = Composer(Values(customer="Marta"), Address.INFORMAL, short=True)
    composed = composer.compose(entries(REPLIES, {}, "delay")[0])
    assert composed.text == "Lo siento, Marta. Llama al [phone]."
    assert composed.uses == ("delay/understand#1", "delay/solve#1")
    assert composed.missing == ("phone",)


@pytest.mark.parametrize(
    ("name", "greeted"),
    [
        ("Marta Gil", "Marta"),
        ("MARTA GIL", "Marta"),
        ("Jean-Luc P.", "Jean-Luc"),
        ("marta_82", ""),
        ("🌻 La Pepi", ""),
        ("La Pepi", ""),
        ("Hotel Miramar", ""),
        ("Panadería Sol", ""),
        ("FARMACIA PÉREZ", ""),
        ("Clínica Y", ""),
        ("Restaurant Can Pau", ""),
        ("Grupo Norte", ""),
        ("Bäckerei Huber", ""),
        ("Andrea Ruiz", "Andrea"),
        ("J", ""),
        ("", ""),
    ],
)
def test_c5_a_customer_is_greeted_by_name_only_where_it_is_one(name: str, greeted: str) -> None:
    assert first_name(name) == greeted


@pytest.mark.parametrize("language", SHIPPED.languages())
def test_c1_nobody_is_asked_for_a_private_message_in_a_private_conversation(language: str) -> None:
    """In every language that is shipped; in public the words stay as they are."""
    changed = 0
    for entry in entries(SHIPPED.replies(language), {}):
        public = Composer(Values(), Address.FORMAL, short=False).compose(entry).text
        private = Composer(Values(), Address.FORMAL, short=False, private=True).compose(entry).text
        changed += public != private
    assert changed


def test_c1_what_was_to_be_sent_privately_is_to_be_sent_here() -> None:
    (lost,) = (e for e in entries(SHIPPED.replies("es"), {}) if e.id == "lost_order/solve")
    for short in (False, True):
        said = Composer(Values(), Address.INFORMAL, short=short, private=True).compose(lost).text
        assert "por aquí" in said and "privado" not in said
