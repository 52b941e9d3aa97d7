"""``socialdesk check``: what is to be looked at again in an answer before it leaves; needs no desk, no network."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any

from socialdesk import drafting
from socialdesk.cli.context import Context
from socialdesk.cli.options import identifier
from socialdesk.cli.output import print_json
from socialdesk.domain.language import LANGUAGES
from socialdesk.domain.text import one_line
from socialdesk.errors import SocialdeskError
from socialdesk.i18n import _

if TYPE_CHECKING:
    from socialdesk.checking.draft import Draft, Finding
    from socialdesk.checking.rules import Rules

LONGEST = 64 * 1024
"""Characters of an answer; no network takes more."""

ADDRESSES = ("usted", "tu", "none")
_TEXTS = ("text", "reply_to", "channel", "address", "language", "brand")
_LISTS = ("previous", "facts", "names")
_OPTIONS = ("reply_to", "previous", "channel", "public", "address", "facts", "language", "brand")


class _WrongError(Exception):
    """A draft that cannot be checked; says why."""


def arguments(parser: argparse.ArgumentParser, _name: str, _words: Sequence[str]) -> None:
    """Declare the options."""
    parser.add_argument(
        "what",
        nargs="*",
        metavar="ID",
        help=_("the conversation it answers; - reads the answer from the input"),
    )
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--text", metavar=_("TEXT"), help=_("the answer"))
    source.add_argument("--file", metavar=_("FILE"), type=Path, help=_("read the answer from a file"))
    source.add_argument(
        "--batch", action="store_true", help=_("read answers as lines of JSON, answer each with a line")
    )
    parser.add_argument("--json", action="store_true", help=_("print JSON"))
    _about_the_answer(parser)
    parser.set_defaults(run=run, complain=parser.error)


def _about_the_answer(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--reply-to", metavar=_("TEXT"), help=_("what the customer wrote"))
    add("--previous", metavar=_("TEXT"), action="append", help=_("an answer given before; may be repeated"))
    add("--channel", help=_("where it goes"))
    public = parser.add_mutually_exclusive_group()
    public.add_argument(
        "--public", action="store_true", default=None, help=_("everybody can read it, as by default")
    )
    public.add_argument(
        "--private",
        action="store_false",
        default=None,
        dest="public",
        help=_("only the customer can read it"),
    )
    add("--address", choices=ADDRESSES, help=_("how the house speaks to its customers"))
    add(
        "--fact",
        metavar=_("TEXT"),
        action="append",
        dest="facts",
        help=_("something that the brand makes known; may be repeated"),
    )
    add("--language", choices=LANGUAGES, help=_("the language it should have, instead of the customer's"))
    add("--brand", help=_("whose rules count"))
    add(
        "--folder",
        metavar=_("FOLDER"),
        type=Path,
        help=_("where rules and dictionaries lie, instead of beside the settings"),
    )


def run(context: Context, options: argparse.Namespace) -> int:
    """Check one answer, or a batch of them."""
    from socialdesk.checking.rules import load

    if options.batch:
        if options.what:
            options.complain(_("a batch names no conversation"))
        return _batch(context, load(options.folder or context.paths.config))
    draft = _draft(context, options)
    zone = _zone(context, draft) if _numbers(options) else None
    rules = load(options.folder or context.paths.config)
    findings = _check(context, draft, rules, zone)
    if options.json:
        print_json({"findings": as_json(context, draft, rules, findings, zone)})
    else:
        _print(draft, findings)
    for trouble in rules.troubles:
        sys.stderr.write(f"socialdesk: {one_line(trouble)}\n")
    return 0


def as_json(
    context: Context, draft: Draft, rules: Rules, findings: Sequence[Finding], zone: tzinfo | None = None
) -> list[dict[str, Any]]:
    """Return the findings as scripts see them: with their weight, and a promise with its date; no mend, no key."""
    from socialdesk.checking.commitments import promises

    bound = rules.bound(draft.brand, context.clock.now().astimezone(zone))
    dates = {one[:2]: one.due_at for one in promises(draft, bound, bound.now) if one.due_at is not None}
    told = []
    for finding in findings:
        values = {key: value for key, value in finding._asdict().items() if value is not None}
        values["weight"] = bound.weight(finding.family, finding.rule)
        due_at = dates.get((finding.start, finding.end)) if finding.family == "commitment" else None
        told.append(values | ({"due_at": due_at.astimezone(UTC).isoformat()} if due_at else {}))
    return told


def _check(context: Context, draft: Draft, rules: Rules, zone: tzinfo | None = None) -> list[Finding]:
    from socialdesk.checking.check import check

    return check(draft, rules, context.clock.now().astimezone(zone))


def _draft(context: Context, options: argparse.Namespace) -> Draft:
    from socialdesk.checking.draft import Draft

    text = _text(options)
    numbers = _numbers(options)
    known = _conversation(context, numbers, options) if numbers else Draft("")
    given = {key: getattr(options, key) for key in _OPTIONS if getattr(options, key) is not None}
    for key in _LISTS:
        if key in given:
            given[key] = tuple(given[key])
    return known._replace(text=text, **given)


def _numbers(options: argparse.Namespace) -> list[str]:
    return [word for word in options.what if word != "-"]


def _conversation(context: Context, numbers: Sequence[str], options: argparse.Namespace) -> Draft:
    if len(numbers) > 1:
        options.complain(_("one conversation at a time"))
    try:
        number = identifier(numbers[0])
    except argparse.ArgumentTypeError as error:
        options.complain(str(error))
        raise
    return drafting.known(context.desk, context.shelf, number)


def _zone(context: Context, draft: Draft) -> tzinfo | None:
    from zoneinfo import ZoneInfo

    zone = drafting.zone_of(context.desk, draft.brand)
    return ZoneInfo(zone) if zone else None


def _text(options: argparse.Namespace) -> str:
    if "-" in options.what and options.text is None and options.file is None:
        return _short_enough(sys.stdin.read(LONGEST + 1) if sys.stdin else "", options)
    if options.file is not None:
        try:
            with options.file.open(encoding="utf-8", newline="") as file:
                return _short_enough(file.read(LONGEST + 1), options)
        except UnicodeDecodeError:
            message = _("{file}: this is not text in UTF-8").format(file=options.file)
            raise SocialdeskError(message, code="system") from None
    if options.text is None or "-" in options.what:
        options.complain(_("give the answer in one way: --text, --file or -"))
    return _short_enough(options.text, options)


def _short_enough(text: str, options: argparse.Namespace) -> str:
    if len(text) > LONGEST:
        options.complain(_("the answer is longer than {n} characters").format(n=LONGEST))
    return text


def _batch(context: Context, rules: Rules) -> int:
    for line in sys.stdin or ():
        if line.strip():
            print(json.dumps(_answer(context, line, rules), separators=(",", ":")), flush=True)
    return 0


def _answer(context: Context, line: str, rules: Rules) -> dict[str, Any]:
    answer: dict[str, Any] = {}
    try:
        asked = _asked(line)
        if "id" in asked:
            answer["id"] = _sound_id(asked["id"])
        draft, zone = _draft_of(asked), _zone_of(asked)
        answer["findings"] = as_json(context, draft, rules, _check(context, draft, rules, zone), zone)
    except _WrongError as error:
        answer["error"] = str(error)
    except Exception as error:  # a line must never cost the lines after it
        answer["error"] = f"{type(error).__name__}: {one_line(str(error))}"
    if rules.troubles:
        answer["troubles"] = rules.troubles
    return answer


def _sound_id(value: Any) -> Any:
    try:
        json.dumps(value, allow_nan=False)
    except ValueError:
        raise _WrongError(_("not a line of JSON")) from None
    return value


def _asked(line: str) -> dict[str, Any]:
    try:
        asked = json.loads(line.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        raise _WrongError(_("not a line of JSON")) from None
    if not isinstance(asked, dict):
        raise _WrongError(_("not a JSON object"))
    return asked


def _draft_of(asked: dict[str, Any]) -> Draft:
    from socialdesk.checking.draft import Draft

    values = dict(_values(asked))
    if "text" not in values:
        raise _WrongError(_("{key} is missing or not a text").format(key="text"))
    if len(values["text"]) > LONGEST:
        raise _WrongError(_("the answer is longer than {n} characters").format(n=LONGEST))
    return Draft(**values)


def _zone_of(asked: dict[str, Any]) -> tzinfo | None:
    """Return where "tomorrow" begins for the writer: the zone that is named, else this machine's."""
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(asked["zone"]) if asked.get("zone") else None
    except (ValueError, TypeError, OSError, KeyError):
        raise _WrongError(_("{key} is not a time zone").format(key="zone")) from None


def _values(asked: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for key in (*_TEXTS, *_LISTS, "public"):
        value = asked.get(key)
        if value is None:
            continue
        if key in _TEXTS and not isinstance(value, str):
            raise _WrongError(_("{key} is missing or not a text").format(key=key))
        if key in _LISTS and not _is_list_of_texts(value):
            raise _WrongError(_("{key} is not a list of texts").format(key=key))
        if key == "public" and not isinstance(value, bool):
            raise _WrongError(_("{key} is neither true nor false").format(key=key))
        yield key, tuple(value) if key in _LISTS else value


def _is_list_of_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _print(draft: Draft, findings: Sequence[Finding]) -> None:
    for finding in findings:
        place = one_line(draft.text[finding.start : finding.end])
        print(f"{finding.start}-{finding.end} {finding.family} ({one_line(finding.rule)}): {place}")
        print(f"    {one_line(finding.message)}")
        if finding.mend is not None:
            print(f"    {_('Better: {text}').format(text=one_line(finding.mend) or '-')}")
    if not findings:
        print(_("Nothing found."))
