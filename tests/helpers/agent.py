"""Somebody at a screen of a desk that others work on as well, who remembers what was acknowledged."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from socialdesk import paths
from socialdesk.clock import SystemClock
from socialdesk.config import Config
from socialdesk.desk import Desk
from socialdesk.domain.models import Undo
from socialdesk.errors import Refused
from socialdesk.storage.database import Database
from socialdesk.views import ALL

ROLES = 5
"""What is done to a conversation goes by its number, so that it is known what must stand there in the end."""
CANNED = "thanks"
STEPS = 4
Done = tuple[str, Any]
"""What was written where: a name, and the value, or the one thing that was added."""


class Agent:
    """Does what people do, and remembers what was acknowledged."""

    def __init__(self, name: str) -> None:
        self.name = name
        config = Config(agent=name)
        self.desk = Desk(
            Database(paths.find().database), SystemClock(), config, lambda: ["scripted"], lambda _: STEPS
        )
        self._written = 0

    def work(self, random: Random, writes: int, among: int) -> dict[str, Any]:
        """Do so much; returns each acknowledged write with its beginning and end, and everything that was refused."""
        conversations = range(1, among + 1)
        kinds = sorted(self.desk.policy().kinds())
        runs = {c: self.desk.start_protocol(c, "crisis").id for c in conversations if c % ROLES == 3}
        done: list[tuple[str, Any, int, int]] = []
        errors: list[str] = []
        while len(done) + len(errors) < writes:
            conversation = random.choice(conversations)
            began = time.monotonic_ns()
            try:
                if random.random() < 0.2:
                    self.look(conversation)
                where, what = self.ways(conversation, random, kinds, runs)[conversation % ROLES]()
            except Exception as error:
                errors.append(f"{type(error).__name__} {getattr(error, 'code', '')}: {error}")
            else:
                done.append((where, what, began, time.monotonic_ns()))
        return {"done": done, "errors": errors}

    def look(self, conversation: int) -> None:
        """Read what a screen reads."""
        self.desk.version()
        self.desk.queue(ALL)
        self.desk.counts()
        self.desk.thread(conversation)

    def ways(
        self, conversation: int, random: Random, kinds: list[str], runs: dict[int, int]
    ) -> tuple[Callable[[], Done], ...]:
        """Return what is done to conversations, by their role."""
        self._written += 1
        word = f"{self.name}{self._written}"
        return (
            lambda: self.draft(conversation, word),
            lambda: self.add(conversation, word),
            lambda: self.put(conversation, random),
            lambda: self.describe(conversation, word, random, kinds, runs),
            lambda: self.answer(conversation, word, random),
        )

    def draft(self, conversation: int, word: str) -> Done:
        """Type."""
        self.desk.save_draft(conversation, word)
        return f"draft {conversation}", word

    def add(self, conversation: int, word: str) -> Done:
        """Put words below whatever is there."""
        assert word in self.desk.add_to_draft(conversation, word)
        return f"added {conversation}", word

    def put(self, conversation: int, random: Random) -> Done:
        """Put a conversation somewhere."""
        days = random.randrange(2, 300)
        until = datetime(2200, 1, 1, tzinfo=UTC) + timedelta(days=days)
        moves: tuple[tuple[str, Callable[[], Undo]], ...] = (
            ("done resolved 0", lambda: self.desk.resolve(conversation)),
            ("done no_reply 0", lambda: self.desk.no_reply_needed(conversation)),
            ("open  0", lambda: self.desk.reopen(conversation)),
            (f"snoozed  {days}", lambda: self.desk.snooze(conversation, until)),
        )
        where, move = random.choice(moves)
        move()
        return f"box {conversation}", where

    def describe(
        self, conversation: int, word: str, random: Random, kinds: list[str], runs: dict[int, int]
    ) -> Done:
        """Say something of a conversation."""
        chance = random.random()
        if chance < 0.25:
            self.desk.set_tags(conversation, [word])
            return f"tags {conversation}", word.lower()
        if chance < 0.5:
            kind = random.choice(kinds)
            self.desk.set_situation(conversation, kind)
            return f"situation {conversation}", kind
        if chance < 0.75:
            step, on = random.randrange(STEPS), random.random() < 0.5
            self.desk.tick(runs[conversation], step, on)
            return f"tick {conversation} {step}", on
        self.desk.add_commitment(conversation, word, datetime.now(UTC) + timedelta(days=20))
        return f"promised {conversation}", word

    def answer(self, conversation: int, word: str, random: Random) -> Done:
        """Use a canned reply; one in three times as the answer."""
        if random.random() < 0.67:
            self.desk.note_use(conversation, CANNED)
            return f"used {conversation}", word
        self.desk.reply(conversation, word, now=True, uses=[CANNED])
        return f"replied {conversation}", word

    def race(self, conversation: int) -> str:
        """Put words below an answer and send one, as somebody who has read the conversation; returns what came of it."""
        seen = self.desk.thread(conversation).seen
        meet("ready")
        self.desk.add_to_draft(conversation, self.name)
        meet("added")
        try:
            text = f"raced {conversation} {self.name}"
            self.desk.reply(conversation, text, now=True, seen=seen, drafted=False)
        except Refused as error:
            return error.code
        return "accepted"


def meet(word: str) -> None:
    """Say that one is there, and go on at the same moment as others."""
    print(word, flush=True)
    sys.stdin.readline()
