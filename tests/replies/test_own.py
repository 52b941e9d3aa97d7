"""A person's own replies and facts: begun as a copy, exported, imported, confirmed (NEEDS C1, C7)."""

from __future__ import annotations

import io
import os
import stat
from datetime import date
from pathlib import Path

import pytest

from socialdesk.errors import ConfigError, NotFound
from socialdesk.replies import facts, files, library, own, sheets
from socialdesk.replies.canned import Attitude, Reply, Wording
from socialdesk.replies.library import Library

REPLIES = [
    Reply("delay", Attitude.UNDERSTAND, "es", "Retraso", "tarde", "", (Wording(text="Lo siento."), Wording(text="Qué rabia."))),
    Reply("delay", Attitude.SOLVE, "es", "Retraso", "tarde", "", (Wording(informal="Te lo miro,\nya.", formal="Se lo miro."),)),
    Reply("spam", Attitude.SOLVE, "es", "Spam", "", "Sol", (Wording(text="=cmd|' /C calc'!A0"),)),
]  # fmt: skip
TODAY = date(2026, 11, 22)
FACTS = (
    'brand = "Sol"\n# dear\n[[fact]]\nname = "phone"\ntext = "600"\nconfirmed = 2025-01-01\n\n'
    '[[fact]]\nname = "returns"\ntext = "30 días"\n[fact.languages]\nen = "30 days"\n'
)


def edit(folder: Path, old: str, new: str) -> Path | None:
    """Edit one's own delay replies of the brand Sol."""

    def editor(path: Path) -> None:
        path.write_text(path.read_text().replace(old, new))

    return own.edit_replies(folder / "own", REPLIES[:2], editor, "Sol")


def test_c1_one_edits_a_copy_which_then_wins_and_is_never_written_over(tmp_path: Path) -> None:
    path = edit(tmp_path, "Lo siento.", "Lo siento mucho.")
    assert path is not None and stat.S_IMODE(path.stat().st_mode) == 0o600
    assert edit(tmp_path, "Qué rabia.", "Qué lata.") == path
    (tmp_path / "shipped").mkdir()
    mine = Library(tmp_path / "own", tmp_path / "shipped").replies("es", "Sol")
    assert [w.text for w in mine[0].wordings] == ["Lo siento mucho.", "Qué lata."]
    assert mine[1].wordings[0].informal == "Te lo miro,\nya."
    assert edit(tmp_path, "nothing", "of it") == path


def test_c1_a_copy_in_which_nothing_was_changed_does_not_stay(tmp_path: Path) -> None:
    assert edit(tmp_path, "nothing", "of it") is None

    def fails(path: Path) -> None:
        raise ConfigError("no editor", code="editor")

    with pytest.raises(ConfigError):
        own.edit_replies(tmp_path / "own", REPLIES[:2], fails)
    assert not list((tmp_path / "own").rglob("*.toml"))


def test_a_reply_that_there_is_not_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        own.edit_replies(tmp_path, [], print)


def test_c1_what_is_brought_in_leaves_the_other_attitudes_as_they_were(tmp_path: Path) -> None:
    own.write_replies(tmp_path, REPLIES[:2])
    own.write_replies(tmp_path, [REPLIES[0]._replace(wordings=(Wording(text="Vaya faena."),))])
    (tmp_path / "shipped").mkdir()
    told = Library(tmp_path, tmp_path / "shipped").replies("es")
    assert [reply.attitude for reply in told] == [Attitude.UNDERSTAND, Attitude.SOLVE]
    assert told[0].wordings == (Wording(text="Vaya faena."),) and told[1].wordings == REPLIES[1].wordings


def test_c1_what_cannot_be_read_is_not_written_over(tmp_path: Path) -> None:
    (broken,) = own.write_replies(tmp_path, REPLIES[:1])
    broken.write_text("situation = ")
    with pytest.raises(ConfigError):
        own.write_replies(tmp_path, [REPLIES[2], REPLIES[0]])
    assert broken.read_text() == "situation = " and len(list(tmp_path.rglob("*.toml"))) == 1


