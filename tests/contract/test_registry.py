"""Which connectors there are, and what becomes of a broken one: it is told, and stops nothing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint, entry_points
from typing import ClassVar

import pytest

from socialdesk.connectors import registry
from socialdesk.connectors.bluesky import BlueskyConnector
from socialdesk.errors import PluginError


class Newer(BlueskyConnector):
    """Speaks a later version of the contract."""

    contract: ClassVar[int] = 2
    name: ClassVar[str] = "newer"


class Misnamed(BlueskyConnector):
    """Is not what its entry point says."""


NOT_A_CLASS = "something else"


@pytest.fixture
def plugins(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine with one good connector and several bad ones."""
    here = __name__
    values = {
        "bluesky": "socialdesk.connectors.bluesky:BlueskyConnector",
        "newer": f"{here}:Newer",
        "misnamed": f"{here}:Misnamed",
        "thing": f"{here}:NOT_A_CLASS",
        "gone": f"{here}:Nowhere",
        "missing": "no_such_package:Connector",
    }
    points = [EntryPoint(name, value, registry.GROUP) for name, value in values.items()]
    monkeypatch.setattr(registry, "entry_points", lambda group: points)
    registry._found.cache_clear()
    yield
    registry._found.cache_clear()


def test_ours_are_there() -> None:
    """The demo and Bluesky come with socialdesk."""
    assert {"bluesky", "demo"} <= set(registry.names())
    assert registry.load("bluesky") is BlueskyConnector


def test_listing_imports_nothing() -> None:
    """The names are known without a plugin, its HTTP client or the screen."""
    code = (
        "import sys; from socialdesk.connectors import registry; assert 'bluesky' in registry.names();"
        "print([m for m in ('httpx', 'textual', 'sqlmodel', 'socialdesk.connectors.bluesky') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.usefixtures("plugins")
def test_broken_ones_are_listed_with_the_reason() -> None:
    """Each says why it cannot be used, and the good one can."""
    reasons = {entry.name: entry.reason for entry in registry.catalog()}
    assert reasons["bluesky"] == ""
    assert "version 2 of the contract" in reasons["newer"]
    assert "calls itself 'bluesky'" in reasons["misnamed"]
    assert "is not a Connector" in reasons["thing"]
    assert "AttributeError" in reasons["gone"]
    assert "ModuleNotFoundError" in reasons["missing"]


@pytest.mark.usefixtures("plugins")
@pytest.mark.parametrize("name", ["newer", "gone", "missing", "unheard-of"])
def test_loading_a_broken_one_is_a_plugin_error(name: str) -> None:
    """Whatever is wrong with it, the caller has one error to expect."""
    with pytest.raises(PluginError):
        registry.load(name)


def test_nobody_takes_the_name_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """A package that calls its connector ``bluesky`` does not get our customers' passwords."""
    ours = next(p for p in entry_points(group=registry.GROUP) if p.name == "bluesky")
    theirs = EntryPoint("bluesky", f"{__name__}:Misnamed", registry.GROUP)
    for points in ([ours, theirs], [theirs, ours]):
        monkeypatch.setattr(registry, "entry_points", lambda group, found=points: found)
        registry._found.cache_clear()
        assert registry.load("bluesky") is BlueskyConnector
    registry._found.cache_clear()


def test_importing_the_connectors_loads_no_network() -> None:
    """Neither the contract nor the suite nor the registry: no connector's module, no HTTP client, no sockets' library."""
    code = (
        "import sys, socialdesk.connectors, socialdesk.connectors.contract, socialdesk.connectors.registry as r; r.names();"
        "print([m for m in sys.modules if m.split('.')[:2] == ['socialdesk', 'connectors'] and m.split('.')[2:] not in"
        " ([], ['contract'], ['hosting'], ['items'], ['metering'], ['registry'])],"
        "[m for m in ('httpx', 'ssl', 'asyncio', 'imapclient', 'aiosmtplib', 'justhtml', 'pytest') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[] []"
