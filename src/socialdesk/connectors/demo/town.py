"""What the simulated customers do: arrive, wait, insist, lose patience, thank, ask again.

Every choice is drawn from (seed, account, thread, step), never from when somebody looked, so that the same seed
gives the same customers. ``speed`` changes the pace only; messages carry the real time at which they were written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, TypeVar

from socialdesk.connectors.demo.cast import handle_of
from socialdesk.connectors.demo.channels import CHANNELS
from socialdesk.connectors.demo.parcels import carried
from socialdesk.connectors.demo.script import Mood, Opening, Past, Script, Turn
from socialdesk.connectors.demo.thread import Thread
from socialdesk.connectors.demo.world import Step, World

T = TypeVar("T")

ARRIVAL = 360.0
"""Mean seconds between two new customers of one account; with six accounts, one a minute."""

ASLEEP = 5 * 60_000
"""Nobody looked for so long (ms): the desk was closed, and the town slept with it."""

_SEEN_PACE = 30_000  # how exactly it is remembered when somebody looked, in ms
_PATIENCE = {
    Mood.CALM: (600, 1500),
    Mood.WORRIED: (360, 900),
    Mood.CROSS: (240, 600),
    Mood.HAPPY: (900, 2400),
}
_INSISTS = {Mood.CALM: 0.5, Mood.WORRIED: 0.85, Mood.CROSS: 0.95, Mood.HAPPY: 0.05, Mood.SELLING: 0.0}
_STAYS_SILENT = (0.0, 0.35, 0.6)  # the share that gives up without a word instead, at each stage
_REACTION = (20, 180)
_REGRET = (40, 120)  # until an opening is edited or taken back
_QUESTIONS = 2


@dataclass(frozen=True, slots=True)
class Place:
    """Which account is played, and how."""

    account: str
    brand: str
    channel: str
    seed: str
    speed: float


class Town:
    """The customers of one account."""

    def __init__(self, world: World, script: Script, place: Place) -> None:
        self.world = world
        self._script = script
        self._place = place
        self._channel = CHANNELS[place.channel]
        self._handle = handle_of(place.brand, place.channel)

    def advance(self, now: int) -> None:
        """Let everything happen that is due; the first time, found the town with a past of two days."""
        seen = self.world.fact("seen")
        due = self.world.next_at()
        if seen is not None and now - seen < _SEEN_PACE and (due is None or due > now):
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
        thread = Thread.load(self.world.thread(thread_id))
        post = self._post(thread, text, at, ours=True, private=private)
        self.world.forget_steps(thread_id, "wait")
        if not self.world.has_step(thread_id, "react"):
            self._later(thread, "react", at, _REACTION)
        self._keep(thread)
        return post

    def private_thread(self, thread_id: str) -> str:
        """Return the private thread with the customer of a public one, begun where there is none yet."""
        public = Thread.load(self.world.thread(thread_id))
        name = f"{thread_id}-private"
        try:
            self.world.thread(name)
        except KeyError:
            self._keep(Thread(name, public.person, public.language, public.mood, private=True))
        return name

    # --- the past

    def _found(self, now: int) -> None:
        self.world.remember("born", now)
        said: list[tuple[int, int, Thread, Past, Turn]] = []
        pasts = [past for past in self._script.past if past.channel == self._place.channel]
        for number, past in enumerate(pasts):
            thread = self._begin(f"p{number}", past.opening, past)
            shift = timedelta(seconds=self._chance(thread, "past").randint(-90, 90))
            for turn in past.turns:
                at = min(now, now - (turn.ago + shift) // timedelta(milliseconds=1))
                said.append((at, number, thread, past, turn))
        for at, _, thread, past, turn in sorted(said, key=lambda entry: entry[:2]):
            self._relive(thread, past, turn, at, now)
        first = Random(f"{self._place.seed}/{self._place.account}/first").uniform(0.05, 1) * ARRIVAL
        self.world.plan(Step(now + self._paced(first), "arrive", "0"))

    def _relive(self, thread: Thread, past: Past, turn: Turn, at: int, now: int) -> None:
        parcel = carried(turn.title, turn.photo, turn.file)
        post = self._post(thread, turn.text, at, ours=turn.ours, parcel=parcel)
        if turn.edited or turn.deleted:
            edited = self._dressed(thread, turn.edited, post["id"] == thread.first)
            self._change(post, edited, turn.deleted, min(at + 120_000, now))
        if turn is past.turns[-1] and not (turn.ours or turn.deleted or past.content):
            thread.insisted = past.insisted
            self._be_patient(thread, now)
        self._keep(thread)

    # --- the present

    def _happen(self, step: Step) -> None:
        if step.what == "arrive":
            self._arrive(int(step.thread), step.at)
            return
        thread = Thread.load(self.world.thread(step.thread))
        if step.what == "wait":
            self._insist(thread, step.at)
        elif step.what == "react":
            self._react(thread, step.at)
        else:
            edited = self._dressed(thread, thread.edited, True)
            self._change(self.world.post(thread.first), edited, step.what == "delete", step.at)
        self._keep(thread)

    def _arrive(self, number: int, at: int) -> None:
        openings = [o for o in self._script.openings if o.stars or not self._channel.stars]
        opening = self._deal(openings, number, "openings")
        thread = self._begin(str(number), opening)
        self._post(thread, opening.text, at)
        if opening.edited or opening.deleted:
            self._later(thread, "delete" if opening.deleted else "edit", at, _REGRET)
        if not opening.deleted:
            self._be_patient(thread, at)
        self._keep(thread)
        gap = self._chance(thread, "arrive").expovariate(1 / ARRIVAL)
        gap = min(max(gap, ARRIVAL / 6), ARRIVAL * 3)
        self.world.plan(Step(at + self._paced(gap), "arrive", str(number + 1)))

    def _insist(self, thread: Thread, at: int) -> None:
        stages = self._channel.insists
        if thread.insisted >= len(stages):
            return
        chance = self._chance(thread, "insist")
        occasion = stages[thread.insisted]
        text = self._voice(thread, occasion, chance)
        if not text or chance.random() < _STAYS_SILENT[thread.insisted]:
            return
        # Who goes away says so where everybody can read it.
        self._post(thread, text, at, private=self._channel.is_private(thread.private and occasion != "leave"))
        thread.insisted += 1
        thread.gone = occasion == "leave"
        if occasion == "anger":
            thread.mood = Mood.CROSS
        self._later(thread, "wait", at, _PATIENCE[thread.mood])

    def _react(self, thread: Thread, at: int) -> None:
        chance = self._chance(thread, "react-now")
        # A review that asked nothing is not followed by a question.
        may_ask = thread.asked < _QUESTIONS and bool(thread.follow or not self._channel.stars)
        occasion = thread.reaction(chance, may_ask)
        asks_own = occasion == "question" and thread.follow
        text = thread.follow.pop(0) if asks_own else self._voice(thread, occasion, chance)
        if not text:
            return
        self._post(thread, text, at)
        thread.insisted, thread.gone = 0, False
        if occasion in ("question", "doubt"):
            thread.asked += 1
            self._be_patient(thread, at)
        else:
            thread.mood = Mood.HAPPY

    def _be_patient(self, thread: Thread, at: int) -> None:
        """Decide whether this customer will insist, and when."""
        if self._channel.stars and thread.mood is not Mood.CROSS:
            return  # who leaves a review expects an answer, but does not ask for it
        if self._chance(thread, "patience").random() < _INSISTS[thread.mood]:
            self._later(thread, "wait", at, _PATIENCE[thread.mood])

    # --- how it is written down

    def _begin(self, number: str, opening: Opening, past: Past | None = None) -> Thread:
        people = self._script.people.get(opening.language) or self._script.people["en"]
        person = past.person if past else self._deal(people, int(number), "people")
        known = replace(person, handle=self._channel.address(person.handle))
        private = self._channel.is_private(opening.private)
        return Thread.begin(f"{self._place.account}-{number}", known, opening, private)

    def _post(
        self,
        thread: Thread,
        text: str,
        at: int,
        *,
        ours: bool = False,
        private: bool | None = None,
        parcel: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        private = thread.private if private is None else private
        opens = thread.posts == 0
        stars = {"stars": thread.stars} if opens and self._channel.stars and thread.stars else {}
        post = {
            "id": f"{thread.id}-{thread.posts}",
            "thread": thread.id,
            "at": _iso(at),
            "ours": ours,
            "customer": asdict(thread.person),
            "text": text if ours else self._dressed(thread, text, opens),
            "kind": self._channel.kind(private, opens),
            "private": private,
            "reply_to": thread.last,
            "language": thread.language if self._place.channel == "bluesky" and not ours else "",
            **stars,
            **(parcel or {}),
        }
        self.world.add_post(post)
        thread.posts += 1
        thread.last = str(post["id"])
        return post

    def _dressed(self, thread: Thread, text: str, opens: bool) -> str:
        if not text or thread.private or not opens:
            return text
        return self._channel.dressed(text, self._handle)

    def _change(self, post: dict[str, Any], edited: str, deleted: bool, at: int) -> None:
        self.world.add_post({**post, "text": edited or post["text"], "edited": _iso(at), "deleted": deleted})

    def _keep(self, thread: Thread) -> None:
        self.world.keep_thread(thread.dump())

    # --- chance

    def _deal(self, things: Sequence[T], number: int, what: str) -> T:
        """Deal like cards: all of them before any comes again, in an order of the seed's.

        Each channel begins elsewhere in the same pack, so that two do not say the same at the same time.
        """
        begin = list(CHANNELS).index(self._place.channel) * len(things) // len(CHANNELS)
        turn, card = divmod(begin + number, len(things))
        order = list(range(len(things)))
        Random(f"{self._place.seed}/{what}/{turn}").shuffle(order)
        return things[order[card]]

    def _voice(self, thread: Thread, occasion: str, chance: Random) -> str:
        """Choose a sentence; "" where that language has none for the occasion."""
        texts = self._script.voices.get(thread.language, {}).get(occasion, ())
        return chance.choice(texts) if texts else ""

    def _chance(self, thread: Thread, what: str) -> Random:
        return Random(f"{self._place.seed}/{thread.id}/{thread.posts}/{what}")

    def _later(self, thread: Thread, what: str, at: int, between: tuple[int, int]) -> None:
        seconds = self._chance(thread, f"{what}-when").uniform(*between)
        self.world.plan(Step(at + self._paced(seconds), what, thread.id))

    def _paced(self, seconds: float) -> int:
        return int(seconds * 1000 / self._place.speed)


def _iso(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="milliseconds")
