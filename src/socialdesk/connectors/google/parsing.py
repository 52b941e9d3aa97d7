"""From stored reviews to messages; pure, so that a mended version can read again what was stored."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from socialdesk.connectors.contract import Attachment, Author, Direction, Item, Kind, Media, Raw
from socialdesk.connectors.shapes import mapping, mappings, moment, stamp, text, web

_STARS = {"ONE": 1, "TWO": 2, "THREE": 3, "FOUR": 4, "FIVE": 5}
_TRANSLATED = re.compile(
    r"\((?:Translated by|Traducido por|Traduzido pelo|Traduit par|Tradotto da|Übersetzt von|Traduït per) Google\)"
)
"""In the language of whoever asks."""
_ORIGINAL = re.compile(r"\(Original\)\s*")


def parse(raw: Raw) -> list[Item]:
    """Return a review and the answer to it; raises ``ValueError`` where the indispensable is missing."""
    payload = mapping(raw.payload)
    if payload.get("kind") != "review":
        raise ValueError("not a payload of this connector")
    review = mapping(payload.get("review"))
    name, at = text(review.get("name")), moment(review.get("createTime", review.get("updateTime")))
    if not name or at is None:
        raise ValueError("a review without name or time")
    customer = _reviewer(review, name)
    edited = moment(review.get("updateTime"))
    item = Item(
        id=name,
        conversation=name,
        direction=Direction.IN,
        at=at,
        author=customer,
        contact=customer,
        text=original(text(review.get("comment"))),
        kind=Kind.REVIEW,
        deleted=payload.get("deleted") is True,
        edited_at=edited if edited and edited > max(at, _answered(review) or at) else None,
        remote={"review": name},
        title=_title(review, text(payload.get("place"))),
        rating=stars_of(review),
        attachments=[_media(one) for one in mappings(review.get("reviewMediaItems"))],
    )
    return [item, *_answer(review, item, text(payload.get("place")))]


def _answered(review: Mapping[str, Any]) -> datetime | None:
    """Return when it was answered: the answer, too, moves the time of the review."""
    return moment(mapping(review.get("reviewReply")).get("updateTime"))


def stars_of(review: Mapping[str, Any]) -> int | None:
    """Return how many of five stars it gives; None where it says none that we know."""
    given = str(review.get("starRating"))
    return int(given) if given in ("1", "2", "3", "4", "5") else _STARS.get(given)


def original(comment: str) -> str:
    """Return what the customer wrote of a comment to which Google added a translation, before it or behind."""
    found = _ORIGINAL.search(comment)
    mark = _TRANSLATED.search(comment)
    if mark is None:
        return comment.strip()
    before = comment[: mark.start()].strip()
    return comment[found.end() :].strip() if found and not before else before or comment.strip()


def reply_id(name: str, answer: Mapping[str, Any]) -> str:
    """Return the id of one version of the answer: there is one answer a review, and each replaces the last."""
    at = moment(answer.get("updateTime"))  # of which Google tells now more, now fewer digits
    return f"{name}/reply|{stamp(at) if at else ''}"


def _answer(review: dict[str, Any], item: Item, place: str) -> list[Item]:
    answer = mapping(review.get("reviewReply"))
    at, words = moment(answer.get("updateTime")), text(answer.get("comment"))
    if at is None or not words:
        return []
    us = Author("owner", place or "Google", place)
    return [
        Item(
            id=reply_id(item.id, answer),
            conversation=item.conversation,
            direction=Direction.OUT,
            at=at,
            author=us,
            contact=item.contact,
            text=original(words),
            kind=Kind.REPLY,
            reply_to=item.id,
            remote=item.remote,
            title=_moderation(answer),
        )
    ]


def _moderation(answer: dict[str, Any]) -> str:
    """Return how Google judges an answer: taken is not visible."""
    state, why = text(answer.get("reviewReplyState")), answer.get("policyViolation")
    if state in ("", "REVIEW_REPLY_STATE_UNSPECIFIED"):
        return ""
    return f"Google: {state}" + (f" ({why})" if isinstance(why, str) and why else "")


def _reviewer(review: dict[str, Any], name: str) -> Author:
    """Return who wrote it: Google gives no number of theirs, so every review has its own customer."""
    person = mapping(review.get("reviewer"))
    shown = text(person.get("displayName"))
    return Author(f"reviewer|{name}", shown or "Google", shown)


def _title(review: dict[str, Any], place: str) -> str:
    shown = "" if stars_of(review) else text(review.get("starRating"))
    return " · ".join(filter(None, (shown, place)))


def _media(one: dict[str, Any]) -> Attachment:
    url = web(one.get("googleUrl")) or web(one.get("thumbnailUrl"))
    film = "VIDEO" in text(one.get("mediaFormat"))
    return Attachment(Media.VIDEO if film else Media.IMAGE, remote={"url": url} if url else {})
