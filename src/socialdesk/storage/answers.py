"""Puts an answer on its way with all that goes with it: its parts, promises, what was overruled and used."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from socialdesk.domain.answers import Overruled, Promise
from socialdesk.storage import commitments, habits
from socialdesk.storage.replies import Leaving, queue_parts, queue_reply

if TYPE_CHECKING:
    from sqlalchemy import Connection


class Along(NamedTuple):
    """What goes with an answer; ``uses`` are the ids of canned replies."""

    overrules: Sequence[Overruled] = ()
    commitments: Sequence[Promise] = ()
    uses: Sequence[str] = ()


def put(
    connection: Connection,
    conversation_id: int,
    text: str,
    parts: Sequence[str],
    leaving: Leaving,
    along: Along,
) -> int:
    """Queue an answer, in parts where there are several; returns the id of the first one.

    A promise belongs to the part that says it, and counts once that part has left.
    """
    texts = list(parts) if len(parts) > 1 else [text]
    if len(texts) > 1:
        numbers = queue_parts(connection, conversation_id, text, texts, leaving)
    else:
        numbers = [queue_reply(connection, conversation_id, text, leaving)]
    for promise in along.commitments:
        said = next((n for n, part in zip(numbers, texts, strict=True) if promise.text in part), numbers[0])
        commitments.promise(connection, conversation_id, [promise], leaving.agent, leaving.now, said)
    habits.overrule(connection, conversation_id, numbers[0], along.overrules, leaving.agent, leaving.now)
    habits.use(connection, conversation_id, along.uses, leaving.agent, leaving.now)
    return numbers[0]


def put_pair(
    connection: Connection,
    conversation_id: int,
    public: str,
    private: str,
    leaving: Leaving,
    promises: Sequence[Promise] = (),
) -> tuple[int, int]:
    """Queue a private message that opens a private conversation, then its public line; returns both ids.

    The public line tells that we have written privately: it leaves once that is true (NEEDS B3). ``promises`` are made
    in the private message.
    """
    first = queue_reply(connection, conversation_id, private, leaving._replace(private=True, opens=True))
    commitments.promise(connection, conversation_id, promises, leaving.agent, leaving.now, first)
    return first, queue_reply(connection, conversation_id, public, leaving._replace(public_of=first))
