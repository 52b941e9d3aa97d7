"""Judges requests by what their network has published: address, parameters, their kinds and bounds, members of what is written."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import httpx

_FOLDER = Path(__file__).parent / "specifications"


@cache
def calls(name: str) -> tuple[dict[str, Any], ...]:
    """Return the calls of a network that are known."""
    return tuple(json.loads((_FOLDER / f"{name}.json").read_text())["calls"])


def judge(name: str, request: httpx.Request) -> None:
    """Raise ``AssertionError`` where a request is none that the network describes."""
    address = f"{request.url.scheme}://{request.url.host}{request.url.path}"
    for call in calls(name):
        if call["method"] == request.method and (found := _matched(call["address"], address)) is not None:
            _parameters(call, request.url.params, found)
            return _body(call.get("body"), request.content)
    raise AssertionError(f"no such call: {request.method} {address}")


def _matched(pattern: str, address: str) -> dict[str, str] | None:
    places = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(pattern))
    found = re.fullmatch(places, address)
    return None if found is None else found.groupdict()


def _parameters(call: dict[str, Any], given: httpx.QueryParams, places: dict[str, str]) -> None:
    known = call["parameters"]
    assert len(given.multi_items()) == len(given), f"given twice: {given}"
    for name, value in given.items():
        assert name in known, f"{call['address']} has no parameter {name}"
        _value(name, value, known[name])
    for name, value in places.items():
        _value(name, value, call.get("places", {}).get(name, {"type": "string"}))
    missing = [name for name, rule in known.items() if rule.get("required") and name not in given]
    assert not missing, f"{call['address']} lacks {missing}"


def _value(name: str, value: str, rule: dict[str, Any]) -> None:
    parts = value.split(",") if rule.get("list") else [value]
    assert len(parts) <= rule.get("items", len(parts)), f"{name} has too many"
    for one in parts:
        assert one in rule.get("enum", [one]), f"{name} may not be {one}"
        assert re.fullmatch(rule.get("pattern", r"(?s).+"), one), f"{name} may not be {one!r}"
        assert len(one) <= rule.get("length", len(one)), f"{name} is too long"
        if rule["type"] == "integer":
            assert rule.get("least", 0) <= int(one) <= rule.get("most", 1 << 31), f"{name} may not be {one}"
        if rule["type"] == "boolean":
            assert one in ("true", "false"), f"{name} may not be {one}"


def _body(rule: dict[str, Any] | None, content: bytes) -> None:
    assert bool(content) == (rule is not None), "a body where none is wanted, or none where one is"
    if rule is not None:
        _members(rule, json.loads(content))


def _members(rule: dict[str, Any], given: dict[str, Any]) -> None:
    kinds = {"string": str, "boolean": bool, "integer": int, "array": list}
    for name, value in given.items():
        assert name in rule, f"nothing to be written is called {name}"
        if isinstance(rule[name], dict):
            _members(rule[name], value)
        else:
            assert isinstance(value, kinds[rule[name]]), f"{name} may not be {value!r}"