def test_c1_what_is_exported_is_read_back_the_same_and_is_no_formula_for_a_spreadsheet(
    tmp_path: Path,
) -> None:
    out = io.StringIO()
    assert sheets.write(REPLIES, out) == 4
    assert "\n=cmd" not in out.getvalue() and ",=cmd" not in out.getvalue()
    back = sheets.read(tmp_path / "a.csv", io.StringIO(out.getvalue(), newline=""))
    assert back == REPLIES


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("situation,attitude,language\n", 1, "title"),
        ("situation,attitude,language,title,colour\n", 1, "colour"),
        (
            "situation,attitude,language,title,text\nx,solve,es,T,Vale.\nx,solved,es,T,Vale.\n",
            3,
            "understand",
        ),
        ("situation,attitude,language,title,text\nx,solve,Spanish,T,Vale.\n", 2, "language"),
        ("situation,attitude,language,title,text\nx,solve,es,T\n", 2, "columns"),
        ("situation,attitude,language,title,text\nx,solve,es,T,\n", 2, "nothing"),
        ("situation,attitude,language,title,text\nx,solve,es,T,Hola {clinete}\n", 2, "{clinete}"),
        ('situation,attitude,language,title,text\nx,solve,es,T,"Va\n', 1, "end of data"),
    ],
)
def test_a_table_that_cannot_be_used_is_named_by_line_and_nothing_is_taken(
    tmp_path: Path, text: str, line: int, reason: str
) -> None:
    with pytest.raises(ConfigError) as error:
        sheets.read(tmp_path / "a.csv", io.StringIO(text, newline=""))
    assert f"line {line}:" in error.value.detail and reason in error.value.detail


def test_c7_facts_begin_with_an_example_and_one_is_confirmed_without_touching_the_rest(
    tmp_path: Path,
) -> None:
    path = tmp_path / "sol.toml"

    def write(begun: Path) -> None:
        assert 'brand = "Sol \\"y\\" Luna"' in begun.read_text() and files.read_one(begun, facts.read) == []
        begun.write_text(FACTS)

    assert own.edit_facts(tmp_path, 'Sol "y" Luna', TODAY, lambda _path: None) is None
    assert not list(tmp_path.glob("*.toml")), "an example that nobody wrote in does not stay"
    begun = own.edit_facts(tmp_path, 'Sol "y" Luna', TODAY, write)
    assert begun is not None
    begun.rename(path)
    assert own.facts_file(tmp_path, "Sol") == path
    known = files.read_one(path, facts.read)
    assert [f.is_stale(TODAY) for f in known] == [True, True]
    own.confirm(known, "phone", TODAY)
    phone, returns = files.read_one(path, facts.read)
    assert (phone.confirmed, returns.confirmed, returns.said("en")) == (TODAY, None, "30 days")
    assert "# dear" in path.read_text()
    with pytest.raises(NotFound):
        own.confirm(known, "prices", TODAY)


def test_c7_a_fact_is_confirmed_in_whatever_file_it_stands(tmp_path: Path) -> None:
    for name, text in {"a": "phone", "b": "hours"}.items():
        (tmp_path / f"{name}.toml").write_text(f'brand = "Sol"\n[[fact]]\nname = "{text}"\ntext = "1"\n')
    (tmp_path / "every.toml").write_text('[[fact]]\nname = "web"\ntext = "w"\n')
    for name in ("phone", "hours", "web"):
        own.confirm(facts_of(tmp_path), name, TODAY)
    assert {fact.name: fact.confirmed for fact in facts_of(tmp_path)} == dict.fromkeys(
        ("phone", "hours", "web"), TODAY
    )


def facts_of(folder: Path) -> list[facts.Fact]:
    return facts.of_brand(facts.load(folder).values, "Sol")


