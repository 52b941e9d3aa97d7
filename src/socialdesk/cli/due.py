"""``socialdesk due``: when an answer is due under the promises of the settings, and why; needs no desk."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from math import isfinite
from typing import TYPE_CHECKING, Any

from socialdesk.cli.context import Context
from socialdesk.cli.options import moment
from socialdesk.cli.output import iso, print_json
from socialdesk.domain.text import one_line, preview
from socialdesk.domain.zones import is_skipped
from socialdesk.i18n import _

if TYPE_CHECKING:
    from socialdesk.domain.promises import Policy, Step

SOME_FAILED = 3
WHICH = ("first", "next", "resolution")


class _BadLine(Exception):
    """A line of a batch that asks nothing; says why."""


def arguments(parser: argparse.ArgumentParser, _name: str, _words: Sequence[str]) -> None:
    """Declare the options."""
    parser.add_argument("--brand", default="", help=_("whose calendar and promises count"))
    parser.add_argument("--channel", default="", help=_("where the customer wrote"))
    parser.add_argument("--situation", default="", help=_("what kind of case it is"))
    parser.add_argument(
        "--which", choices=WHICH, default="first", help=_("which promise; the first reply by default")
    )
    parser.add_argument(
        "--since", type=moment, metavar=_("MOMENT"), help=_("when the wait began: 2026-11-23T09:00+01:00")
    )
    parser.add_argument(
        "--batch", action="store_true", help=_("read such questions as lines of JSON, answer in lines")
    )
    parser.add_argument("--json", action="store_true", help=_("print JSON"))
    parser.set_defaults(run=run, complain=parser.error)


def run(context: Context, options: argparse.Namespace) -> int:
    """Work out one deadline, or those of a batch."""
    policy = _policy(context)
    if options.batch:
        return _batch(policy)
    if options.since is None:
        options.complain(_("say when the wait began: --since"))
    question = {key: getattr(options, key) for key in ("brand", "channel", "situation", "which")}
    try:
        answer = _answer(policy, {**question, "since": options.since})
    except _BadLine as error:
        options.complain(one_line(str(error)))
        raise
    if options.json:
        print_json(answer)
    else:
        _print(policy, question, options.since)
    return 0


def steps_json(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Return the arithmetic as scripts see it."""
    return [
        {**step._asdict(), "start": iso(step.start), "end": None if step.end is None else iso(step.end)}
        for step in steps
    ]


def _policy(context: Context) -> Policy:
    from socialdesk.storage.policies import compiled

    return compiled(context.config.policy, context.clock.now())


def _answer(policy: Policy, asked: dict[str, Any]) -> dict[str, Any]:
    from socialdesk.domain.promises import due, steps

    brand, channel, situation, which, since = (
        asked[key] for key in ("brand", "channel", "situation", "which", "since")
    )
    if situation and situation not in policy.kinds():
        known = ", ".join(policy.kinds())
        raise _BadLine(
            _("there is no situation {name}; there are {names}").format(name=situation, names=known)
        )
    try:
        found = due(policy, brand, channel, situation, since, which)
        told = steps(policy, brand, channel, situation, since, which)
    except OverflowError:
        raise _BadLine(_("this would be due after the year 9999")) from None
    return {
        "brand": brand,
        "channel": channel,
        "situation": situation,
        "which": which,
        "since": iso(since),
        "due_at": iso(found.at),
        "promise_seconds": int(found.promise.total_seconds()),
        "runs": found.runs.value,
        "opening_seconds": found.opening_seconds,
        "steps": steps_json(told),
    }


def _batch(policy: Policy) -> int:
    code = 0
    for number, line in enumerate(sys.stdin or (), 1):  # none where it was closed
        if not line.strip():
            continue
        asked: Any = None
        try:
            asked = _asked(line)
            answer = _answer(policy, asked)
        except _BadLine as error:
            answer, code = {"line": number, "error": str(error)}, SOME_FAILED
        if asked is not None and "id" in asked:
            answer = {"id": asked["id"], **answer}
        print(json.dumps(answer, separators=(",", ":")))
    return code


def _asked(line: str) -> dict[str, Any]:
    try:
        asked = json.loads(line, parse_float=_finite, parse_constant=_finite)
    except (ValueError, RecursionError):
        raise _BadLine(_("not a line of JSON")) from None
    if not isinstance(asked, dict):
        raise _BadLine(_("not a JSON object"))
    for key in ("brand", "channel", "situation", "which"):
        asked[key] = _text(asked, key) or ("first" if key == "which" else "")
    if asked["which"] not in WHICH:
        raise _BadLine(_("which must be first, next or resolution"))
    try:
        since = datetime.fromisoformat(_text(asked, "since"))
        asked["since"], skipped = since.astimezone(UTC), is_skipped(since)
    except (ValueError, OverflowError):
        raise _BadLine(_("since is not a time in ISO 8601")) from None
    if skipped:
        message = _(
            "{text} never comes: the clocks are put forward over it. Name an earlier or a later time."
        )
        raise _BadLine(message.format(text=since.isoformat()))
    return asked


def _finite(text: str) -> float:
    """Return a number; one without end, or too large to be written back, would make no JSON of the answer."""
    number = float(text)
    if not isfinite(number):
        raise _BadLine(_("{number} is too large a number, or none").format(number=preview(text, 40)))
    return number


def _text(asked: dict[str, Any], key: str) -> str:
    value = asked.get(key) or ""
    if not isinstance(value, str):
        raise _BadLine(_("{key} is missing or not a text").format(key=key))
    return value


def _print(policy: Policy, asked: Mapping[str, Any], since: datetime) -> None:
    from socialdesk.domain.promises import EVERY_STEP, calendar_of, steps
    from socialdesk.explaining import case_name, why_lines

    brand = asked["brand"]
    zone = calendar_of(policy, brand).zone if brand in policy.calendars else ""
    case = case_name(policy, asked.get("situation", ""))
    for line in why_lines(steps(policy, **asked, since=since, most=EVERY_STEP), zone, case=case):
        print(line)
    if zone:
        print(f"({_('times of {zone}').format(zone=zone)})")
