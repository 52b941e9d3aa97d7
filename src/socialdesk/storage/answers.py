"""Puts an answer on its way with all that goes with it: its parts, promises, what was overruled and used."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from socialdesk.domain.answers import Overruled, Promise
from socialdesk.domain.text import one_line
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
    """Queue an answer, in parts where there are several; returns the id of the first one."""
    texts = list(parts) if len(parts) > 1 else [text]
    if len(texts) > 1:
        numbers = queue_parts(connection, conversation_id, text, texts, leaving)
    else:
        numbers = [queue_reply(connection, conversation_id, text, leaving)]
    _take_along(connection, conversation_id, list(zip(numbers, texts, strict=True)), leaving, along)
    return numbers[0]


def _take_along(
    connection: Connection,
    conversation_id: int,
    parts: Sequence[tuple[int, str]],
    leaving: Leaving,
    along: Along,
) -> None:
    """Keep what goes with an answer; a promise belongs to the part that says it, and counts once that part has left."""
    first, agent, now = parts[0][0], leaving.agent, leaving.now
    for promise in along.commitments:
        said = next((number for number, text in parts if promise.text in one_line(text)), first)
        commitments.promise(connection, conversation_id, [promise], agent, now, said)
    habits.overrule(connection, conversation_id, first, along.overrules, agent, now)
    habits.use(connection, conversation_id, along.uses, agent, now)


def put_pair(
    connection: Connection,
    conversation_id: int,
    public: str,
    private: str,
    leaving: Leaving,
    along: Along,
) -> tuple[int, int]:
    """Queue a private message that opens a private conversation, then its public line; returns both ids.

    The public line tells that we have written privately: it leaves once that is true (NEEDS B3).
    """
    first = queue_reply(connection, conversation_id, private, leaving._replace(private=True, opens=True))
    second = queue_reply(connection, conversation_id, public, leaving._replace(public_of=first))
    _take_along(connection, conversation_id, [(first, private), (second, public)], leaving, along)
    return first, second
