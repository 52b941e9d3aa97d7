"""What the check is asked of an answer that is being written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from socialdesk.checking.draft import Draft
    from socialdesk.desk import Desk
    from socialdesk.replies.shelf import Shelf


def question(
    desk: Desk, shelf: Shelf, conversation_id: int, text: str, *, private: bool = False
) -> dict[str, Any]:
    """Return the question, with the keys of a batch of ``socialdesk check``: what the desk and the shelf know.

    ``private`` is for a private message to who wrote in public.
    """
    draft = known(desk, shelf, conversation_id)
    zone = zone_of(desk, draft.brand)
    asked = draft._replace(text=text, public=draft.public and not private)._asdict()
    return asked | ({"zone": zone} if zone else {})


def known(desk: Desk, shelf: Shelf, conversation_id: int) -> Draft:
    """Return what a draft for a conversation is checked against, without its text."""
    draft = desk.checking(conversation_id)
    return draft._replace(facts=tuple(_facts(shelf, draft.brand)))


def zone_of(desk: Desk, brand: str) -> str:
    """Return the zone in which the brand says "tomorrow", or "": this machine's."""
    calendar = desk.policy().calendars.get(brand)
    return calendar.zone if calendar else ""


def _facts(shelf: Shelf, brand: str) -> Iterator[str]:
    for fact in shelf.facts(brand):
        yield fact.text
        yield from fact.languages.values()
