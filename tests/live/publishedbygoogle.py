"""Google's calls, as its discovery documents have them (in the package ``google-api-python-client``, Apache-2.0).

The reviews themselves stand in none: their API of version 4 is published for those only whom Google lets in.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from live.judging import Operation, Parameter

_FOLDER = Path("googleapiclient/discovery_cache/documents")
_AT_MOST = {"v1/accounts": 20, "v1/{parent}/locations": 100}
"""How much a page may hold where the document says it in words only."""


class Document:
    """One API: its calls, and what their bodies hold."""

    def __init__(self, folder: Path, name: str) -> None:
        self._told = json.loads((folder / _FOLDER / f"{name}.json").read_text(encoding="utf-8"))
        self.operations = list(self._methods(self._told))

    def body_faults(self, kind: str, body: Any) -> list[str]:
        """Return what is wrong with a body, down to the objects in it."""
        if not isinstance(body, dict):
            return [f"{kind} is no object"]
        known, found = self._told["schemas"][kind]["properties"], []
        for name, value in body.items():
            one = known.get(name)
            if one is None:
                found.append(f"{kind} has no {name}")
            elif "$ref" in one:
                found += self.body_faults(one["$ref"], value)
            elif one["type"] == "string" and not isinstance(value, str):
                found.append(f"{kind}.{name} is no text")
        return found

    def _methods(self, resource: Mapping[str, Any]) -> Iterator[Operation]:
        for method in resource.get("methods", {}).values():
            yield _operation(method)
        for inner in resource.get("resources", {}).values():
            yield from self._methods(inner)


def _operation(method: Mapping[str, Any]) -> Operation:
    path = method.get("flatPath") or method["path"]
    most = _AT_MOST.get(method["path"].replace("{+", "{"))
    known = {
        name: _parameter(one, most if name == "pageSize" else None)
        for name, one in method.get("parameters", {}).items()
        if one["location"] == "query"
    }
    return Operation(method["httpMethod"], f"/{path}", known, method.get("request", {}).get("$ref", ""))


def _parameter(one: Mapping[str, Any], most: int | None) -> Parameter:
    told = one.get("maximum")
    return Parameter(
        whole=one["type"] == "integer",
        truth=one["type"] == "boolean",
        least=int(one["minimum"]) if "minimum" in one else None,
        most=int(told) if told else most,
        of=frozenset(one.get("enum", ())),
        several=one.get("repeated", False),
        required=one.get("required", False),
    )
