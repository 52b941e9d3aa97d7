"""What a customer of the demo has in mind while a conversation lasts."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from random import Random
from typing import Any

from socialdesk.connectors.demo.script import Mood, Opening, Person


@dataclass(slots=True)
class Thread:
    """One conversation, seen from the customer's side; kept in the world between two steps."""

    id: str
    person: Person
    language: str
    mood: Mood
    private: bool
    stars: int = 0
    edited: str = ""  # what the opening will become
    follow: list[str] = field(default_factory=list)  # questions still to ask
    posts: int = 0
    insisted: int = 0  # since the last answer
    asked: int = 0
    gone: bool = False
    last: str = ""  # id of the newest post

    @classmethod
    def begin(cls, thread_id: str, person: Person, opening: Opening, private: bool) -> Thread:
        """Return a thread in which nothing has been said yet."""
        return cls(
            id=thread_id,
            person=person,
            language=opening.language,
            mood=opening.mood,
            private=private,
            stars=opening.stars,
            edited=opening.edited,
            follow=list(opening.follow),
        )

    @classmethod
    def load(cls, state: dict[str, Any]) -> Thread:
        """Return what ``dump`` gave away."""
        return cls(**{**state, "person": Person(**state["person"]), "mood": Mood(state["mood"])})

    def dump(self) -> dict[str, Any]:
        """Return the state as JSON takes it."""
        return asdict(self)

    @property
    def first(self) -> str:
        """The id of the opening."""
        return f"{self.id}-0"

    def reaction(self, chance: Random, may_ask: bool) -> str:
        """Choose how an answer is taken, as an occasion of ``data/voices.toml``; "" is satisfied silence."""
        draw = chance.random()
        if self.mood is Mood.SELLING or (self.mood is Mood.HAPPY and draw > 0.3):
            return ""
        if self.gone:
            return "late"
        if self.mood is Mood.CROSS:
            return "soothed" if draw < 0.5 else "doubt" if draw < 0.85 and may_ask else ""
        return "thanks" if draw < 0.45 else "question" if draw < 0.75 and may_ask else ""
