"""The life of a reply as a table (NEEDS A1: never lost, never twice).

A reply moves only along ``STEPS``; each step is one committed compare-and-set on its row. ``sending`` is committed
before the first byte leaves, so a row found in it after a crash may have left: it becomes ``unknown`` and is
looked up, repeated under its key or given to a person, as ``after_unknown`` says. A queued one is given to a person
where it was to leave later and the customer has written since, or where the reply that it follows did not leave.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from socialdesk.domain.models import Delivery as D

STEPS: dict[D, frozenset[D]] = {
    D.AWAITING_APPROVAL: frozenset({D.QUEUED, D.NEEDS_PERSON, D.CANCELLED}),
    D.QUEUED: frozenset({D.SENDING, D.NEEDS_PERSON, D.CANCELLED}),
    D.SENDING: frozenset({D.SENT, D.RETRY_WAIT, D.UNKNOWN, D.FAILED}),
    D.RETRY_WAIT: frozenset({D.SENDING, D.CANCELLED}),
    D.UNKNOWN: frozenset({D.SENDING, D.SENT, D.RETRY_WAIT, D.NEEDS_PERSON}),
    D.NEEDS_PERSON: frozenset({D.QUEUED, D.SENT, D.CANCELLED}),
    D.FAILED: frozenset({D.QUEUED, D.SENT, D.CANCELLED}),
    D.SENT: frozenset(),
    D.CANCELLED: frozenset(),
}

SETTLED = frozenset({D.SENT, D.CANCELLED})
"""States in which nothing more will happen to the reply."""

NEEDS_ATTENTION = frozenset({D.NEEDS_PERSON, D.FAILED})
"""States in which a person has to decide."""

RESTORED = "restored"
"""Why a reply needs a person: the desk was restored, and it may have left after the backup was made."""
UNDOABLE = frozenset({D.QUEUED, D.AWAITING_APPROVAL, D.RETRY_WAIT})
"""States in which nothing has left, so that the reply can still be taken back."""


class Proof(StrEnum):
    """What a connector can do when it does not know whether a reply left."""

    KEY = "key"  # the same bytes under the same key are taken once only
    READ_BACK = "read_back"  # the network can be asked, after a settle time, with authority
    NEITHER = "neither"


class Unknown(StrEnum):
    """What may be done with a reply whose outcome is unknown."""

    REPEAT = "repeat"  # same bytes, same key
    LOOK = "look"  # ask the network
    ASK_PERSON = "ask_person"


def allowed(current: D, target: D) -> bool:
    """Say whether a reply may go from one state to the other."""
    return target in STEPS[current]


def after_unknown(proof: Proof, age: timedelta, key_life: timedelta) -> Unknown:
    """Say what to do with an unknown outcome of that age (time since its last attempt began)."""
    if proof is Proof.KEY and age < key_life:
        return Unknown.REPEAT
    if proof is Proof.READ_BACK:
        return Unknown.LOOK
    return Unknown.ASK_PERSON
