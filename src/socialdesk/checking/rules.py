"""The rules in force: what came with the program, the desk's own, and one brand's; read when first needed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from socialdesk.checking.rulefiles import Pattern, RuleFile, shipped

if TYPE_CHECKING:
    from socialdesk.checking.plugins import Plugin

SHIPPED = Path(__file__).parent / "rules"
"""One folder a language, and ``any``; in each, one file a family or several."""


class Rules:
    """Words and patterns by family and language. ``now`` is the moment from which promises are dated."""

    def __init__(
        self,
        own: Sequence[RuleFile] = (),
        troubles: list[str] | None = None,
        *,
        dictionaries: Sequence[Path] = (),
        plugins: Sequence[Plugin] = (),
        now: datetime | None = None,
    ) -> None:
        self.troubles: list[str] = [] if troubles is None else troubles
        self.dictionaries = tuple(dictionaries)
        self.plugins = tuple(plugins)
        self.now = now or datetime.now(UTC)
        self._own = tuple(own)
        self._words: dict[tuple[str, str], frozenset[str]] = {}
        self._patterns: dict[tuple[str, str], tuple[Pattern, ...]] = {}

    def bound(self, brand: str, now: datetime) -> Rules:
        """Return the rules of one brand: the desk's own and that brand's, no other brand's."""
        rules = self._of(brand)
        rules.now = now
        return rules

    @lru_cache(maxsize=32)  # noqa: B019  # a handful of brands, alive as long as the rules
    def _of(self, brand: str) -> Rules:
        own = [file for file in self._own if file.brand in ("", brand)]
        return Rules(own, self.troubles, dictionaries=self.dictionaries, plugins=self.plugins)

    def words(self, name: str, language: str = "") -> frozenset[str]:
        """Return a list of words, those of the language and those of any, as written in the files."""
        key = (name, language)
        if key not in self._words:
            found = (word for file in self._files(language) for word in file.words.get(name, ()))
            self._words[key] = frozenset(found)
        return self._words[key]

    def patterns(self, family: str, language: str = "") -> tuple[Pattern, ...]:
        """Return the patterns of a family, those of the language and those of any; a brand's own come last."""
        key = (family, language)
        if key not in self._patterns:
            found = (pattern for file in self._files(language) for pattern in file.patterns)
            self._patterns[key] = tuple(pattern for pattern in found if pattern.family == family)
        return self._patterns[key]

    def is_off(self, family: str, rule: str) -> bool:
        """Say whether a rule, or its whole family, does not count here."""
        return any(family in file.off or f"{family}.{rule}" in file.off for file in self._own)

    def weight(self, family: str, rule: str) -> str:
        """Return what a finding asks for: "stop", "advice" or "note"; what a desk or brand says of it wins."""
        names = (family, f"{family}.{rule}")
        found = [file.weights[name] for file in self._files() for name in names if name in file.weights]
        return found[-1] if found else "advice"

    def _files(self, language: str = "") -> Iterator[RuleFile]:
        yield from _shipped("any")
        if language:
            yield from _shipped(language)
        yield from (file for file in self._own if file.language in ("", language))


@lru_cache
def _shipped(folder: str) -> tuple[RuleFile, ...]:
    language = "" if folder == "any" else folder
    return tuple(shipped(path, language) for path in sorted((SHIPPED / folder).glob("*.toml")))


def load(config: Path | None = None, *, with_plugins: bool = True) -> Rules:
    """Return the rules of a desk whose settings lie in that folder; ``troubles`` names what could not be used."""
    from socialdesk.checking import plugins

    own, troubles = _own(config / "rules") if config is not None else ((), ())
    dictionaries = () if config is None else (config / "dictionaries",)
    found, failed = plugins.find() if with_plugins else ((), ())
    rules = Rules(own, [*troubles, *failed], dictionaries=dictionaries, plugins=found)
    if any(file.places for file in own):
        from socialdesk.checking.rulenames import strange

        rules.troubles.extend(strange(own, rules))
    return rules


def _own(folder: Path) -> tuple[tuple[RuleFile, ...], tuple[str, ...]]:
    if not folder.is_dir():
        return (), ()
    from socialdesk.checking.ownrules import read_folder

    return read_folder(folder)
