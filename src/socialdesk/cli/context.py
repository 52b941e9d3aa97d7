"""What every command may need, made at the first use: places, clock, settings, the desk."""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING

from socialdesk import paths
from socialdesk.clock import Clock, SystemClock
from socialdesk.config import Config

if TYPE_CHECKING:
    from pathlib import Path

    from socialdesk.desk import Desk
    from socialdesk.paths import Paths
    from socialdesk.replies.shelf import Shelf
    from socialdesk.secrets import Secrets
    from socialdesk.storage.database import Database


def _settings(file: Path) -> Config:
    if not file.exists():
        return Config()
    from socialdesk.configfile import read

    return read(file)


class Context:
    """One run of the program, on the person's own desk or on the demo's, which lies in a folder inside it."""

    def __init__(self, clock: Clock | None = None, *, is_demo: bool = False) -> None:
        self.clock: Clock = clock or SystemClock()
        self.is_demo = is_demo

    @cached_property
    def paths(self) -> Paths:
        """Where everything lies."""
        own = paths.find()
        return own.below("demo") if self.is_demo else own

    @cached_property
    def config(self) -> Config:
        """The settings; without a file, the defaults. Raises ``ConfigError``."""
        own = _settings(self.paths.config_file)
        if not self.is_demo:
            return own
        demo = _settings(self.settings_file)
        return own._replace(promised=demo.promised, answering=demo.answering, approval=demo.approval)

    @cached_property
    def settings_file(self) -> Path:
        """Where promises and calendars are written: config.toml; the demo has its own, beside its desk."""
        return self.paths.data / "config.toml" if self.is_demo else self.paths.config_file

    @cached_property
    def database(self) -> Database:
        """The desk file, opened. Raises ``DeskFileError``."""
        from socialdesk.storage.database import Database

        return Database(self.desk_file)

    @property
    def desk_file(self) -> Path:
        """Where the desk file is, or would be. Raises ``ConfigError``."""
        from socialdesk.storage.location import locate

        # The demo never touches another desk than its own.
        return locate(self.paths, {} if self.is_demo else os.environ)

    @cached_property
    def desk(self) -> Desk:
        """The desk. Raises ``ConfigError`` and ``DeskFileError``."""
        from socialdesk.desk import Desk

        return Desk(self.database, self.clock, self.config, steps=self._steps)

    @cached_property
    def shelf(self) -> Shelf:
        """The canned replies, facts and protocols; they lie beside the settings of promises."""
        from socialdesk.replies.shelf import Shelf

        return Shelf(self.settings_file.parent)

    def _steps(self, protocol: str) -> int | None:
        """Return how many steps a protocol has, as its file says by now."""
        from socialdesk.replies.shelf import Shelf

        return Shelf(self.settings_file.parent).steps(protocol)

    @cached_property
    def secrets(self) -> Secrets:
        """Where passwords are kept."""
        from socialdesk import discretion
        from socialdesk.secrets import Secrets

        discretion.begin()
        return Secrets(self.paths.data / "secrets.json")

    def demo(self) -> Context:
        """Return the context of the demo's desk."""
        return Context(self.clock, is_demo=True)

    def engine_running(self) -> bool:
        """Say whether a process receives and sends for this desk at the moment."""
        from socialdesk.sync.enginelock import is_running, lock_of

        return is_running(lock_of(self.desk_file))

    def close(self) -> None:
        """Close what was opened; it is opened, and the settings are read, again when they are needed again."""
        for made in ("desk", "config"):
            self.__dict__.pop(made, None)
        if "database" in self.__dict__:
            self.__dict__.pop("database").close()
