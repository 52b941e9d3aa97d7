"""``socialdesk canned``: the canned replies, to be looked at, inserted, edited, exported and imported (NEEDS C1, C6)."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from socialdesk import i18n
from socialdesk.cli.context import Context
from socialdesk.cli.options import identifier
from socialdesk.cli.output import print_json, print_table
from socialdesk.domain.text import one_line
from socialdesk.errors import ConfigError, Refused
from socialdesk.i18n import _, ngettext

if TYPE_CHECKING:
    from socialdesk.replies.canned import Reply


def arguments(parser: argparse.ArgumentParser, _name: str, _words: Sequence[str]) -> None:
    """Declare the actions and their options."""
    actions = parser.add_subparsers(title=_("actions"), metavar=_("ACTION"), dest="action", required=True)
    listing = actions.add_parser("list", help=_("list the situations there are replies for"))
    show = actions.add_parser("show", help=_("print what is said in a situation"))
    insert = actions.add_parser("insert", help=_("add a reply to the draft of a conversation"))
    edit = actions.add_parser("edit", help=_("change a reply in $EDITOR, as a copy of your own"))
    export = actions.add_parser("export", help=_("print the replies as a table (CSV)"))
    bring = actions.add_parser("import", help=_("take in replies from a table (CSV)"))
    listing.add_argument("words", nargs="*", metavar=_("WORD"), help=_("only what fits these words"))
    for one in (show, edit):
        one.add_argument(
            "situation", metavar=_("SITUATION"), help=_('such as "delay", or "delay/understand"')
        )
    insert.add_argument(
        "id", type=identifier, metavar="ID", help=_('the number that "socialdesk queue" shows')
    )
    insert.add_argument("situation", metavar=_("SITUATION"), help=_('such as "delay", or "delay/understand"'))
    for one in (listing, show, insert, edit, export):
        one.add_argument(
            "--language", metavar="ES", type=str.lower, help=_("the language of the replies, as two letters")
        )
    for one in (listing, show, edit, export):
        one.add_argument("--brand", default="", metavar=_("BRAND"), help=_("the brand that they are for"))
    for one in (listing, show, insert):
        one.add_argument("--json", action="store_true", help=_("print JSON"))
    bring.add_argument("file", metavar=_("FILE"), help=_("the table; its first line names the columns"))
    runs = {
        listing: list_all,
        show: show_one,
        insert: insert_one,
        edit: edit_one,
        export: export_all,
        bring: import_all,
    }
    for action, run in runs.items():
        action.set_defaults(run=run)


def _replies(context: Context, options: argparse.Namespace, situation: str = "") -> list[Reply]:
    """Return the replies of a language and brand, of one situation or attitude only where it is named."""
    language = options.language or i18n.language()
    replies = context.shelf.library.replies(language, options.brand)
    name, _slash, attitude = situation.partition("/")
    found = [r for r in replies if not name or (r.situation == name and attitude in ("", r.attitude))]
    if not found:
        from socialdesk.suggesting import no_reply

        raise no_reply(context.shelf, situation, language)
    return found


def list_all(context: Context, options: argparse.Namespace) -> int:
    """List the situations."""
    from socialdesk.replies.composing import entries
    from socialdesk.replies.finding import Finder

    found = Finder(
        entries(_replies(context, options), {}), lambda entry: (entry.title, f"{entry.id} {entry.keywords}")
    )
    shown = [entry for entry in found.find(" ".join(options.words), limit=10_000) if entry.attitude is None]
    if options.json:
        print_json(
            [{"id": e.id, "title": e.title, "attitudes": [r.attitude for r in e.replies]} for e in shown]
        )
    else:
        print_table((_("Canned reply"), _("Title")), [(e.id, e.title) for e in shown])
    return _tell_troubles(context)


def show_one(context: Context, options: argparse.Namespace) -> int:
    """Print every wording of a situation."""
    replies = _replies(context, options, options.situation)
    if options.json:
        print_json([reply_json(reply) for reply in replies])
        return _tell_troubles(context)
    print(replies[0].title)
    for reply in replies:
        print(f"\n[{reply.attitude}]")
        for wording in reply.wordings:
            for form, text in wording._asdict().items():
                if text:
                    print(f"  {form}: {text}")
    return _tell_troubles(context)


def reply_json(reply: Reply) -> dict[str, Any]:
    """Return a reply as scripts see it."""
    wordings = [{k: v for k, v in wording._asdict().items() if v} for wording in reply.wordings]
    return {**reply._asdict(), "id": reply.id, "wordings": wordings}


def insert_one(context: Context, options: argparse.Namespace) -> int:
    """Put a reply below what the draft of a conversation already says."""
    from socialdesk.suggesting import called, suggest

    suggestion = suggest(
        context.desk,
        context.shelf,
        context.config,
        options.id,
        options.situation,
        context.clock.now(),
        options.language or "",
        _most(context, options.id),
    )
    text = context.desk.add_to_draft(options.id, suggestion.text)
    # Nobody will tell it when the draft leaves: its words are not known as canned ones any more.
    context.desk.note_use(options.id, *suggestion.uses)
    if options.json:
        print_json({"draft": text, "missing": list(suggestion.missing)})
        return 0
    print(text)
    if suggestion.missing:
        message = _("Nothing is known of {names}: fill it in before it is sent.")
        sys.stderr.write(message.format(names=called(suggestion.missing)) + "\n")
    return 0


def _most(context: Context, conversation_id: int) -> int | None:
    """Return how long an answer may be there, or None where nobody can say."""
    from socialdesk.cli.limits import limits_of

    row = context.desk.row(conversation_id)
    account = next((one for one in context.desk.accounts() if one.name == row.account), None)
    limits = limits_of(account) if account else None
    if limits is None:
        return None
    return (limits.private_limit if row.private else limits.public_limit).size


def edit_one(context: Context, options: argparse.Namespace) -> int:
    """Open one's own copy of a reply in the editor, and say whether it can be used."""
    from socialdesk.replies import own

    situation = options.situation.partition("/")[0]
    replies = _replies(context, options, situation)
    path = own.edit_replies(context.shelf.replies_folder, replies, open_in_editor, options.brand)
    print(_("Kept in {path}.").format(path=path) if path else _("Nothing was changed."))
    return 0


