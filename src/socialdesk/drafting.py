"""What the check is asked of an answer that is being written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from socialdesk.desk import Desk
    from socialdesk.replies.shelf import Shelf


def question(
    desk: Desk, shelf: Shelf, conversation_id: int, text: str, *, private: bool = False
) -> dict[str, Any]:
    """Return the question, with the keys of a batch of ``socialdesk check``: what the desk and the shelf know.

    ``private`` is for a private message to who wrote in public.
    """
    draft = desk.checking(conversation_id)
    draft = draft._replace(public=draft.public and not private)
    asked = draft._replace(text=text, facts=tuple(_facts(shelf, draft.brand)))._asdict()
    calendar = desk.policy().calendars.get(draft.brand)
    return asked | ({"zone": calendar.zone} if calendar else {})


def _facts(shelf: Shelf, brand: str) -> Iterator[str]:
    for fact in shelf.facts(brand):
        yield fact.text
        yield from fact.languages.values()
