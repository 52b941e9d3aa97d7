"""The desk's screens, driven by keys as a person would."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from helpers import time_lapse
from socialdesk.app import DeskApp
from socialdesk.clock import ManualClock
from socialdesk.config import Config
from socialdesk.screens.shell import Checker

from .desks import ALLOWED, TestDesk


@pytest.fixture
def anyio_backend(monkeypatch: pytest.MonkeyPatch) -> tuple[str, dict[str, Any]]:
    """No test waits for time to pass, only for what the screens do."""
    return time_lapse.backend(monkeypatch)


@pytest.fixture
def desk(tmp_path: Path, clock: ManualClock) -> Iterator[TestDesk]:
    """An empty desk."""
    made = TestDesk(tmp_path / "desk.db", clock, Config(theme="dark"))
    yield made
    made.database.close()


@pytest.fixture
def app_of() -> Callable[..., DeskApp]:
    """Make the app of a desk."""

    def make(desk: TestDesk, config: Config | None = None, checker: Checker | None = None) -> DeskApp:
        return DeskApp(
            desk.desk, config or desk.config, desk.clock, limits=lambda _channel: ALLOWED, checker=checker
        )

    return make
