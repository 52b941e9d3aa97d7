"""What to do in a situation, step by step: which protocol proposes itself, and what is said of a broken one (NEEDS D4)."""

from __future__ import annotations

from pathlib import Path

import pytest

from socialdesk.replies import protocols
from socialdesk.replies.protocols import Step

INSULT = """
id = "insult"
language = "{language}"
title = "{title}"
situations = ["insult"]
words = ["{word}"]
in_charge = "owner"
[[step]]
do = "Breathe."
must = true
[[step]]
do = "Answer once, calmly."
say = "I am sorry that it has come to this."
who = "agent"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The same protocol in two languages."""
    for language, title, word in (("en", "Insults", "idiots"), ("es", "Insultos", "sinvergüenzas")):
        text = INSULT.format(language=language, title=title, word=word)
        (tmp_path / f"{language}.toml").write_text(text, encoding="utf-8")
    return tmp_path


def test_d4_a_protocol_is_read_in_the_agents_language_and_started_by_the_words_of_any(folder: Path) -> None:
    (found,) = protocols.of_brand(protocols.load(folder, folder / "none").values, "en", "")
    assert found.title == "Insults"
    assert found.steps[0] == Step("Breathe.", must=True)
    assert protocols.proposed([found], "", "Sois unos SINVERGUENZAS.") == [found]
    assert protocols.proposed([found], "", "You idiots!") == [found]
    assert protocols.proposed([found], "insult", "Hola") == [found]
    assert protocols.proposed([found], "", "Idiotsyncratic.") == []


def test_d4_a_brands_own_protocol_takes_the_place_of_the_desks(folder: Path) -> None:
    own = INSULT.format(language="en", title="Ours", word="x").replace('id = "', 'brand = "Sol"\nid = "')
    (folder / "own.toml").write_text(own)
    values = protocols.load(folder, folder / "none").values
    assert [p.title for p in protocols.of_brand(values, "en", "Sol")] == ["Ours"]
    assert [p.title for p in protocols.of_brand(values, "en", "Mar")] == ["Insults"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('id = "x"\nlanguage = "en"\ntitle = "X"\n', "no steps"),
        ('id = "x"\nlanguage = "en"\ntitle = "X"\n[[step]]\nsay = "a"\n', "do"),
        ('id = "x"\nlanguage = "en"\ntitle = "X"\n[[step]]\ndo = "a"\nmust = "yes"\n', "line 6"),
        ('id = "x"\nlanguage = "en"\n[[step]]\ndo = "a"\n', "title"),
    ],
)
def test_d4_a_broken_protocol_is_named_and_the_others_keep_working(
    folder: Path, text: str, reason: str
) -> None:
    (folder / "broken.toml").write_text(text)
    content = protocols.load(folder, folder / "none")
    assert len(content.values) == 2
    (trouble,) = content.troubles
    assert "broken.toml" in trouble and reason in trouble
