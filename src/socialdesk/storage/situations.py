"""What kind of case a conversation is: said by a person, else proposed by the policy's rules (NEEDS A3).

What the rules say is derived from all that the customer wrote in the case, so that a nudge does not undo it, and an
edit or a deletion counts. What a person says holds until the case is settled; a new one is judged anew.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from socialdesk.domain.models import Box
from socialdesk.domain.promises import BAD_REVIEW, Policy, situation_of
from socialdesk.storage.source import Source, rows

if TYPE_CHECKING:
    from sqlalchemy import Row

AGENT, RULE = "agent", "rule"
FEW_STARS = 2

# The newest messages of a case tell enough of it; the index of the thread gives them in order.
_TEXTS = """
SELECT c.id, c.channel, p.tags, (SELECT group_concat(text, char(10)) FROM (
    SELECT m.text FROM message m WHERE m.conversation_id = c.id AND m.direction = 'in' AND m.context = 0
        AND m.deleted_at IS NULL AND m.known_at > coalesce(c.settled_at, -1) ORDER BY m.id DESC LIMIT 50))
FROM conversation c CROSS JOIN contact p ON p.id = c.contact_id
WHERE c.id IN (SELECT value FROM json_each(:ids))
"""


def guessed(source: Source, policy: Policy, languages: Mapping[int, str]) -> dict[int, str]:
    """Return what the rules say of those conversations, given with their languages; nothing without rules.

    Left out are those whose customer has said nothing since they were settled.
    """
    if not policy.guesses:
        return {}
    found = rows(source, _TEXTS, {"ids": json.dumps(list(languages))})
    return {
        number: situation_of(policy, words, languages[number], channel, split(tags))
        for number, channel, tags, words in found
        if words is not None
    }


def with_stars(said: Mapping[int, str], ratings: Mapping[int, int | None]) -> dict[int, str]:
    """Return what the rules say, and of reviews with few stars that they are bad, where no rule says anything."""
    bad = {
        number: BAD_REVIEW for number, stars in ratings.items() if stars is not None and stars <= FEW_STARS
    }
    return {
        **bad,
        **{number: situation for number, situation in said.items() if situation or number not in bad},
    }


def of(row: Row[Any], waits: bool, said: Mapping[int, str]) -> tuple[str, str]:
    """Return a conversation's situation and who says so; ``row`` is it before, ``waits`` whether somebody does."""
    begins_anew = row.box == Box.DONE and row.settled_at is not None and waits
    if row.situation_by == AGENT and not begins_anew:
        return row.situation, AGENT
    situation = said.get(row.id)
    if situation is None:
        return ("", "") if begins_anew or waits else (row.situation, row.situation_by)
    return situation, RULE if situation else ""


def split(tags: str) -> list[str]:
    """Return the tags of a customer."""
    return [tag.strip() for tag in tags.split(",") if tag.strip()]
