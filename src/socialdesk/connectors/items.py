"""What travels between a network and the desk: raw items, messages, replies. Part of the contract.

Times are aware and in UTC. Ids are opaque strings, unique within one account.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from socialdesk.domain.models import Direction, Kind, Media


@dataclass(frozen=True, slots=True)
class Author:
    """A person or a brand on the network; ``id`` never changes, ``handle`` and ``name`` may.

    ``robot`` says that the network marks the account as one that no person writes from: it gets no automatic answer.
    ``reach`` is how many follow it, where the network tells that with its messages.
    """

    id: str
    handle: str
    name: str = ""
    robot: bool = False
    reach: int | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """Something that came with a message and is no text.

    ``name`` is the file's name as the network gave it; the host makes it safe before it writes anything. ``description``
    is what its sender says of it (alternative text) or what it holds in words (a poll's options, a place's name).
    ``type`` is the media type, ``size`` its length in bytes, where known. ``remote`` is what ``download`` needs; empty
    where there is nothing to download.
    """

    media: Media
    name: str = ""
    description: str = ""
    type: str = ""
    size: int | None = None
    remote: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Raw:
    """One item as the network gave it; ``payload`` must survive ``json.dumps``.

    ``id`` identifies what it speaks of: the same id with another payload is an edit or a deletion.
    """

    id: str
    payload: Any


@dataclass(frozen=True, slots=True)
class Item:
    """One message, understood.

    ``conversation`` is the connector's key for what belongs together and is answered together; ``contact`` is the
    customer of that conversation, also when the brand wrote. ``context`` marks an earlier message given for
    understanding only: it starts no clock and is never answered. ``remote`` is whatever ``send`` will need to
    answer this message (ids, hashes), at most a few strings. ``text`` is raw: the host scrubs it. ``title`` is what stands
    above the text: the subject of a mail, the warning before a post. ``answer_until`` is when the network stops taking an answer to
    it, aware; ``rating`` the stars that came with it, 1 to 5.
    """

    id: str
    conversation: str
    direction: Direction
    at: datetime
    author: Author
    contact: Author
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
    title: str = ""
    attachments: Sequence[Attachment] = ()
    answer_until: datetime | None = None
    rating: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """What one ``fetch`` brought: ``cursor`` is stored with the items and given to the next call.

    ``more`` asks to be called again at once. Items may repeat; they should come oldest first. ``lacking`` are problem
    codes of all that the account cannot do now, ``learned`` what the network allows it, both as in ``Identity``; None
    says nothing about them.
    """

    items: Sequence[Raw]
    cursor: str
    more: bool = False
    lacking: tuple[str, ...] | None = None
    learned: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One attempt to send a reply. Frozen: a repeat brings the same bytes and the same ``key``.

    ``reply_to`` is the ``remote`` of the message answered; ``at`` the moment of the first attempt. ``opens`` marks a
    private message to whoever wrote a public one: it goes to their private conversation, which is opened where there is
    none, and which the receipt names. ``automatic``: no person wrote it; networks that mark such messages want it marked.
    """

    key: str
    conversation: str
    reply_to: Mapping[str, str]
    text: str
    private: bool
    at: datetime
    language: str = ""
    opens: bool = False
    automatic: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """The network's word that a reply is there.

    ``remote`` is what ``send`` will need to answer this reply itself, as in ``Item``: the next part of a numbered thread
    does. ``conversation`` is the key of the conversation in which it lies; needed where ``Outgoing.opens``.
    """

    id: str
    url: str = ""
    at: datetime | None = None
    conversation: str = ""
    remote: Mapping[str, str] = field(default_factory=dict)
