"""What is shipped can be used as it is: canned replies in every language, protocols in Spanish and English."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest

from socialdesk.replies import files, library, protocols
from socialdesk.replies.canned import Address, Attitude, Reply, Use, joined, stack
from socialdesk.replies.filling import Values, fill, unknown, variables

CANNED = sorted(library.SHIPPED.rglob("*.toml"))
PROTOCOLS = sorted(protocols.SHIPPED.rglob("*.toml"))


def _words(text: str) -> set[str]:
    return set(text.split())


SITUATIONS = _words(
    "delay damaged wrong_size wrong_item stock price refund exchange lost_order rude_staff opening_hours out_of_order"
    " praise suggestion insult threat rumour discrimination spam wrong_brand human personal_data to_private our_mistake"
    " follow_up fan out_of_hours booking cancellation payment invoice safety stranded still_waiting cannot_help"
    " more_info job collaboration told_private"
)
MOST_USED = _words(
    "delay damaged wrong_size stock price refund lost_order opening_hours out_of_order praise suggestion to_private told_private"
    " our_mistake follow_up out_of_hours"
)
STARTERS = _words(
    "insult threat crisis discrimination compensation personal_data safety stranded rude_staff press"
)
FACTS = _words("opening_hours phone returns shipping prices website address email")
FILLED = Values(
    customer="Marta",
    brand="Panadería Sol",
    agent="Lucía",
    promise="mañana antes de las 12:00",
    facts=dict.fromkeys(FACTS, "L-V 8:00-14:00 y 17:00-20:00, S 9:00-14:00"),
)
ROOM = 270
"""Characters of a short answer: what X takes, less room for the customer's handle."""
FRAGMENT = re.compile(r" [,.;:!?]|,[,.]|^[,.;:]|  |\n")


def name(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def every_short_answer(replies: list[Reply], address: Address) -> set[str]:
    """Return all answers that the wordings of a situation can make together."""
    wordings = [
        [(reply, used) for used in _each_in_turn(reply)]
        for reply in sorted(replies, key=lambda reply: list(Attitude).index(reply.attitude))
    ]
    answers = set()
    for choice in product(*wordings):
        used = {use: stamp for _reply, uses in choice for use, stamp in uses.items()}
        answers.add(joined(stack(replies, address, used, short=True), short=True))
    return answers


def _each_in_turn(reply: Reply) -> list[dict[str, Use]]:
    """Return for each wording what was used, when all others were: so that it is its turn."""
    uses = [f"{reply.id}#{number}" for number in range(1, len(reply.wordings) + 1)]
    return [{other: Use(1, 1) for other in uses if other != use} for use in uses]


def forms(path: Path) -> list[str]:
    return [form for reply in replies(path) for wording in reply.wordings for form in wording if form]


def replies(path: Path) -> list[Reply]:
    return files.read_one(path, library.read)


@pytest.mark.parametrize("folder", sorted({path.parent for path in CANNED}), ids=lambda path: path.name)
def test_c6_each_language_has_the_most_used_situations_and_spanish_and_english_have_all(folder: Path) -> None:
    there = {path.stem for path in folder.glob("*.toml")}
    assert there >= (SITUATIONS if folder.name in ("es", "en") else MOST_USED)


@pytest.mark.parametrize("path", CANNED, ids=name)
def test_c6_a_file_says_what_it_is_called(path: Path) -> None:
    found = replies(path)
    assert {(reply.situation, reply.language) for reply in found} == {(path.stem, path.parent.name)}
    assert all(reply.title and reply.keywords for reply in found)


@pytest.mark.parametrize("path", CANNED, ids=name)
def test_c1_there_are_two_wordings_at_least_for_both_forms_of_address(path: Path) -> None:
    for reply in replies(path):
        for address, short in product(Address, (False, True)):
            said = {wording.said(address, short=short) for wording in reply.wordings}
            assert len(said) == len(reply.wordings) >= 2, (reply.id, address)
            assert "" not in said, (reply.id, address)


@pytest.mark.parametrize("path", CANNED, ids=name)
def test_c1_every_variable_is_known_and_no_sentence_needs_the_customers_name(path: Path) -> None:
    for text in forms(path):
        assert not unknown(text), text
        assert {one for one in variables(text) if one.startswith("fact:")} <= {f"fact:{f}" for f in FACTS}
        for values in (FILLED, FILLED._replace(customer="")):
            filled = fill(text, values)
            assert not filled.missing and "{" not in filled.text, text
            assert not FRAGMENT.search(_closed_up(filled.text, path)), filled.text


def _closed_up(text: str, path: Path) -> str:
    """Return a text without the space that French sets before a colon and its kind."""
    return re.sub(r" ([:;?!])", r"\1", text) if path.parent.name == "fr" else text


@pytest.mark.parametrize("path", CANNED, ids=name)
@pytest.mark.parametrize("address", Address)
def test_c1_a_short_answer_fits_whichever_wordings_meet(path: Path, address: Address) -> None:
    for answer in every_short_answer(replies(path), address):
        text = fill(answer, FILLED).text
        assert len(text) <= ROOM, (len(text), text)
        assert answer.count("{customer}") <= 1, answer


@pytest.mark.parametrize("path", CANNED, ids=name)
def test_c1_nothing_shouts_or_sounds_put_together(path: Path) -> None:
    for text in forms(path):
        assert text == text.strip() and "—" not in text and "–" not in text, text
        assert "!!" not in text and "??" not in text and not re.search(r"\b[A-ZÁÉÍÓÚÑ]{5,}\b", text), text


@pytest.mark.parametrize("path", PROTOCOLS, ids=name)
def test_d4_a_protocol_has_steps_somebody_in_charge_and_a_way_to_start(path: Path) -> None:
    (protocol,) = files.read_one(path, protocols.read)
    assert (protocol.id, protocol.language) == (path.stem, path.parent.name)
    assert protocol.title and protocol.in_charge and protocol.words
    assert 5 <= len(protocol.steps) <= 9
    assert any(step.must for step in protocol.steps) and any(step.say for step in protocol.steps)


@pytest.mark.parametrize("language", ["es", "en"])
def test_d4_the_ten_hard_situations_have_a_protocol(language: str) -> None:
    assert {path.stem for path in (protocols.SHIPPED / language).glob("*.toml")} >= STARTERS