def open_in_editor(path: Path) -> None:
    """Let the person change a file. Raises ``ConfigError`` where the editor fails."""
    from socialdesk.screens.editor import EditorFailed, editor_command, open_file

    try:
        open_file(path, editor_command())
    except EditorFailed as error:
        raise ConfigError(str(error), code="editor") from error


def export_all(context: Context, options: argparse.Namespace) -> int:
    """Print the replies as CSV."""
    from socialdesk.replies import sheets

    sheets.write(_replies(context, options), sys.stdout)
    return 0


def import_all(context: Context, options: argparse.Namespace) -> int:
    """Write the replies of a CSV file into files of one's own; none where one line cannot be used."""
    from socialdesk.replies import own, sheets
    from socialdesk.replies.files import told_by_manual

    path = Path(options.file)
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines, told_by_manual():
            replies = sheets.read(path, lines)
    except OSError as error:
        raise Refused(f"{path}: {error.strerror}", code="unreadable_file") from error
    except UnicodeDecodeError as error:
        raise ConfigError(str(path), code="not_utf8") from error
    new = [reply for reply in replies if reply not in _in_use(context, reply)]
    if not new:
        print(_("All of it is said just so already."))
        return 0
    written = own.write_replies(context.shelf.replies_folder, new)
    text = ngettext("{n} file written in {folder}.", "{n} files written in {folder}.", len(written))
    print(text.format(n=len(written), folder=context.shelf.replies_folder))
    return 0


def _in_use(context: Context, reply: Reply) -> list[Reply]:
    """Return what is said now: a copy of it would only hide what the program ships later."""
    return context.shelf.library.replies(reply.language, reply.brand)


def _tell_troubles(context: Context) -> int:
    for trouble in context.shelf.library.troubles():
        sys.stderr.write(one_line(trouble) + "\n")
    return 0