def test_c1_the_file_that_is_in_force_is_the_one_that_is_edited(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    mine = tmp_path / "own" / "mine.toml"
    mine.write_text(sheets.as_toml([reply._replace(brand="Sol") for reply in REPLIES[:2]]))
    assert edit(tmp_path, "Lo siento.", "Lo siento mucho.") == mine
    (tmp_path / "shipped").mkdir()
    said = Library(tmp_path / "own", tmp_path / "shipped").replies("es", "Sol")[0]
    assert said.wordings[0].text == "Lo siento mucho."


def test_c7_a_brands_own_fact_wins_over_every_brands(tmp_path: Path) -> None:
    (tmp_path / "all.toml").write_text(
        '[[fact]]\nname = "phone"\ntext = "1"\n[[fact]]\nname = "web"\ntext = "w"\n'
    )
    (tmp_path / "sol.toml").write_text('brand = "Sol"\n[[fact]]\nname = "phone"\ntext = "2"\n')
    (tmp_path / "bad.toml").write_text('[[fact]]\nname = "phone"\n')
    found = facts.load(tmp_path)
    assert {f.name: f.text for f in facts.of_brand(found.values, "Sol")} == {"phone": "2", "web": "w"}
    assert {f.name: f.text for f in facts.of_brand(found.values, "Mar")} == {"phone": "1", "web": "w"}
    (trouble,) = found.troubles
    assert "bad.toml, line 1" in trouble and "text" in trouble


@pytest.mark.parametrize("brand", ["!!!", "../../x", "/etc", "..", "🍞", "a\\b", "x" * 300])
def test_whatever_a_brand_is_called_its_files_stay_in_the_folder(tmp_path: Path, brand: str) -> None:
    replies = [REPLIES[2]._replace(brand=brand)]
    (path,) = own.write_replies(tmp_path / "replies", replies)
    assert path.is_file() and path.resolve().is_relative_to(tmp_path / "replies")
    assert own.facts_file(tmp_path / "facts", brand).parent == tmp_path / "facts"


def test_brands_that_differ_in_their_signs_only_have_a_folder_each(tmp_path: Path) -> None:
    brands = ("Bar & Co", "Bar + Co", "Bar-Co", "Bar Co")
    written = own.write_replies(tmp_path, [REPLIES[2]._replace(brand=brand) for brand in brands])
    assert len(set(written)) == len(brands)


def test_a_table_that_a_spanish_spreadsheet_has_written_is_read(tmp_path: Path) -> None:
    lines = ["situation;attitude;language;title;text\r\n", 'x;solve;es;T;"Vale, ya está; adiós."\r\n']
    (reply,) = sheets.read(tmp_path / "a.csv", lines)
    assert reply.wordings[0].text == "Vale, ya está; adiós."


def test_a_long_table_takes_no_time(tmp_path: Path) -> None:
    rows = (f"x,solve,es,T,Vale {n}.\n" for n in range(20_000))
    (reply,) = sheets.read(tmp_path / "a.csv", ["situation,attitude,language,title,text\n", *rows])
    assert len(reply.wordings) == 20_000


def test_nothing_that_commands_a_terminal_is_read_from_a_file(tmp_path: Path) -> None:
    lines = ["situation,attitude,language,title,text\n", "x,solve,es,T\x1b[31m,Va\x9b31mle\x07.\n"]
    (reply,) = sheets.read(tmp_path / "a.csv", lines)
    assert (reply.title, reply.wordings[0].text) == ("T", "Vale.")
    (tmp_path / "f.toml").write_text('[[fact]]\nname = "phone"\ntext = "1\\u001b]0;x\\u00072"\n')
    assert [fact.text for fact in facts.load(tmp_path).values] == ["12"]


def test_a_file_that_begins_with_a_byte_order_mark_is_read_and_what_lacks_is_said_plainly(
    tmp_path: Path,
) -> None:
    good, bad = tmp_path / "good.toml", tmp_path / "bad.toml"
    good.write_bytes(b'\xef\xbb\xbf[[fact]]\r\nname = "phone"\r\ntext = "1"\r\n')
    assert [fact.text for fact in files.read_one(good, facts.read)] == ["1"]
    bad.write_text('situation = "x"\nlanguage = "es"\n')
    with pytest.raises(ConfigError, match=r"line 1: title "):
        files.read_one(bad, library.read)


def test_what_is_no_file_is_named_and_never_waited_for(tmp_path: Path) -> None:
    (tmp_path / "gone.toml").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe.toml")
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "good.toml").write_text('[[fact]]\nname = "phone"\ntext = "1"\n')
    found = facts.load(tmp_path)
    assert [fact.text for fact in found.values] == ["1"]
    for name, trouble in zip(("folder", "gone", "pipe"), found.troubles, strict=True):
        assert f"{name}.toml" in trouble
