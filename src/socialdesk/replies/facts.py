"""Facts of a brand, to be inserted instead of retyped: opening hours, phone, returns, prices, links (NEEDS C7)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from socialdesk.configreading import Check, Reading, WrongError, named
from socialdesk.i18n import _
from socialdesk.policyfile import identifier, language
from socialdesk.replies import files

STALE = timedelta(days=180)
"""A fact that nobody has confirmed for so long is shown as one to look at again."""


class Fact(NamedTuple):
    """Something true about a brand; ``languages`` are its other wordings by language code, ``path`` its file."""

    name: str
    text: str
    label: str = ""
    brand: str = ""
    confirmed: date | None = None
    languages: Mapping[str, str] = {}
    path: Path | None = None

    def said(self, language: str) -> str:
        """Return it in a language, or as it was written first."""
        return self.languages.get(language, self.text)

    def is_stale(self, today: date) -> bool:
        """Say whether it was confirmed too long ago, or never."""
        return self.confirmed is None or today - self.confirmed > STALE


def _day(value: Any) -> date:
    if type(value) is not date:
        raise WrongError(_("a date without quotes is expected, such as 2026-11-01"))
    return value


_FACT: Mapping[str, Check] = {"name": identifier, "text": files.said, "label": files.said, "confirmed": _day}


def of_brand(facts: Iterable[Fact], brand: str) -> list[Fact]:
    """Return the facts that hold for a brand, its own before those of every brand."""
    by_place = sorted((f for f in facts if f.brand in ("", brand)), key=lambda fact: bool(fact.brand))
    return list({fact.name: fact for fact in by_place}.values())


def load(folder: Path) -> files.Content[Fact]:
    """Return what the files of a folder say, with what cannot be used of them."""
    return files.read(files.below(folder), read) if folder.is_dir() else files.Content()


def read(reading: Reading, values: Mapping[str, Any]) -> Iterator[Fact]:
    """Return the facts of one file. Raises ``ConfigError``."""
    reading.known((), values, ("brand", "fact"))
    brand = reading.value(("brand",), named, values["brand"]) if "brand" in values else ""
    for nth, table in enumerate(reading.tables("fact", values.get("fact", []))):
        own = {key: value for key, value in table.items() if key != "languages"}
        checked = reading.checked(("fact",), own, _FACT, nth)
        for key in ("name", "text"):
            if key not in checked:
                raise reading.error(("fact",), _("{name} is missing").format(name=key), nth)
        languages = _languages(reading, table.get("languages", {}), nth)
        yield Fact(**checked, brand=brand, languages=languages, path=reading.path)


def _languages(reading: Reading, value: Any, nth: int) -> dict[str, str]:
    where = ("fact", "languages")
    table = reading.table(where, value, nth)
    return {
        reading.value((*where, code), language, code, nth): reading.value(
            (*where, code), files.said, text, nth
        )
        for code, text in table.items()
    }
