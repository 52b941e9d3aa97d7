"""``socialdesk situation`` and ``tag``: what kind of case a conversation is, and what kind of customer (NEEDS A3)."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence

from socialdesk.cli.context import Context
from socialdesk.cli.options import identifier
from socialdesk.domain.text import one_line
from socialdesk.i18n import _


def arguments(parser: argparse.ArgumentParser, name: str, _words: Sequence[str]) -> None:
    """Declare the options of one of the two."""
    parser.add_argument(
        "id", type=identifier, metavar="ID", help=_('the number that "socialdesk queue" shows')
    )
    if name == "situation":
        parser.add_argument(
            "situation",
            nargs="?",
            default="",
            metavar=_("SITUATION"),
            help=_('one of those that "socialdesk promises" lists; without one, the rules decide'),
        )
    else:
        parser.add_argument(
            "tags",
            nargs="*",
            metavar=_("TAG"),
            help=_("in place of those the customer had; none takes them away"),
        )
    runs: dict[str, Callable[[Context, argparse.Namespace], int]] = {"situation": situation, "tag": tag}
    parser.set_defaults(run=runs[name])


def situation(context: Context, options: argparse.Namespace) -> int:
    """Say what kind of case it is; the protocols for it begin."""
    from socialdesk.screens.beside import begins

    desk = context.desk
    desk.set_situation(options.id, options.situation)
    for protocol in begins(desk, context.shelf, desk.thread(options.id)):
        desk.start_protocol(options.id, protocol, "rule")
    name = desk.row(options.id).situation
    if name:
        label = one_line(_(desk.policy().kinds().get(name, name)))
        print(_("Conversation {id}: situation {name}.").format(id=options.id, name=label))
    else:
        print(_("Conversation {id} is of no special kind.").format(id=options.id))
    return 0


def tag(context: Context, options: argparse.Namespace) -> int:
    """Give the customer tags."""
    tags = context.desk.set_tags(options.id, options.tags)
    if tags:
        names = one_line(", ".join(tags))
        print(
            _("The customer of conversation {id} has these tags: {names}.").format(id=options.id, names=names)
        )
    else:
        print(_("The customer of conversation {id} has no tags.").format(id=options.id))
    return 0
