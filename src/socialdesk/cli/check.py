"""``socialdesk check``: what is to be looked at again in an answer before it leaves; needs no desk, no network."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from socialdesk import drafting
from socialdesk.cli.checkbatch import answer_all
from socialdesk.cli.checked import ADDRESSES, LONGEST, as_json, checked, is_grave, lines, unlooked, zone_of
from socialdesk.cli.context import Context
from socialdesk.cli.options import identifier
from socialdesk.cli.output import print_json
from socialdesk.domain.language import LANGUAGES
from socialdesk.domain.text import one_line
from socialdesk.errors import SocialdeskError
from socialdesk.i18n import _

if TYPE_CHECKING:
    from socialdesk.checking.draft import Draft

_OPTIONS = ("reply_to", "previous", "channel", "public", "address", "facts", "language", "brand")
_LISTS = ("previous", "facts")


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
    parser.add_argument(
        "--strict", action="store_true", help=_("end with exit code 1 where something grave is found")
    )
    _about_the_answer(parser)
    parser.set_defaults(run=run, complain=parser.error)


def _about_the_answer(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--reply-to", metavar=_("TEXT"), help=_("what the customer wrote"))
    add("--previous", metavar=_("TEXT"), action="append", help=_("an answer given before; may be repeated"))
    add("--channel", metavar=_("CHANNEL"), help=_("where it goes"))
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
    add("--brand", metavar=_("BRAND"), help=_("whose rules count"))
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
        rules = load(options.folder or context.paths.config)
        grave = answer_all(context, rules, sys.stdin or (), _given(options))
        return int(grave and options.strict)
    draft = _draft(context, options)
    zone = zone_of(context, draft.brand) if _numbers(options) else None
    rules = load(options.folder or context.paths.config)
    findings = checked(context, draft, rules, zone)
    told = as_json(context, draft, rules, findings, zone)
    if options.json:
        print_json({"findings": told})
    else:
        print("\n".join(lines(draft.text, findings)) or _("Nothing found."))
    for trouble in (*rules.troubles, *unlooked(draft)):
        sys.stderr.write(f"socialdesk: {one_line(trouble)}\n")
    return int(options.strict and is_grave(told))


def _given(options: argparse.Namespace) -> dict[str, Any]:
    """Return what the options say of an answer, or of every one of a batch that does not say it itself."""
    return {key: getattr(options, key) for key in _OPTIONS if getattr(options, key) is not None}


def _draft(context: Context, options: argparse.Namespace) -> Draft:
    from socialdesk.checking.draft import Draft

    text = _text(options)
    numbers = _numbers(options)
    known = _conversation(context, numbers, options) if numbers else Draft("")
    given = _given(options)
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
