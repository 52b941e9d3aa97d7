"""config.toml while its promises and calendars are being changed: nothing is in force until it is applied."""

from __future__ import annotations

import tomllib
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from socialdesk import configedit, configfile
from socialdesk.domain.promises import Policy

if TYPE_CHECKING:
    from socialdesk.calendars.spec import PolicySpec
    from socialdesk.configedit import Change

_YEARS_BACK, _YEARS_AHEAD = 1, 2
"""The years whose holidays are looked up to be shown."""


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
        """Return the policy with the holidays around a year; the first call of a process takes a moment."""
        from socialdesk.calendars.compile import compile_policy

        return compile_policy(self.spec, range(year - _YEARS_BACK, year + _YEARS_AHEAD + 1))

    def save(self) -> Draft:
        """Write the file; ``ConfigError`` where that cannot be."""
        if self.changes:
            configedit.write(self.path, self.text)
        return Draft(self.path, self.text)
