"""The words of the command line. Only the command that is called brings its own options along."""

from __future__ import annotations

import argparse
import gettext
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from itertools import takewhile
from typing import Any, NoReturn

from socialdesk import __version__, i18n
from socialdesk.domain.text import one_line
from socialdesk.i18n import N_, _

COMMANDS = {
    "demo": ("demo", N_("Practise on simulated customers, without any network")),
    "account": ("account", N_("Add, list, check, pause, resume, sign in and remove accounts")),
    "sync": ("sync", N_("Receive and send without a screen")),
    "queue": ("queue", N_("List the conversations, the most urgent first")),
    "show": ("show", N_("Print a conversation")),
    "reply": ("reply", N_("Answer a conversation, in the same channel")),
    "call": ("byhand", N_("Write down a customer's call")),
    "visit": ("byhand", N_("Write down a customer's visit")),
    "act": ("act", N_("Like, hide, mute, block or report what a customer wrote")),
    "attachment": ("attachment", N_("List and save what came with the messages")),
    "resolve": ("settle", N_("Mark a conversation as done")),
    "snooze": ("settle", N_("Put a conversation away until later")),
    "reopen": ("settle", N_("Bring a done or snoozed conversation back")),
    "situation": ("situation", N_("Say what kind of case a conversation is")),
    "tag": ("situation", N_("Give a customer tags, by which the rules may go")),
    "commitments": ("commitments", N_("List what was promised to customers, and say what was kept")),
    "outbox": ("outbox", N_("List the replies on their way and decide on those that need you")),
    "canned": ("canned", N_("List, show, insert, edit, import and export canned replies")),
    "facts": ("facts", N_("What is true of a brand, at hand for every answer")),
    "protocol": ("protocol", N_("What to do in a situation, step by step")),
    "check": ("check", N_("Look an answer over before it leaves")),
    "import": ("history", N_("Bring in the history of another tool")),
    "due": ("due", N_("Work out when an answer is due, and why")),
    "promises": ("promises", N_("Show the promises and calendars, and what a change of them would do")),
    "clock": ("clock", N_("Say how long a customer who writes now will wait")),
    "export": ("export", N_("Write out all that is known of a customer, for them")),
    "erase": ("erase", N_("Forget a customer: blocked first, or destroyed at once")),
    "audit": ("audit", N_("Say who sent, changed, exported and erased what")),
    "backup": ("backup", N_("Copy the desk, while it is in use, and check the copy")),
    "restore": ("restore", N_("List the backups, or put one in the place of the desk")),
    "encrypt": ("encrypt", N_("Encrypt the desk and its backups, or show their key")),
    "decrypt": ("encrypt", N_("Take the encryption off the desk")),
    "connector": ("connector", N_("List the connectors, or begin one for another network")),
    "relay": ("relay", N_("Take webhooks on a server of your own, for the desk to fetch")),
    "doctor": ("doctor", N_("Check the desk, the accounts and this machine")),
}
"""Command -> the module with its ``arguments(parser, name, words)``, and its line in the help."""

ARGPARSE = (
    # Sentences of Python's own argparse that a person can meet here.
    N_("usage: "),
    N_("options"),
    N_("positional arguments"),
    N_("show this help message and exit"),
    N_("argument %(argument_name)s: %(message)s"),
    N_("expected one argument"),
    N_("expected at least one argument"),
    N_("invalid choice: %(value)r (choose from %(choices)s)"),
    N_("invalid %(type)s value: %(value)r"),
    N_("not allowed with argument %s"),
    N_("one of the arguments %s is required"),
    N_("the following arguments are required: %s"),
    N_("unrecognized arguments: %s"),
    N_("ambiguous option: %(option)s could match %(matches)s"),
    N_("ignored explicit argument %r"),
)


class Parser(argparse.ArgumentParser):
    """Speaks the person's language and ends a usage error with the way to the help."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        settings["allow_abbrev"] = False  # a script's abbreviation would break with the next new option
        super().__init__(*args, **settings)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the command and leave with exit code 2."""
        hint = _('"{command} --help" shows how it is used.').format(command=self.prog)
        with _argparse_translated():  # some errors are found only when the command runs
            usage = self.format_usage()
        # A script may hand over what a customer wrote, and the message repeats it.
        self.exit(2, f"{usage}{self.prog}: {one_line(message)}\n{hint}\n")


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Return the options; ``run`` among them is the command's function, None without a command. Leaves with ``SystemExit`` on usage errors."""
    _choose_language(arguments)
    with _argparse_translated():
        parser = _build(arguments)
        options, strange = parser.parse_known_args(arguments)
    if strange:
        parser.error(_("unrecognized arguments: %s") % " ".join(_tellable(strange)))
    return options


def _tellable(words: Sequence[str]) -> Iterator[str]:
    """Yield the words that may be repeated: not what follows an option of somebody's own making, ``--password`` say."""
    yield from takewhile(lambda word: not word.startswith("-"), words)
    yield from (word.partition("=")[0] for word in words if word.startswith("-"))


def _build(arguments: Sequence[str]) -> Parser:
    parser = Parser(
        prog="socialdesk",
        description=_("A terminal inbox for social customer service. Without a command it opens the desk."),
        epilog=_('"socialdesk COMMAND --help" says more about a command.'),
    )
    version = f"socialdesk {__version__}"
    parser.add_argument("--version", action="version", version=version, help=_("show the version and exit"))
    parser.add_argument(
        "--language", choices=i18n.LANGUAGES, help=_("the language to speak, instead of the system's")
    )
    parser.set_defaults(run=None)
    commands = parser.add_subparsers(title=_("commands"), metavar=_("COMMAND"))
    for name, (module, summary) in COMMANDS.items():
        command = commands.add_parser(name, help=_(summary), description=f"{_(summary)}.")
        if name in arguments:
            import_module(f"socialdesk.cli.{module}").arguments(command, name, arguments)
    return parser


def _choose_language(arguments: Sequence[str]) -> None:
    """Obey ``--language`` before any text is made; after a command's name it is the command's own."""
    before = list(takewhile(lambda word: word not in COMMANDS, arguments))
    for word, following in zip(before, [*before[1:], ""], strict=False):
        wanted = following if word == "--language" else word.removeprefix("--language=")
        if word.startswith("--language") and wanted in i18n.LANGUAGES:
            i18n.choose(wanted)


@contextmanager
def _argparse_translated() -> Iterator[None]:
    """Let argparse, which asks the process's common gettext domain, find our sentences."""
    domain, before = gettext.textdomain(), os.environ.get("LANGUAGE")
    gettext.bindtextdomain("socialdesk", str(i18n.FOLDER))
    gettext.textdomain("socialdesk")
    os.environ["LANGUAGE"] = i18n.language()
    try:
        yield
    finally:
        gettext.textdomain(domain)
        if before is None:
            del os.environ["LANGUAGE"]
        else:
            os.environ["LANGUAGE"] = before
