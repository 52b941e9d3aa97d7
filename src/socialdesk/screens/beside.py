"""What is said beside a conversation: a refused answer's note, and the protocols that are followed or fit (NEEDS C4, D4)."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from socialdesk import i18n
from socialdesk.desk import Desk
from socialdesk.domain.answers import Approval, Run
from socialdesk.domain.models import Delivery, Direction, Thread
from socialdesk.i18n import _
from socialdesk.replies import protocols
from socialdesk.replies.protocols import Protocol
from socialdesk.replies.shelf import Shelf
from socialdesk.widgets.protocol_pane import Step
from socialdesk.wording import moment


class Followed(NamedTuple):
    """A protocol that is being followed; ``protocol`` is None where its file is gone.

    ``theirs`` is the same in the customer's language, for the words to say.
    """

    run: Run
    protocol: Protocol | None
    theirs: Protocol | None = None

    @property
    def title(self) -> str:
        """What it is called."""
        return self.protocol.title if self.protocol else self.run.protocol

    @property
    def done(self) -> int:
        """How many steps are done."""
        return sum(step in self.run.ticks for step in range(self.steps))

    @property
    def steps(self) -> int:
        """How many steps it has."""
        return len(self.protocol.steps) if self.protocol else 0

    def to_show(self, now: datetime) -> list[Step]:
        """Return the steps as the pane shows them."""
        return [
            Step(step.do, self.words(nth), step.who, step.must, self._ticked(nth, now))
            for nth, step in enumerate(self.protocol.steps if self.protocol else ())
        ]

    def _ticked(self, step: int, now: datetime) -> str:
        tick = self.run.ticks.get(step)
        if tick is None:
            return ""
        return _("done: {agent}, {when}").format(agent=tick.agent, when=moment(tick.at, now))

    def left(self) -> list[str]:
        """Return the steps without which no answer should leave, as far as they are not done."""
        steps = self.protocol.steps if self.protocol else ()
        return [step.do for nth, step in enumerate(steps) if step.must and nth not in self.run.ticks]

    def words(self, step: int) -> str:
        """Return what can be said at a step, in the customer's language where it is written in it."""
        for one in (self.theirs, self.protocol):
            if one is not None and step < len(one.steps) and one.steps[step].say:
                return one.steps[step].say
        return ""


class Beside(NamedTuple):
    """All that is said beside a conversation."""

    refused: Approval | None = None
    followed: tuple[Followed, ...] = ()  # the newest last
    held: str = ""  # why an answer on hold waits longer than others, as ``Desk.hold_reason`` has it


def read(desk: Desk, shelf: Shelf, thread: Thread) -> Beside:
    """Return what is to be said beside a conversation."""
    on_hold = any(m.delivery is Delivery.QUEUED and not m.scheduled for m in thread.messages)
    return Beside(
        refused(desk, thread) if thread.draft else None,
        tuple(followed(desk, shelf, thread)),
        desk.hold_reason(thread.row.id) if on_hold else "",
    )


def refused(desk: Desk, thread: Thread) -> Approval | None:
    """Return what a second person said of the answer that is a draft again; None once another one was given."""
    verdicts = desk.approvals(thread.row.id)
    last = verdicts[-1] if verdicts else None
    if last is None or last.verdict != "refused":
        return None
    given = [m.outbox_id for m in thread.messages if m.outbox_id is not None]
    return None if any(number > last.outbox_id for number in given) else last


def followed(desk: Desk, shelf: Shelf, thread: Thread) -> list[Followed]:
    """Return the protocols that are being followed in a conversation."""
    runs = [run for run in desk.runs(thread.row.id) if run.ended_at is None]
    if not runs:
        return []
    here = {one.id: one for one in shelf.protocols(i18n.language(), thread.row.brand)}
    theirs = {
        one.id: one for one in shelf.protocols(thread.row.language or i18n.language(), thread.row.brand)
    }
    return [_followed(run, here.get(run.protocol), theirs.get(run.protocol)) for run in runs]


def _followed(run: Run, here: Protocol | None, theirs: Protocol | None) -> Followed:
    """Put both wordings together; of another form, one cannot stand for the other."""
    same = here is not None and theirs is not None and len(here.steps) == len(theirs.steps)
    return Followed(run, here, theirs if same else None)


def proposed(shelf: Shelf, thread: Thread) -> list[str]:
    """Return the ids of the protocols that fit a conversation, by its situation or what the customer has just said."""
    row, said = thread.row, _unanswered(thread)
    found: dict[str, None] = {}
    for language in dict.fromkeys((i18n.language(), row.language, "en", "es")):
        fitting = protocols.proposed(shelf.protocols(language, row.brand), row.situation, said)
        found |= dict.fromkeys(one.id for one in fitting)
    return list(found)


def begins(desk: Desk, shelf: Shelf, thread: Thread) -> list[str]:
    """Return the protocols that begin by themselves: they fit whoever waits, and were never followed there."""
    if thread.row.waiting_since is None:
        return []
    fitting = proposed(shelf, thread)
    known = {run.protocol for run in desk.runs(thread.row.id)} if fitting else set()
    return [one for one in fitting if one not in known]


def _unanswered(thread: Thread) -> str:
    """Return what the customer wrote since our last answer."""
    words: list[str] = []
    for message in reversed(thread.messages):
        if message.context or message.automatic:
            continue
        if message.direction is Direction.OUT:
            if message.outbox_id is None or message.id > 0:
                break
            continue
        words.append(message.text)
    return "\n".join(words)
