"""Which connectors there are: those that installed packages name in the entry-point group ``socialdesk.connectors``.

Listing reads package metadata only and imports no plugin, so that a broken one can neither slow nor stop the app.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from socialdesk.connectors.contract import CONTRACT, Capabilities, Connector, Setting
from socialdesk.errors import PluginError

GROUP = "socialdesk.connectors"
_OURS = "socialdesk"


@dataclass(frozen=True, slots=True)
class Entry:
    """One connector as a list shows it; ``reason`` tells why it cannot be used, or is empty.

    ``contract`` is the version that it speaks; None where that cannot be found out. ``package`` is who brings it.
    """

    name: str
    label: str
    reason: str = ""
    contract: int | None = None
    package: str = ""

    @property
    def available(self) -> bool:
        """Whether accounts can be added with it."""
        return not self.reason


def names() -> tuple[str, ...]:
    """Return the names of all connectors, sorted; nothing is imported."""
    return tuple(sorted(_found()))


def load(name: str) -> type[Connector]:
    """Import the connector of that name; raises ``PluginError`` with the reason where it cannot be used."""
    point = _found().get(name)
    if point is None:
        raise PluginError(f"no connector is called {name!r}; there are: {', '.join(names())}")
    thing = _import(point)
    for fault in _faults(name, thing):
        raise PluginError(f"{point.value}: {fault}")
    connector: type[Connector] = thing
    return connector


def catalog() -> list[Entry]:
    """Return every connector, those that cannot be used with the reason. Imports them all."""
    return [_entry(name) for name in names()]


def _entry(name: str) -> Entry:
    point = _found().get(name)
    package = point.dist.name if point is not None and point.dist is not None else ""
    spoken: Any = None
    try:
        if point is not None:
            spoken = getattr(_import(point), "contract", None)
        return Entry(name, load(name).label, contract=spoken, package=package)
    except PluginError as error:
        return Entry(name, name, error.detail, spoken if isinstance(spoken, int) else None, package)


def _import(point: EntryPoint) -> Any:
    try:
        return point.load()
    except (Exception, SystemExit) as error:
        raise PluginError(f"{point.value}: {type(error).__name__}: {error}") from error


@cache
def _found() -> dict[str, EntryPoint]:
    # Ours come last and win: no other package can take the name of a built-in connector.
    points = sorted(entry_points(group=GROUP), key=_is_ours)
    return {point.name: point for point in points}


def _is_ours(point: EntryPoint) -> bool:
    return point.dist is not None and point.dist.name == _OURS


def _faults(name: str, thing: Any) -> Iterable[str]:
    if not (inspect.isclass(thing) and issubclass(thing, Connector)):
        yield "is not a Connector"
        return
    if thing.contract != CONTRACT:
        yield f"speaks version {thing.contract} of the contract, this socialdesk speaks {CONTRACT}"
    if inspect.isabstract(thing):
        yield f"lacks {', '.join(sorted(thing.__abstractmethods__))}"
    if getattr(thing, "name", None) != name:
        yield f"calls itself {getattr(thing, 'name', None)!r}, its entry point says {name!r}"
    if not isinstance(getattr(thing, "label", None), str):
        yield "has no label"
    if not isinstance(getattr(thing, "capabilities", None), Capabilities):
        yield "declares no capabilities"
    if not all(isinstance(setting, Setting) for setting in thing.settings):
        yield "declares settings that are none"
