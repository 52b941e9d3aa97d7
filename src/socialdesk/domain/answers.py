"""What goes with an answer: promises made, findings overruled, approval, protocols. Named tuples, as in ``models``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple


class Promise(NamedTuple):
    """A promise that an answer holds; without ``due_at`` it is due a day after the answer was written."""

    text: str
    due_at: datetime | None = None


class Overruled(NamedTuple):
    """A finding of the check that the agent let stand, and why."""

    family: str
    rule: str
    excerpt: str
    reason: str


class Commitment(NamedTuple):
    """Something that was promised to a customer.

    ``made_at`` is None while the reply that holds it has not left. ``outcome`` says how it ended at ``ended_at``:
    "kept", "cancelled", or "resolved" with its conversation; "" is open.
    """

    id: int
    conversation_id: int
    text: str
    due_at: datetime
    made_at: datetime | None
    agent: str
    outbox_id: int | None = None
    ended_at: datetime | None = None
    outcome: str = ""


class Owed(NamedTuple):
    """A promise that is still to be kept, and to whom."""

    commitment: Commitment
    customer: str
    brand: str
    channel: str


class Approval(NamedTuple):
    """What a second person said of a reply: ``verdict`` is "approved", "changed" or "refused"."""

    id: int
    outbox_id: int
    agent: str
    at: datetime
    verdict: str
    before: str
    after: str
    note: str


class Overrule(NamedTuple):
    """A finding that was overruled, as it is kept."""

    id: int
    conversation_id: int
    outbox_id: int | None
    family: str
    rule: str
    excerpt: str
    reason: str
    agent: str
    at: datetime


class Used(NamedTuple):
    """How often a canned reply was used, and when last."""

    times: int
    last: datetime


class Tick(NamedTuple):
    """Who did a step of a protocol, and when."""

    agent: str
    at: datetime


class Run(NamedTuple):
    """A protocol being followed in a conversation; ``ticks`` are the steps done, counted from 0."""

    id: int
    conversation_id: int
    protocol: str
    started_by: str  # "agent" | "rule"
    agent: str
    started_at: datetime
    ended_at: datetime | None = None
    ticks: Mapping[int, Tick] = MappingProxyType({})
