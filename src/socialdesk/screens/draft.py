"""config.toml while its promises and calendars are being changed: nothing is in force until it is applied."""

from __future__ import annotations

import tomllib
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from socialdesk import configedit, configfile
from socialdesk.configreading import Reading
from socialdesk.domain.promises import Policy
from socialdesk.errors import ConfigError

if TYPE_CHECKING:
    from socialdesk.calendars.spec import PolicySpec
    from socialdesk.configedit import Change

_YEARS_BACK, _YEARS_AHEAD = 1, 2
"""The years whose holidays are looked up to be shown."""


def _brought_in(spec: PolicySpec) -> dict[str, tuple[str, ...]]:
    return {brand: (one.country, one.region, one.ical_text) for brand, one in spec.calendars.items()}


class Draft:
    """What the file would say, and what that means; a value: a change makes another."""

    def __init__(self, path: Path, text: str, changes: int = 0) -> None:
        """Raise ``ConfigError`` where the text is not a usable configuration."""
        self.path, self.text, self.changes = path, text, changes
        self.spec: PolicySpec = configfile.parse(path, text).policy

    @classmethod
    def begun(cls, path: Path) -> Draft:
        """Return what the file says now."""
        return cls(path, configedit.text_of(path))

    def changed(self, *changes: Change) -> Draft:
        """Return the draft with these changes; ``ConfigError`` where it would not be usable."""
        text = self.text
        for change in changes:
            text = configedit.changed(self.path, text, change)
        return self if text == self.text else Draft(self.path, text, self.changes + 1)

    @cached_property
    def values(self) -> dict[str, Any]:
        """What is written, as written."""
        return tomllib.loads(self.text)

    def policy(self, year: int) -> Policy:
        """Return the policy with the holidays around a year; the first call of a process takes a moment.

        Raises ``ConfigError``, which names the line, where a region or a file cannot be used.
        """
        from socialdesk.calendars.compile import compile_policy

        try:
            return compile_policy(self.spec, range(year - _YEARS_BACK, year + _YEARS_AHEAD + 1))
        except ConfigError as error:
            raise Reading(self.path, self.text).error(error.where, error.problem) from error

    def brings_in_other(self, before: Draft) -> bool:
        """Say whether holidays or files are other ones than before: whether they can be used, only ``policy`` tells."""
        return _brought_in(self.spec) != _brought_in(before.spec)

    def save(self) -> Draft:
        """Write the file; ``ConfigError`` where that cannot be."""
        if self.changes:
            configedit.write(self.path, self.text)
        return Draft(self.path, self.text)
