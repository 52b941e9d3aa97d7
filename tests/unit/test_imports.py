"""What loading one part of socialdesk may drag in with it: start-up time and a plugin author's freedom hang on it."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = {"textual", "sqlmodel", "sqlalchemy", "pydantic", "httpx", "keyring", "alembic", "babel"}


def loaded_by(module: str) -> set[str]:
    """Return which of the heavy libraries a fresh interpreter has loaded after importing ``module``."""
    code = f"import sys, {module}; print(*sys.modules)"
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    return HEAVY & set(output.split())


@pytest.mark.parametrize(
    ("module", "allowed"),
    [
        ("socialdesk.connectors.contract", set()),
        ("socialdesk.connectors.registry", set()),
        ("socialdesk.desk", set()),
        ("socialdesk.cli", set()),
        ("socialdesk.domain.models", set()),
        ("socialdesk.app", {"textual"}),
        ("socialdesk.sync.engine", {"sqlmodel", "sqlalchemy", "pydantic", "httpx"}),
    ],
)
def test_a_room_loads_only_what_it_needs(module: str, allowed: set[str]) -> None:
    assert loaded_by(module) <= allowed
