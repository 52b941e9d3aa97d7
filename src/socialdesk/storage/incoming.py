"""What comes in, as storage takes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from socialdesk.domain.models import Attachment, Direction, Kind


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on a network; ``id`` never changes, handle and name may. A ``robot`` is tagged as one.

    ``reach`` is how many follow them, where that is known.
    """

    id: str
    handle: str
    name: str = ""
    robot: bool = False
    reach: int | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """As much of an account as its messages need."""

    id: int
    brand_id: int
    channel: str


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message to store; every text in it is scrubbed already.

    As ``connectors.contract.Item``, with what only the desk knows: ``contact`` may be None where nobody has said
    yet who the customer is; ``from_desk`` marks a reply that left from here, ``known_at`` when it left; ``automatic`` one
    that nobody wrote.
    """

    id: str
    conversation: str
    direction: Direction
    at: datetime
    author: Person
    contact: Person | None
    text: str
    kind: Kind = Kind.OTHER
    private: bool = False
    reply_to: str = ""
    language: str = ""
    url: str = ""
    context: bool = False
    deleted: bool = False
    edited_at: datetime | None = None
    remote: Mapping[str, str] = field(default_factory=dict)
    from_desk: bool = False
    known_at: datetime | None = None
    agent: str = ""
    automatic: bool = False
    title: str = ""
    attachments: Sequence[Attachment] = ()
    answer_until: datetime | None = None
    rating: int | None = None
