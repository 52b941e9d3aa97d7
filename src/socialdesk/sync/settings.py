"""The settings that the engine follows while it runs: a person who switches the public clock off need not restart it."""

from __future__ import annotations

import logging
from pathlib import Path

from socialdesk.config import ClockSettings
from socialdesk.errors import ConfigError

log = logging.getLogger(__name__)


class ClockFollower:
    """Reads the section [clock] again when config.toml has changed; one that cannot be used changes nothing."""

    def __init__(self, file: Path, clock: ClockSettings) -> None:
        self._file = file
        self._clock = clock
        self._stamp = _stamp(file)

    def clock(self) -> ClockSettings:
        """Return the settings in force."""
        stamp = _stamp(self._file)
        if stamp != self._stamp:
            self._stamp = stamp
            self._read()
        return self._clock

    def _read(self) -> None:
        from socialdesk import configfile

        try:
            self._clock = configfile.read(self._file).clock if self._file.exists() else ClockSettings()
        except ConfigError as error:
            log.warning("the settings have changed and cannot be used: %s", error.detail)


def _stamp(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
