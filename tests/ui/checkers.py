"""Stand-ins for the process that looks answers over."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from socialdesk.checkchild import CheckFailed, Found
from socialdesk.checking.check import check
from socialdesk.checking.draft import Draft
from socialdesk.checking.rules import load
from socialdesk.clock import Clock


class Words:
    """Finds words: each pattern stands for a family, a weight and perhaps a mend."""

    def __init__(self, **families: tuple[str, str, str | None]) -> None:
        """Families, with "_" for "-": the pattern, the weight, the mend."""
        self.families = families
        self.asked: list[Mapping[str, Any]] = []
        self.due_at: datetime | None = None
        self.closed = False

    def ask(self, draft: Mapping[str, Any]) -> list[Found]:
        """Return what the patterns find."""
        self.asked.append(draft)
        found = []
        for name, (pattern, weight, mend) in self.families.items():
            family = name.replace("_", "-")
            due_at = self.due_at if family == "commitment" else None
            for match in re.finditer(pattern, draft["text"]):
                told = f"This is about {match[0][:20]}."
                found.append(Found(family, "word", *match.span(), told, mend, weight, due_at))
        return sorted(found, key=lambda one: one.start)

    def close(self) -> None:
        """Note that it is over."""
        self.closed = True


class Slow(Words):
    """Answers only once it is let."""

    def __init__(self, **families: tuple[str, str, str | None]) -> None:
        super().__init__(**families)
        self.go = threading.Event()

    def ask(self, draft: Mapping[str, Any]) -> list[Found]:
        """Wait, then answer."""
        self.go.wait(20)
        return super().ask(draft)


class Gone(Words):
    """Cannot be asked."""

    def ask(self, draft: Mapping[str, Any]) -> list[Found]:
        """Fail."""
        raise CheckFailed


class Real:
    """The check itself, in this process, with the rules that are shipped."""

    def __init__(self, clock: Clock) -> None:
        """Load what the first answer would wait for."""
        self.clock = clock
        self.rules = load(None, with_plugins=False)
        self.ask({"text": "Sentimos mucho la espera de tu pedido."})

    def ask(self, draft: Mapping[str, Any]) -> list[Found]:
        """Return what is found."""
        asked = Draft(**{key: value for key, value in draft.items() if key in Draft._fields})
        now = self.clock.now().astimezone()
        weight = self.rules.bound(asked.brand, now).weight
        found = check(asked, self.rules, now)
        return [Found(*one, weight=weight(one.family, one.rule)) for one in found]

    def close(self) -> None:
        """There is nothing to end."""
