"""``socialdesk erase``: a person is forgotten, to the last byte (promise 14 of docs/reliability.md)."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from socialdesk.channels import channel_name
from socialdesk.cli.context import Context
from socialdesk.cli.output import iso, print_json
from socialdesk.domain.text import one_line
from socialdesk.errors import NotFound, Refused
from socialdesk.i18n import _, ngettext
from socialdesk.wording import day

if TYPE_CHECKING:
    from socialdesk.domain.privacy import Contact, Erasure


SOME_LEFT = 3


def arguments(parser: argparse.ArgumentParser, _name: str, _words: Sequence[str]) -> None:
    """Declare the options."""
    add_contact(parser, optional=True)
    parser.add_argument(
        "--now", action="store_true", help=_("destroy at once, in the backups too; nothing is kept blocked")
    )
    parser.add_argument(
        "--due", action="store_true", help=_("destroy whatever has been kept for as long as the settings say")
    )
    parser.add_argument("--yes", action="store_true", help=_("do not ask"))
    parser.add_argument("--json", action="store_true", help=_("print JSON"))
    parser.epilog = _(
        "Without --now, what is known of the person is blocked: it is shown nowhere, nobody can work with it, and it is"
        " destroyed when the term of [privacy] in config.toml has passed (3 years unless it says otherwise). What they write"
        " later begins anew."
    )
    parser.set_defaults(run=run, complain=parser.error)


def add_contact(parser: argparse.ArgumentParser, *, optional: bool = False) -> None:
    """Declare how a person is named."""
    parser.add_argument(
        "contact",
        metavar=_("CONTACT"),
        nargs="?" if optional else None,
        help=_("the number of a conversation with them, or their handle, name or id exactly as it is shown"),
    )
    parser.add_argument("--brand", default="", help=_("only as a customer of this brand"))


def run(context: Context, options: argparse.Namespace) -> int:
    """Erase, after asking."""
    if options.due == bool(options.contact):
        options.complain(_("name a person, or say --due"))
    if options.due:
        return _due(context, options.json)
    people = chosen(context, options.contact, options.brand)
    if not options.now and not any(one.id for one in people):
        return _blocked_already(options)
    if not options.yes and not _agreed(people, options.now):
        print(_("Nothing was changed."))
        return 1
    done = context.desk.erase(people, at_once=options.now, logs=context.paths.logs)
    if options.json:
        print_json(done._asdict() | {"until": iso(done.until)})
    else:
        _tell(done)
    return SOME_LEFT if done.closed else 0


def chosen(context: Context, words: str, brand: str) -> list[Contact]:
    """Return the customer that is meant, once a brand; raises ``NotFound``, or ``Refused`` where it may be several."""
    found = context.desk.people(words, brand)
    if not found:
        raise NotFound(words, code="contact")
    if len({(one.channel, one.remote_id) for one in found}) > 1:
        told = "; ".join(f"{_who(one)}{_numbers(one)}" for one in found)
        raise Refused(told, code="several_contacts")
    return found


def _who(one: Contact) -> str:
    name = " ".join(
        part for part in (one_line(one.name), f"@{one_line(one.handle).lstrip('@')}") if part.strip("@")
    )
    return f"{name} ({one_line(one.brand)}, {channel_name(one.channel)})"


def _numbers(one: Contact) -> str:
    return "".join(f" #{number}" for number in one.conversations[:3])


def _agreed(people: Collection[Contact], at_once: bool) -> bool:
    from socialdesk.cli.ask import confirmed

    for one in people:
        count = len(one.conversations)
        told = ngettext("{n} conversation", "{n} conversations", count).format(n=count)
        sys.stderr.write(f"{_who(one)}: {told if one.id else _('blocked')}\n")
    word = _("yes")
    question = (
        _("All that is known of them will be destroyed now, in the backups too. Nobody can bring it back.")
        if at_once
        else _(
            "All that is known of them will be blocked: hidden everywhere, and destroyed when the term has passed."
        )
    )
    return confirmed(question + " " + _('Type "{word}" to go on: ').format(word=word), word)


def _tell(done: Erasure) -> None:
    counted = ngettext("{n} message", "{n} messages", done.messages).format(n=done.messages)
    if done.until is not None:
        text = _("They are blocked ({count}): nothing shows them any more, and on {day} they are destroyed.")
        print(text.format(count=counted, day=day(done.until)))
        return
    text = (
        _("They are erased ({count}): from the desk, its index, its logs and the backups that can be opened.")
        if done.closed
        else _("They are erased ({count}): from the desk, its index, its logs and its backups.")
    )
    print(text.format(count=counted))
    _tell_files(done)
    print(_("Copies that you keep elsewhere, and what the network itself shows, are not in our hands."))


def _tell_files(done: Erasure) -> None:
    for text, names in (
        (_("{file} was damaged and could not be cleaned, so it was deleted."), done.deleted),
        (_("{file} is encrypted with a key that is not at hand: they may still be in it."), done.closed),
        (_("{file} was not made by this desk and is as it was: look whether they are in it."), done.strays),
    ):
        for name in names:
            print(text.format(file=one_line(name)))
    if done.closed:
        print(
            _(
                '"socialdesk encrypt --enter-key" takes the key, and they are erased there as well; without the key nobody can'
                " read such a file, and you may delete it."
            )
        )


def _blocked_already(options: argparse.Namespace) -> int:
    if options.json:
        print_json({"blocked": True})
    else:
        print(_("They are blocked already. --now destroys what is kept."))
    return 0


def _due(context: Context, as_json: bool) -> int:
    due = context.desk.keep_terms()
    if as_json:
        print_json(due._asdict())
        return 0
    for text, count in (
        (_("Taken off the desk, because kept for long enough: {n}."), due.retired),
        (_("Destroyed, because blocked for long enough: {n}."), due.destroyed),
        (_("Erasures carried out that had been cut off, or undone by a restore: {n}."), due.again),
    ):
        if count:
            print(text.format(n=count))
    if not any(due):
        print(_("Nothing is due."))
    return 0
