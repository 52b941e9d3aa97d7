"""What was asked, held against what a network publishes of its own API: which calls there are, and what each may say."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Asked:
    """A request, and the test in which it was made."""

    method: str
    host: str
    path: str
    query: tuple[tuple[str, str], ...]
    body: Any
    test: str


@dataclass(frozen=True)
class Parameter:
    """What a value may be; nothing is said of it where all is empty."""

    whole: bool = False
    truth: bool = False
    least: int | None = None
    most: int | None = None
    of: frozenset[str] = frozenset()
    several: bool = False
    required: bool = False

    def faults(self, value: str) -> list[str]:
        """Return what is wrong with a value."""
        found = []
        if self.whole and not value.isdecimal():
            found.append("is no number")
        elif (self.least is not None and int(value) < self.least) or (
            self.most is not None and int(value) > self.most
        ):
            found.append(f"is not within {self.least} and {self.most}")
        if self.truth and value not in ("true", "false"):
            found.append("is neither true nor false")
        words = value.split(",") if self.several else [value]
        found += [f"has {one!r}, which is unknown" for one in words if self.of and one not in self.of]
        return found


@dataclass(frozen=True)
class Operation:
    """A call: its address with places in braces, and what it takes. ``body`` is what the network calls the body's kind."""

    method: str
    path: str
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    body: str = ""

    def faults(self, asked: Asked) -> list[str]:
        """Return what is wrong with a request's parameters."""
        given = dict(asked.query)
        found = [f"{name} is given twice" for name in given if sum(name == one for one, _ in asked.query) > 1]
        found += [
            f"{name} is missing"
            for name, one in self.parameters.items()
            if one.required and name not in given
        ]
        for name, value in asked.query:
            known = self.parameters.get(name)
            if known is None:
                found.append(f"{name} is no parameter of this call")
            else:
                found += [f"{name}={value} {fault}" for fault in known.faults(value)]
        if (asked.body is not None) != bool(self.body):
            found.append("has a body" if asked.body is not None else "has no body")
        return found


def fits(path: str, pattern: str) -> bool:
    """Say whether an address is one of a kind: ``{place}`` stands for one part."""
    ours, theirs = path.split("/"), pattern.split("/")
    same = len(ours) == len(theirs)
    return same and all(
        their.startswith("{") or our == their for our, their in zip(ours, theirs, strict=True)
    )


def asked_in(lines: str) -> list[Asked]:
    """Return the requests that ``live.asked`` wrote down."""
    found = []
    for one in map(json.loads, lines.splitlines()):
        body = one["body"] if "form" in one["kind"] else json.loads(one["body"]) if one["body"] else None
        query = tuple((name, value) for name, value in one["query"])
        found.append(Asked(one["method"], one["host"], one["path"], query, body, one["test"]))
    return found
