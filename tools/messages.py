"""Keeps the translations complete.

    python tools/messages.py extract   collect the sentences of the source into the catalogue, keeping translations
    python tools/messages.py check     fail when a sentence is untranslated, out of date, has other placeholders or
                                       is marked in two ways
    python tools/messages.py compile   make the .mo files that the app reads (the build does the same)

The sentences are the arguments of ``_``, ``N_`` and ``ngettext``.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

if TYPE_CHECKING:
    from babel.messages.catalog import Message

SOURCE = Path(__file__).parents[1] / "src/socialdesk"
KEYWORDS = {"_": 1, "N_": 1, "ngettext": 2}
"""Function -> how many of its first arguments are sentences."""
HEADER = "# The sentences of socialdesk. Collected by tools/messages.py; translate the msgstr lines by hand."
FIXED = datetime(2026, 1, 1, tzinfo=UTC)
"""A date that never changes, so that collecting again changes nothing."""


Sentence = str | tuple[str, ...]
"""A sentence, or its singular and plural."""


def source() -> Iterator[Sentence]:
    """Yield every sentence of the source, as often as it is marked."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if sentence := marked(node):
                yield sentence


def template() -> Catalog:
    """Return every sentence of the source, once."""
    catalog = Catalog()
    for sentence in source():
        catalog.add(sentence)
    return catalog


def clashes(sentences: Iterable[Sentence]) -> Iterator[str]:
    """Yield, a line each, what is marked both alone and with a plural: one of the two finds no translation."""
    found = set(sentences)
    singulars = {sentence[0] for sentence in found if not isinstance(sentence, str)}
    for sentence in sorted(singulars & found):
        yield f"marked both by _ and by ngettext: {sentence}"


def marked(node: ast.AST) -> Sentence | None:
    """Return the sentence that a call marks, also one inside an f-string, or None."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
        return None
    count = KEYWORDS.get(node.func.id, 0)
    texts = [argument.value for argument in node.args[:count] if isinstance(argument, ast.Constant)]
    if not count or len(texts) != count or not all(isinstance(text, str) and text for text in texts):
        return None
    return str(texts[0]) if count == 1 else tuple(map(str, texts))


def catalogues() -> list[Path]:
    """Return the files with the translations."""
    return sorted((SOURCE / "locale").rglob("*.po"))


def load(path: Path) -> Catalog:
    """Read a catalogue."""
    with path.open("rb") as handle:
        return read_po(handle, locale=path.parts[-3])


def extract() -> None:
    """Bring every catalogue up to date; sentences that are gone are dropped, new ones are left empty."""
    sentences = template()
    for path in catalogues():
        catalog = load(path)
        catalog.update(sentences, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        catalog.project, catalog.version, catalog.copyright_holder = "socialdesk", "1", ""
        catalog.msgid_bugs_address = catalog.last_translator = catalog.language_team = ""
        catalog.header_comment, catalog.fuzzy = HEADER, False
        catalog.creation_date = catalog.revision_date = FIXED
        with path.open("wb") as handle:
            write_po(handle, catalog, width=110, no_location=True, sort_output=True, ignore_obsolete=True)


def problems(path: Path, sentences: Catalog) -> Iterator[str]:
    """Yield what is wrong with a catalogue, a line each."""
    catalog = load(path)
    for message in sentences:
        if message.id and message.id not in catalog:
            yield f"missing: {message.id}"
    for message in catalog:
        if not message.id:
            continue
        if message.id not in sentences:
            yield f"no longer used: {message.id}"
        elif message.fuzzy:
            yield f"fuzzy: {message.id}"
        else:
            yield from _wrong(message)


def _wrong(message: Message) -> Iterator[str]:
    ids, strings = _forms(message.id), _forms(message.string)
    if not all(strings):
        yield f"untranslated: {message.id}"
        return
    allowed = [fields(form) for form in ids]
    for form in strings:
        if fields(form) not in allowed:
            yield f"other placeholders: {message.id} -> {form}"
        if form[:1].isspace() != ids[0][:1].isspace() or form[-1:].isspace() != ids[0][-1:].isspace():
            yield f"other spaces around: {message.id} -> {form}"


def _forms(value: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [value] if isinstance(value, str) else list(value or [""])


def fields(sentence: str) -> frozenset[str]:
    """Return the placeholders of a sentence: str.format's names, and the old ones of argparse's sentences."""
    braces = [name for _text, name, _spec, _conversion in Formatter().parse(sentence) if name is not None]
    return frozenset(braces + re.findall(r"%(?:\(\w+\))?[rsd]", sentence))


def check() -> int:
    """Print every problem; return 1 if there is any."""
    sentences = template()
    found = list(clashes(source()))
    found += [f"{path.parts[-3]}: {line}" for path in catalogues() for line in problems(path, sentences)]
    for line in found:
        sys.stderr.write(f"{line}\n")
    return 1 if found else 0


def compile_all() -> None:
    """Make the .mo files."""
    for path in catalogues():
        with path.with_suffix(".mo").open("wb") as handle:
            write_mo(handle, load(path))


def main(arguments: list[str]) -> int:
    """Run one of the three commands."""
    match arguments:
        case ["extract"]:
            extract()
        case ["check"]:
            return check()
        case ["compile"]:
            compile_all()
        case _:
            sys.stderr.write(f"{__doc__}\n")
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
