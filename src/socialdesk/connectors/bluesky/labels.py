"""Content labels: what authors and labelers warn of (https://atproto.com/specs/label)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from socialdesk.connectors.bluesky.shape import items, mapping, text

_NO_WARNING = frozenset({"bot"})


def in_force(labels: Any) -> list[str]:
    """Return the names of the labels that count, in their order: a later one of the same source may take one back."""
    found = [mapping(label) for label in items(labels)]
    standing: dict[tuple[str, str], None] = {}
    for label in sorted(found, key=lambda one: text(one.get("cts"))):
        name = (text(label.get("src")), text(label.get("val")))
        if label.get("neg") is True:
            standing.pop(name, None)
        elif name[1]:
            standing.setdefault(name)
    return [name for _, name in standing]


def warning(record: dict[str, Any], labels: Any, author: Any) -> str:
    """Return the line that stands above a post: what its author, and labelers, say of it and of the account; "" for nothing.

    Names are the network's own, without the mark of those that apps must heed (``!warn``).
    """
    own = in_force(mapping(record.get("labels")).get("values"))
    names = _names([*own, *in_force(labels), *in_force(mapping(author).get("labels"))])
    return f"⚠ {', '.join(names)}" if names else ""


def _names(found: Iterable[str]) -> list[str]:
    """Return what warns: not who may see it (``!no-unauthenticated``), nor that a program writes."""
    return sorted(
        {name.lstrip("!") for name in found if name not in _NO_WARNING and not name.startswith("!no-")}
    )
