"""Where everything lies: one folder in ``SOCIALDESK_HOME``, else the platform's own places."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from socialdesk.errors import ConfigError


class Paths(NamedTuple):
    """The folders of one desk; created 0700 by whoever first writes there."""

    config: Path
    data: Path
    logs: Path

    @property
    def config_file(self) -> Path:
        """The settings."""
        return self.config / "config.toml"

    @property
    def database(self) -> Path:
        """The desk file."""
        return self.data / "desk.db"

    @property
    def sessions(self) -> Path:
        """Sign-in sessions, encrypted, one file an account."""
        return self.data / "sessions"

    @property
    def log_file(self) -> Path:
        """What went on, redacted."""
        return self.logs / "socialdesk.log"

    def below(self, name: str) -> Paths:
        """Return the places of a second desk inside this one (the demo)."""
        return Paths(self.config, self.data / name, self.logs / name)


def find(environment: Mapping[str, str] | None = None) -> Paths:
    """Return the places of this person's desk. Raises ``ConfigError`` where ``~`` names nobody's home."""
    environment = os.environ if environment is None else environment
    home = environment.get("SOCIALDESK_HOME")
    if home:
        try:
            root = Path(home).expanduser().absolute()
        except RuntimeError:
            raise ConfigError(f"SOCIALDESK_HOME={home}", code="home") from None
        return Paths(root, root / "data", root / "logs")
    import platformdirs

    return Paths(
        Path(platformdirs.user_config_dir("socialdesk")),
        Path(platformdirs.user_data_dir("socialdesk")),
        Path(platformdirs.user_log_dir("socialdesk")),
    )
