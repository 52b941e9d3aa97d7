"""``socialdesk attachment``: what came with the messages of a conversation, listed and saved (NEED B1)."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from socialdesk.cli.context import Context
from socialdesk.cli.limits import limits_of
from socialdesk.cli.options import count, identifier
from socialdesk.cli.output import iso, print_json, print_table
from socialdesk.cli.show import attachment_json
from socialdesk.domain.models import Account, Enclosed
from socialdesk.domain.text import one_line
from socialdesk.enclosures import attachment_text
from socialdesk.errors import Refused
from socialdesk.i18n import _
from socialdesk.wording import moment


def arguments(parser: argparse.ArgumentParser, _name: str, _words: Sequence[str]) -> None:
    """Declare the actions and their options."""
    actions = parser.add_subparsers(title=_("actions"), metavar=_("ACTION"), dest="action", required=True)
    listing = actions.add_parser("list", help=_("list the attachments of a conversation"))
    saving = actions.add_parser("save", help=_("fetch attachments and save them as files"))
    for one in (listing, saving):
        one.add_argument(
            "id", type=identifier, metavar="ID", help=_('the number that "socialdesk queue" shows')
        )
        one.add_argument("--json", action="store_true", help=_("print JSON"))
        one.add_argument("--demo", action="store_true", help=argparse.SUPPRESS)
    saving.add_argument(
        "number", type=count, nargs="?", metavar="N", help=_("only this one, by its number in the list")
    )
    saving.add_argument(
        "--to", type=Path, metavar=_("FOLDER"), help=_("the folder; otherwise that for downloads")
    )
    listing.set_defaults(run=list_all)
    saving.set_defaults(run=save)


def list_all(context: Context, options: argparse.Namespace) -> int:
    """List them, the oldest first."""
    found = context.desk.attachments(options.id)
    if options.json:
        print_json([_as_json(one) for one in found])
    elif found:
        now = context.clock.now()
        cells = (
            (one.number, moment(one.at, now), one_line(one.name or one.handle), _line(one)) for one in found
        )
        print_table((_("NUMBER"), _("WHEN"), _("WHO"), _("WHAT")), cells)
    else:
        print(_("Nothing is attached to this conversation."))
    return 0


def _line(one: Enclosed) -> str:
    text = one_line(attachment_text(one.attachment))
    return text if one.attachment.remote else f"{text}  {_('(nothing to fetch)')}"


def _as_json(one: Enclosed) -> dict[str, object]:
    where = {
        "number": one.number,
        "message": str(one.message_id),
        "at": iso(one.at),
        "direction": one.direction.value,
        "author": {"handle": one.handle, "name": one.name},
    }
    return where | attachment_json(one.attachment) | {"fetchable": bool(one.attachment.remote)}


def save(context: Context, options: argparse.Namespace) -> int:
    """Fetch the one, or all that can be fetched; what was saved before something failed stays, and is told."""
    from socialdesk.saving import downloads

    if options.demo:
        context = context.demo()
    try:
        wanted = _wanted(context.desk.attachments(options.id), options.number)
        account = _account(context, options.id)
        folder = options.to.expanduser() if options.to else downloads()
        if not folder.is_dir():
            raise Refused(str(folder), code="no_folder")
        saved = []
        try:
            for one in wanted:
                saved.append((one.number, _save(context, account, one, folder)))
        finally:
            _tell(saved, options.json)
    finally:
        if options.demo:
            context.close()
    return 0


def _tell(saved: Sequence[tuple[int, Path]], as_json: bool) -> None:
    if as_json:
        print_json([{"number": number, "path": str(path)} for number, path in saved])
    else:
        for _number, path in saved:
            print(path)


def _wanted(found: Sequence[Enclosed], number: int | None) -> list[Enclosed]:
    chosen = [one for one in found if number in (None, one.number)]
    fetchable = [one for one in chosen if one.attachment.remote]
    if not fetchable:
        raise Refused(code="nothing_to_download" if chosen else "no_attachment")
    return fetchable


def _account(context: Context, conversation_id: int) -> Account:
    name = context.desk.row(conversation_id).account
    account = next((one for one in context.desk.accounts() if one.name == name), None)
    if account is None:
        raise Refused(name, code="account_removed")
    able = limits_of(account)
    if able is None or not able.downloads:
        raise Refused(code="no_downloads")
    return account


def _save(context: Context, account: Account, one: Enclosed, folder: Path) -> Path:
    from socialdesk.cli.signin import fetched
    from socialdesk.saving import MOST, safe_name, save

    if (one.attachment.size or 0) > MOST:
        raise Refused(code="too_large")
    return save(folder, safe_name(one.attachment), fetched(context, account, one.attachment.remote, MOST))
