"""What the customers of the demo say: sentences read from the data files, one per business, and common ones."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from itertools import takewhile
from typing import Any


class Mood(StrEnum):
    """How a customer feels, which decides how soon they insist and what an answer brings."""

    CALM = "calm"
    WORRIED = "worried"
    CROSS = "cross"
    HAPPY = "happy"
    SELLING = "selling"  # spam: reacts to nothing


@dataclass(frozen=True, slots=True)
class Person:
    """A customer; ``id`` never changes."""

    id: str
    handle: str
    name: str


@dataclass(frozen=True, slots=True)
class Opening:
    """How a conversation begins. ``follow`` are questions that may come after the answer."""

    text: str
    language: str
    mood: Mood
    private: bool
    stars: int
    follow: tuple[str, ...]
    edited: str  # what the text becomes a little later, or ""
    deleted: bool  # taken back a little later


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a conversation that was there before the demo began."""

    ago: timedelta
    ours: bool
    text: str
    edited: str
    deleted: bool
    title: str = ""
    photo: str = ""  # what the photo shows that comes with it
    file: str = ""  # the name of the PDF that comes with it


@dataclass(frozen=True, slots=True)
class Past:
    """A conversation that was there before the demo began; who is ``content`` at its end will not insist."""

    channel: str
    person: Person
    opening: Opening
    turns: tuple[Turn, ...]
    content: bool

    @property
    def insisted(self) -> int:
        """How often the customer has insisted since the last answer."""
        unanswered = takewhile(lambda turn: not turn.ours, reversed(self.turns))
        return max(0, len(list(unanswered)) - 1)


@dataclass(frozen=True, slots=True)
class Script:
    """Everything that can be said to one business; ``voices`` are the reactions, by language and occasion."""

    openings: tuple[Opening, ...]
    past: tuple[Past, ...]
    people: Mapping[str, tuple[Person, ...]]
    voices: Mapping[str, Mapping[str, tuple[str, ...]]]


@cache
def read(brand: str) -> Script:
    """Read what the customers of a business say; raises ``FileNotFoundError`` for an unknown business."""
    own, common, people = _load(brand), _load("voices"), _load("people")
    return Script(
        openings=tuple(_opening(entry) for entry in own["opening"]),
        past=tuple(_past(entry) for entry in own["past"]),
        people={language: tuple(map(_person, names)) for language, names in people.items()},
        voices={
            language: {occasion: tuple(texts) for occasion, texts in occasions.items()}
            for language, occasions in common.items()
        },
    )


def _load(name: str) -> dict[str, Any]:
    text = files("socialdesk.connectors.demo").joinpath("data", f"{name}.toml").read_text("utf-8")
    return tomllib.loads(text)


def _person(line: str) -> Person:
    handle, _, name = line.partition(" ")
    return Person(f"person-{handle}", handle, name)


def _opening(entry: Mapping[str, Any]) -> Opening:
    return Opening(
        text=entry.get("text", "").strip(),
        language=entry.get("language", "es"),
        mood=Mood(entry.get("mood", "calm")),
        private=entry.get("private", False),
        stars=entry.get("stars", 0),
        follow=tuple(entry.get("follow", ())),
        edited=entry.get("edited", ""),
        deleted=entry.get("deleted", False),
    )


def _past(entry: Mapping[str, Any]) -> Past:
    return Past(
        channel=entry["channel"],
        person=_person(entry["who"]),
        opening=_opening(entry),
        turns=tuple(_turn(turn) for turn in entry["turns"]),
        content=entry.get("content", False),
    )


def _turn(turn: Mapping[str, Any]) -> Turn:
    ours = "us" in turn
    text = turn["us"] if ours else turn["they"]
    return Turn(
        _duration(turn["ago"]),
        ours,
        text.strip(),
        turn.get("edited", ""),
        turn.get("deleted", False),
        **{key: turn[key] for key in ("title", "photo", "file") if key in turn},
    )


def _duration(text: str) -> timedelta:
    match = re.fullmatch(r"(?:(\d+)h)?(?:(\d+)m)?", text)
    if match is None:
        raise ValueError(f"not a duration: {text!r}")
    return timedelta(hours=int(match[1] or 0), minutes=int(match[2] or 0))
