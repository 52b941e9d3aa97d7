"""The check of an answer that leaves from the shell: what is grave holds it, unless there is a reason (NEEDS B1, C2)."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from socialdesk import drafting
from socialdesk.checkchild import Found
from socialdesk.cli.checked import as_json, checked, lines, zone_of
from socialdesk.cli.context import Context
from socialdesk.domain.text import one_line
from socialdesk.i18n import _

if TYPE_CHECKING:
    from socialdesk.screens.review import Review

_COUNTED = "length"
"""The family that is left out: how long an answer may be is asked of its account."""


def reason(text: str) -> str:
    """Take why what is grave may stand, as an option says it."""
    if not text.strip():
        raise argparse.ArgumentTypeError(_("Say in a few words why it is right here."))
    return text.strip()


def review_of(context: Context, conversation_id: int, text: str, *, private: bool) -> Review:
    """Return what is found in an answer to a conversation; troubles of rules are told."""
    from socialdesk.checking.rules import load
    from socialdesk.screens.review import Review

    known = drafting.known(context.desk, context.shelf, conversation_id)
    draft = known._replace(text=text, public=known.public and not private)
    rules, zone = load(context.settings_file.parent), zone_of(context, draft.brand)
    findings = as_json(context, draft, rules, checked(context, draft, rules, zone), zone)
    for trouble in rules.troubles:
        sys.stderr.write(f"socialdesk: {one_line(trouble)}\n")
    review = Review(conversation_id)
    review.take(text, (_found(one) for one in findings if one["family"] != _COUNTED))
    return review


def _found(values: Mapping[str, Any]) -> Found:
    due_at = values.get("due_at")
    return Found(**{**values, "due_at": datetime.fromisoformat(due_at) if due_at else None})


def may_leave(review: Review, why: str, *, as_json: bool) -> bool:
    """Tell what is found, and say whether the answer may leave: nothing in it is grave, or it is said ``why`` it may."""
    held = [] if why else review.stops()
    for found in review.stops() if why else ():
        review.overrule(found, why)
    if held and as_json:
        print(json.dumps({"findings": [_told(one) for one in review.found]}, ensure_ascii=False))
    else:
        sys.stderr.write("".join(f"{line}\n" for line in lines(review.text or "", _held_first(review))))
    if held:
        told = _(
            "The answer was not sent: mend what is grave ({families}), or say with --overrule why it may stand."
        )
        sys.stderr.write(told.format(families=", ".join(dict.fromkeys(one.family for one in held))) + "\n")
    return not held


def _held_first(review: Review) -> Iterator[Found]:
    yield from sorted(review.found, key=lambda one: one.weight != "stop")


def _told(found: Found) -> dict[str, Any]:
    values = {key: value for key, value in found._asdict().items() if value is not None}
    return values | ({"due_at": found.due_at.isoformat()} if found.due_at else {})
