"""Everything that answers are made of, beside the settings of a desk: the one place to ask for it."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from socialdesk.replies import facts, protocols
from socialdesk.replies.facts import Fact
from socialdesk.replies.files import Content
from socialdesk.replies.library import Library
from socialdesk.replies.protocols import Protocol


class Shelf:
    """The replies, facts and protocols of a folder, read when first asked for; a new one sees what has changed."""

    def __init__(self, folder: Path) -> None:
        self.replies_folder = folder / "replies"
        self.facts_folder = folder / "facts"
        self.protocols_folder = folder / "protocols"
        self.library = Library(self.replies_folder)

    def facts(self, brand: str) -> list[Fact]:
        """Return what is known of a brand."""
        return facts.of_brand(self._facts.values, brand)

    def protocols(self, language: str, brand: str) -> list[Protocol]:
        """Return a brand's protocols, by title; in another language where one is not written in this one."""
        return protocols.of_brand(self._protocols.values, language, brand)

    def steps(self, protocol: str) -> int | None:
        """Return how many steps a protocol has at most, whatever its brand and language; None: there is none."""
        return protocols.most_steps(self._protocols.values, protocol)

    def troubles(self) -> list[str]:
        """Return what cannot be used of the person's own files, with file, line and reason."""
        return [*self.library.troubles(), *self._facts.troubles, *self._protocols.troubles]

    @cached_property
    def _facts(self) -> Content[Fact]:
        return facts.load(self.facts_folder)

    @cached_property
    def _protocols(self) -> Content[Protocol]:
        return protocols.load(self.protocols_folder)
