"""Both languages are whole: no sentence without its Spanish, no placeholder lost, the locale is followed."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.pofile import read_po

from socialdesk import i18n

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def messages() -> ModuleType:
    """The tool that collects and checks the sentences."""
    spec = importlib.util.spec_from_file_location("messages", ROOT / "tools/messages.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_sentence_is_translated(messages: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    code = messages.check()
    assert code == 0, "run: python tools/messages.py extract\n" + capsys.readouterr().err


def test_the_check_sees_what_is_wrong(messages: ModuleType, tmp_path: Path) -> None:
    folder = tmp_path / "es/LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "socialdesk.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
        'msgid "{n} late"\nmsgstr "{m} fuera de plazo"\n\n'
        'msgid "gone"\nmsgstr "ya no está"\n\n'
        'msgid "empty"\nmsgstr ""\n\n'
        '#, fuzzy\nmsgid "vague"\nmsgstr "vago"\n',
        encoding="utf-8",
    )
    sentences = messages.Catalog()
    for sentence in ("{n} late", "empty", "vague", "new"):
        sentences.add(sentence)
    found = "\n".join(messages.problems(folder / "socialdesk.po", sentences))
    for trouble in (
        "other placeholders: {n} late",
        "no longer used: gone",
        "untranslated: empty",
        "fuzzy: vague",
        "missing: new",
    ):
        assert trouble in found


def test_a_sentence_is_either_alone_or_has_a_plural(messages: ModuleType) -> None:
    """Marked both ways, gettext would show one of the two in English."""
    good = ["{n} waits", ("{n} day", "{n} days"), "{n} waits"]
    assert list(messages.clashes(good)) == []
    [line] = messages.clashes([*good, "{n} day"])
    assert line.endswith(": {n} day")


def test_the_compiled_catalogue_is_what_the_app_speaks(messages: ModuleType) -> None:
    messages.compile_all()
    i18n.choose("es")
    assert i18n._("Nothing was saved.") == "No se ha guardado nada."
    assert i18n.ngettext("{n} late", "{n} late", 2) == "{n} fuera de plazo"
    i18n.choose("en")
    assert i18n._("Nothing was saved.") == "Nothing was saved."


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "es_ES.UTF-8"}, "es"),
        ({"LANG": "ca_ES.UTF-8"}, "es"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "es_MX"}, "es"),
        ({"LANG": "C.UTF-8"}, "es"),
        ({}, "es"),
        ({"LANG": "fr_FR"}, "en"),
    ],
)
def test_the_locale_chooses_the_language(environment: dict[str, str], language: str) -> None:
    assert i18n.preferred(environment) == language


def test_spanish_quotes_in_its_own_way() -> None:
    """Only what is typed as it stands, in the settings or at a shell, keeps the marks that it is typed with."""
    catalogue = Path(i18n.FOLDER) / "es/LC_MESSAGES/socialdesk.po"
    with catalogue.open("rb") as handle:
        messages = read_po(handle, locale="es")
    strings = [message.string for message in messages if message.id]
    said = [text for each in strings if each for text in ([each] if isinstance(each, str) else each)]
    assert len(said) > 500
    assert [text for text in said if re.search(r'(?<!= )(?<!--text )"[^"]+"|[“”]', text)] == []
    i18n.choose("es")
    assert i18n.quoted("Sol") == "«Sol»"
