"""How answers leave, by brand, and whose second look they need, as settings (needs C2, C4)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from socialdesk.config import Answering, ApprovalSettings, Config
from socialdesk.configfile import parse
from socialdesk.errors import ConfigError

FILE = Path("/desk/config.toml")
SECONDS = timedelta(seconds=1)


def read(text: str) -> Config:
    return parse(FILE, text)


def test_c2_the_undo_window_is_the_brands_own_and_three_times_longer_where_it_could_do_harm() -> None:
    config = read(
        '[desk]\nundo = "20s"\n[answering]\nwords = ["Azahar"]\naddress = "usted"\n'
        '[answering."Panadería Sol"]\nundo = "15s"\naddress = "tu"\nlanguage = "es"\nwords = ["candeal"]\n'
    )
    assert config.answering_for("Lola") == Answering(20 * SECONDS, 60 * SECONDS, "usted", "", ("Azahar",))
    assert config.answering_for("Panadería Sol") == Answering(
        15 * SECONDS, 45 * SECONDS, "tu", "es", ("Azahar", "candeal")
    )
    assert read("").answering_for("x") == Answering(10 * SECONDS, 30 * SECONDS)


def test_c2_the_longer_window_is_what_is_written_and_never_the_shorter_one() -> None:
    every = read('[answering]\nundo = "5s"\nundo_upset = "2m"\n[answering.Lola]\nundo_upset = "1s"\n')
    assert every.answering_for("Ana").undo_upset == 120 * SECONDS
    assert every.answering_for("Lola") == Answering(5 * SECONDS, 5 * SECONDS)


def test_c4_approval_is_said_by_brand_and_by_situation() -> None:
    config = read(
        "[answering]\napproval = false\n[answering.Lola]\napproval = true\n"
        '[approval]\npeople = ["Marta", "Luis"]\nsituations = ["insult", "rumour"]\ncool_down = "5 min"\n'
    )
    assert config.approval == ApprovalSettings(("Marta", "Luis"), ("insult", "rumour"), timedelta(minutes=5))
    assert (config.answering_for("Lola").approval, config.answering_for("Ana").approval) == (True, False)
    assert read("").approval.cool_down == timedelta(minutes=2)


def test_c4_delicate_situations_need_a_second_look_unless_the_settings_name_others_or_none() -> None:
    for text in ("", '[approval]\npeople = ["Marta", "Luis"]\n'):
        assert {"insult", "crisis", "threat", "compensation"} <= set(read(text).approval.situations)
    assert read('[approval]\nsituations = ["press"]\n').approval.situations == ("press",)
    assert read("[approval]\nsituations = []\n").approval.situations == ()


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('[answering]\nundo = "2h"', 2, "answering.undo: at most one hour"),
        ('[answering]\naddress = "vos"', 2, '"tu", "usted", "none"'),
        ('[answering."Panadería Sol"]\n\nlanguage = "xx"', 3, "answering.Panadería Sol.language"),
        ("[answering.Lola]\nundoo = 1", 2, "did you mean undo"),
        ('[approval]\npeople = "Marta"', 2, "a list in square brackets"),
        ('[approval]\ncool_down = "soon"', 2, "a length of time"),
        ("approval = true", 1, "[approval]"),
        ('[[answering]]\nundo = "1s"', 1, "[answering]"),
    ],
)
def test_what_cannot_be_used_is_named_with_its_line(text: str, line: int, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(text)
    assert f"line {line}:" in caught.value.detail
    assert said in caught.value.detail
