"""The settings file: what it says is what is used, and a wrong line is named with what would be right."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from socialdesk.cli.context import Context
from socialdesk.config import Config
from socialdesk.configedit import keep
from socialdesk.configfile import read
from socialdesk.domain.models import Box, View
from socialdesk.errors import ConfigError

DOCUMENT = Path(__file__).parents[2] / "docs/configuration.md"


def written(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


def complaint(folder: Path, text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        read(written(folder, text))
    assert str(folder / "config.toml") in caught.value.detail
    return caught.value.detail


def test_no_file_gives_the_defaults(tmp_path: Path) -> None:
    assert Context().config == Config()


def test_everything_the_document_shows_can_be_used(tmp_path: Path) -> None:
    examples = re.findall(r"^```toml\n(.*?)^```", DOCUMENT.read_text(encoding="utf-8"), re.M | re.S)
    assert len(examples) >= 11
    config = read(written(tmp_path, "\n".join(examples)))
    assert config.language == "es"
    assert config.agent == "Ana"
    assert config.undo == timedelta(seconds=10)
    assert config.keys["reply"] == "r,f5"
    assert set(config.policy.calendars) == {"Panadería Sol", "Bar Luna"}
    assert config.policy.situations["allergy"] == "Alergia"
    assert config.policy.acknowledge == {"Panadería Sol"}
    assert config.views[0] == View("Bakery, late", late=True, brand="Panadería Sol")
    assert config.views[1] == View("Bluesky", box=Box.OPEN, waiting_only=True, channel="bluesky")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('lenguage = "es"', 1, "language"),
        ('\nlanguage = "fr"', 2, '"es", "en"'),
        ("theme = 3", 1, '"contrast"'),
        ("# hello\n[desk]\n\nundo = 10", 4, '"30s"'),
        ('[desk]\nundo = "2h"', 2, "one hour"),
        ('[desk]\nundo = "10 weeks"', 2, '"30s"'),
        ('[signals]\nbell = "yes"', 2, "true or false"),
        ("signals = true", 1, "[signals]"),
        ('[promises]\nbluesky = "2h"\nx = "0h"', 3, "promises.x"),
        ("[keys]\nreply = 4", 2, "keys.reply"),
        ('[[views]]\nname = "a"\n[[views]]\nlate = true', 3, "name"),
        ('[[views]]\nname = "a"\nlate = true\n[[views]]\nname = "b"\nlate = 1', 6, "views.late"),
        ('[[views]]\nname = "a"\n[[views]]\nname = "a"', 4, "two views"),
        ('[views]\nname = "a"', 1, "[[views]]"),
        ('[[views]]\nname = "a"\nbox = "closed"', 3, '"snoozed"'),
        ("[desk\nundo = 1", 1, "TOML"),
        ('language = "es"\ntheme = "dark', 2, "TOML"),
        ("[zzz]\na = 1", 1, "signals"),
        ('[desk]\n"undo" = 7', 2, "desk.undo"),
        ('theme = "dark"\ndesk = {undo = "1w"}', 2, "desk.undo"),
        ('theme = "dark"\ndesk.undo = "1w"', 2, "desk.undo"),
    ],
)
def test_a_wrong_line_is_named_with_what_would_be_right(
    tmp_path: Path, text: str, line: int, words: str
) -> None:
    message = complaint(tmp_path, text)
    assert f"line {line}:" in message
    assert words in message


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b'agent = "Ana"\nlanguage = "\xff"\n')
    with pytest.raises(ConfigError, match="line 2"):
        read(path)


def test_a_folder_in_its_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.toml").mkdir()
    with pytest.raises(ConfigError, match=re.escape(str(tmp_path))):
        read(tmp_path / "config.toml")


def test_what_is_chosen_on_the_screen_is_written_where_there_was_no_file(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "config.toml"
    keep(path, "theme", "light")
    keep(path, "language", "es")
    keep(path, "theme", "mono")
    assert path.read_text(encoding="utf-8") == 'theme = "mono"\nlanguage = "es"\n'
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("# mine\ntheme='dark' # calm\n[desk]\nundo = \"5s\"\n", None),
        (
            '# mine\nagent = "Ana"  # me\n\n# the desk\n[desk]\nundo = "5s"',
            '# mine\nagent = "Ana"  # me\ntheme = "light"\n\n# the desk\n[desk]\nundo = "5s"',
        ),
        ('[keys]\ntheme = "T"\n', 'theme = "light"\n[keys]\ntheme = "T"\n'),
        ('agent = "Ana"', 'agent = "Ana"\ntheme = "light"\n'),
        ('agent = "Ana"\r\n"theme" = "dark"\r\n', 'agent = "Ana"\r\n"theme" = "light"\r\n'),
        ('theme = """dark"""\n[desk]\n', 'theme = "light"\n[desk]\n'),
        (
            'agent = """\n[x]\n"""\n# the desk\n[desk]\n',
            'agent = """\n[x]\n"""\ntheme = "light"\n# the desk\n[desk]\n',
        ),
        ("# only words\n", 'theme = "light"\n# only words\n'),
    ],
)
def test_what_is_chosen_on_the_screen_leaves_everything_else_in_the_file(
    tmp_path: Path, before: str, after: str | None
) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(before.encode())
    keep(path, "theme", "light")
    expected = after or before.replace("'dark'", '"light"')
    assert path.read_bytes().decode() == expected
    assert read(path).theme == "light"


def test_a_linked_settings_file_stays_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "dotfiles.toml", tmp_path / "config.toml"
    real.write_text('theme = "dark"\n', encoding="utf-8")
    link.symlink_to(real)
    keep(link, "theme", "light")
    assert link.is_symlink() and real.read_text(encoding="utf-8") == 'theme = "light"\n'


@pytest.mark.parametrize("text", ["theme =\n", 'agent = "Ana"\nagent = "Eva"\n', "views = [1]\n"])
def test_a_settings_file_that_is_not_understood_is_left_alone(tmp_path: Path, text: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(ConfigError, match=re.escape(str(path))):
        keep(path, "theme", "light")
    assert path.read_text(encoding="utf-8") == text
