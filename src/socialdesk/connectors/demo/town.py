"""What the simulated customers do: arrive, wait, insist, lose patience, thank, ask again.

Every choice is drawn from (seed, account, thread, step), never from when somebody looked, so that the same seed
gives the same customers. ``speed`` changes the pace only; messages carry the real time at which they were written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from socialdesk.connectors.contract import Kind
from socialdesk.connectors.demo.cast import CHANNELS, handle_of
from socialdesk.connectors.demo.script import Mood, Opening, Past, Person, Script, Turn
from socialdesk.connectors.demo.world import Step, World

ARRIVAL = 360.0
"""Mean seconds between two new customers of one account; with six accounts, one a minute."""

ASLEEP = 5 * 60_000
"""Nobody looked for so long (ms): the desk was closed, and the town slept with it."""

_PATIENCE = {
    Mood.CALM: (600, 1500),
    Mood.WORRIED: (360, 900),
    Mood.CROSS: (240, 600),
    Mood.HAPPY: (900, 2400),
}
_INSISTS = {Mood.CALM: 0.5, Mood.WORRIED: 0.85, Mood.CROSS: 0.95, Mood.HAPPY: 0.05}
_STAYS_SILENT = (0.0, 0.35, 0.6)  # the share that gives up without a word instead, at each stage
_REACTION = (20.0, 180.0)
_QUESTIONS = 2


class Town:
    """The customers of one account."""

    def __init__(
        self, world: World, script: Script, *, account: str, brand: str, channel: str, seed: str, speed: float
    ) -> None:
        self.world = world
        self._script = script
        self._account = account
        self._handle = handle_of(brand, channel)
        self._channel = channel
        self._network = CHANNELS[channel]
        self._seed = seed
        self._speed = speed

    def advance(self, now: int) -> None:
        """Let everything happen that is due; the first time, found the town with a past of two days."""
        seen = self.world.fact("seen")
        due = self.world.next_at()
        if seen is not None and now - seen < ASLEEP // 10 and (due is None or due > now):
            return  # most looks find nothing new and write nothing
        with self.world.change():
            if seen is None:
                self._found(now)
            elif now - seen > ASLEEP:
                self.world.delay_all(now - seen)
            self.world.remember("seen", max(now, seen or now))
            while (step := self.world.take_due(now)) is not None:
                self._happen(step)

    def answer(self, thread_id: str, text: str, private: bool, at: int) -> dict[str, Any]:
        """Publish the brand's reply and let the customer think about it; raises ``KeyError`` for an unknown thread."""
        thread = self.world.thread(thread_id)
        post = self._post(thread, text, at, ours=True, private=private)
        self.world.forget_steps(thread_id, "wait")
        if not self.world.has_step(thread_id, "react"):
            low, high = _REACTION
            self._later(thread, "react", at, self._chance(thread, "react").uniform(low, high))
        self.world.keep_thread(thread)
        return post

    def _found(self, now: int) -> None:
        self.world.remember("born", now)
        moments = []
        for number, past in enumerate(p for p in self._script.past if p.channel == self._channel):
            thread = self._new_thread(f"{self._account}-p{number}", past.person, past.opening)
            shift = self._chance(thread, "past").randint(-90, 90)
            for turn in past.turns:
                at = now - int((turn.ago + timedelta(seconds=shift)) / timedelta(milliseconds=1))
                moments.append((min(at, now), number, thread, past, turn))
        for at, _, thread, past, turn in sorted(moments, key=lambda m: m[:2]):
            self._relive(thread, past, turn, at, now)
        first = Random(f"{self._seed}/{self._account}/first").uniform(0.05, 1) * ARRIVAL
        self.world.plan(Step(now + self._paced(first), "arrive", "0"))

    def _relive(self, thread: dict[str, Any], past: Past, turn: Turn, at: int, now: int) -> None:
        post = self._post(thread, turn.text, at, ours=turn.ours)
        if turn.edited or turn.deleted:
            edited = turn.edited and self._dressed(turn.edited, thread, thread["private"], post["number"])
            self._change(post, edited, turn.deleted, min(at + 120_000, now))
        if turn is past.turns[-1] and not (turn.ours or turn.deleted or past.content):
            thread["insisted"] = past.insisted
            self._be_patient(thread, now)
        self.world.keep_thread(thread)

    def _happen(self, step: Step) -> None:
        if step.what == "arrive":
            self._arrive(int(step.thread), step.at)
            return
        thread = self.world.thread(step.thread)
        if step.what == "wait":
            self._insist(thread, step.at)
        elif step.what == "react":
            self._react(thread, step.at)
        else:
            post = self.world.post(thread["first"])
            edited = thread["edited"] and self._dressed(thread["edited"], thread, thread["private"], 0)
            self._change(post, edited, step.what == "delete", step.at)
        self.world.keep_thread(thread)

    def _arrive(self, number: int, at: int) -> None:
        opening = self._deal(self._openings(), number, "openings")
        people = self._script.people.get(opening.language) or self._script.people["en"]
        thread = self._new_thread(f"{self._account}-{number}", self._deal(people, number, "people"), opening)
        self._post(thread, opening.text, at)
        chance = self._chance(thread, "arrive")
        if opening.edited or opening.deleted:
            self._later(thread, "delete" if opening.deleted else "edit", at, chance.uniform(40, 120))
        if not opening.deleted:
            self._be_patient(thread, at)
        self.world.keep_thread(thread)
        gap = min(max(chance.expovariate(1 / ARRIVAL), ARRIVAL / 6), ARRIVAL * 3)
        self.world.plan(Step(at + self._paced(gap), "arrive", str(number + 1)))

    def _insist(self, thread: dict[str, Any], at: int) -> None:
        stage = thread["insisted"]
        chance = self._chance(thread, "insist")
        if stage >= len(self._network.insists) or chance.random() < _STAYS_SILENT[stage]:
            return
        occasion = self._network.insists[stage]
        text = self._voice(thread, occasion, chance)
        if not text:
            return
        # Who goes away says so where everybody can read it.
        self._post(thread, text, at, private=None if occasion != "leave" else self._network.public is None)
        thread["insisted"] = stage + 1
        thread["gone"] = occasion == "leave"
        if occasion == "anger":
            thread["mood"] = Mood.CROSS
        self._later(thread, "wait", at, chance.uniform(*_PATIENCE[Mood(thread["mood"])]))

    def _react(self, thread: dict[str, Any], at: int) -> None:
        chance = self._chance(thread, "react-now")
        occasion = self._reaction(thread, chance)
        follow = thread["follow"]
        text = follow.pop(0) if occasion == "question" and follow else self._voice(thread, occasion, chance)
        if not text:
            return
        self._post(thread, text, at)
        thread["insisted"], thread["gone"] = 0, False
        if occasion in ("question", "doubt"):
            thread["asked"] += 1
            self._be_patient(thread, at)
        elif occasion in ("soothed", "thanks"):
            thread["mood"] = Mood.HAPPY

    def _reaction(self, thread: dict[str, Any], chance: Random) -> str:
        """Choose how the customer takes an answer; "" is satisfied silence."""
        mood, draw = Mood(thread["mood"]), chance.random()
        if mood is Mood.SELLING or (mood is Mood.HAPPY and draw > 0.3):
            return ""
        if thread["gone"]:
            return "late"
        may_ask = thread["asked"] < _QUESTIONS and bool(thread["follow"] or not self._network.stars)
        if mood is Mood.CROSS:
            return "soothed" if draw < 0.5 else "doubt" if draw < 0.85 and may_ask else ""
        return "thanks" if draw < 0.45 else "question" if draw < 0.75 and may_ask else ""

    def _be_patient(self, thread: dict[str, Any], at: int) -> None:
        mood = Mood(thread["mood"])
        chance = self._chance(thread, "patience")
        if self._network.stars and mood is not Mood.CROSS:
            return  # who leaves a review expects an answer, but does not ask for it
        if mood is not Mood.SELLING and chance.random() < _INSISTS[mood]:
            self._later(thread, "wait", at, chance.uniform(*_PATIENCE[mood]))

    def _new_thread(self, thread_id: str, person: Person, opening: Opening) -> dict[str, Any]:
        public = self._network.public
        return {
            "id": thread_id,
            "person": {**asdict(person), "handle": self._address(person)},
            "language": opening.language,
            "mood": opening.mood,
            "private": public is None or (opening.private and self._network.direct),
            "stars": opening.stars,
            "edited": opening.edited,
            "follow": list(opening.follow),
            "posts": 0,
            "insisted": 0,
            "gone": False,
            "asked": 0,
            "first": f"{thread_id}-0",
            "last": "",
        }

    def _post(
        self, thread: dict[str, Any], text: str, at: int, *, ours: bool = False, private: bool | None = None
    ) -> dict[str, Any]:
        number = thread["posts"]
        private = thread["private"] if private is None else private
        post = {
            "id": f"{thread['id']}-{number}",
            "thread": thread["id"],
            "number": number,
            "at": _iso(at),
            "ours": ours,
            "customer": thread["person"],
            "text": text if ours else self._dressed(text, thread, private, number),
            "kind": self._kind(private, number),
            "private": private,
            "reply_to": thread["last"],
            "language": thread["language"] if self._channel == "bluesky" and not ours else "",
        }
        self.world.add_post(post)
        thread["posts"] = number + 1
        thread["last"] = post["id"]
        return post

    def _change(self, post: dict[str, Any], edited: str, deleted: bool, at: int) -> None:
        self.world.add_post({**post, "text": edited or post["text"], "edited": _iso(at), "deleted": deleted})

    def _kind(self, private: bool, number: int) -> str:
        if private or self._network.public is None:
            return Kind.DIRECT
        return self._network.public if number == 0 or self._network.public is Kind.COMMENT else Kind.REPLY

    def _dressed(self, text: str, thread: dict[str, Any], private: bool, number: int) -> str:
        """Give the text what the network itself adds: the brand's handle, or the stars of a review."""
        if number > 0 or private:
            return text
        stars = int(thread["stars"])
        if self._network.stars and stars:
            return "★" * stars + "☆" * (5 - stars) + "\n" + text
        return f"@{self._handle} {text}" if self._network.addressed else text

    def _address(self, person: Person) -> str:
        """Return how that person is called on this network."""
        if self._channel == "mail":
            return f"{person.handle}@correo.example"
        if self._channel == "bluesky":
            return f"{person.handle.replace('_', '-').strip('-')}.example"
        return person.handle

    def _openings(self) -> Sequence[Opening]:
        if self._network.stars:
            return [opening for opening in self._script.openings if opening.stars]
        return self._script.openings

    def _deal(self, things: Sequence[Any], number: int, what: str) -> Any:
        """Deal like cards: all of them before any comes again, in an order of the seed's.

        Each channel begins elsewhere in the same pack, so that two do not say the same at the same time.
        """
        begin = list(CHANNELS).index(self._channel) * len(things) // len(CHANNELS)
        turn, place = divmod(begin + number, len(things))
        order = list(range(len(things)))
        Random(f"{self._seed}/{what}/{turn}").shuffle(order)
        return things[order[place]]

    def _voice(self, thread: dict[str, Any], occasion: str, chance: Random) -> str:
        """Choose a sentence, "" where that language has none."""
        texts = self._script.voices.get(thread["language"], {}).get(occasion, ())
        return chance.choice(texts) if texts else ""

    def _chance(self, thread: dict[str, Any], what: str) -> Random:
        return Random(f"{self._seed}/{thread['id']}/{thread['posts']}/{what}")

    def _later(self, thread: dict[str, Any], what: str, at: int, seconds: float) -> None:
        self.world.plan(Step(at + self._paced(seconds), what, thread["id"]))

    def _paced(self, seconds: float) -> int:
        return int(seconds * 1000 / self._speed)


def _iso(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="milliseconds")
