"""``socialdesk relay``: takes webhooks on a server of one's own, for desks that cannot be reached from outside (docs/relay.md)."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from socialdesk.cli.context import Context
from socialdesk.cli.output import print_json, print_table, say
from socialdesk.discretion import say_aloud
from socialdesk.errors import Refused, SecretError
from socialdesk.i18n import _
from socialdesk.relay.settings import Settings, read
from socialdesk.relay.signatures import Kind
from socialdesk.relay.store import Store
from socialdesk.wording import moment

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


def arguments(parser: argparse.ArgumentParser, _name: str, _words: Sequence[str]) -> None:
    """Declare the actions and their options."""
    actions = parser.add_subparsers(title=_("actions"), metavar=_("ACTION"), dest="action", required=True)
    serve = actions.add_parser("serve", help=_("take webhooks and hand them to the desks, until stopped"))
    new = actions.add_parser("new-mailbox", help=_("make a mailbox for one network's webhooks"))
    listing = actions.add_parser("list", help=_("list the mailboxes and what waits in them"))
    key = actions.add_parser("new-key", help=_("give a mailbox another desk key; the former opens nothing"))
    remove = actions.add_parser("remove", help=_("forget a mailbox and all that is in it"))
    for one in (serve, new, listing, key, remove):
        one.add_argument(
            "--config", metavar=_("FILE"), default="relay.toml", help=_("its settings; relay.toml")
        )
    for one in (new, key, remove):
        one.add_argument("name", metavar=_("NAME"), help=_("small letters, digits and hyphens"))
    new.add_argument("--kind", choices=[kind.value for kind in Kind], required=True, help=_("whose webhooks"))
    where = new.add_mutually_exclusive_group(required=True)
    where.add_argument(
        "--secret-env",
        metavar=_("VARIABLE"),
        help=_("the secret that the network signs with is in this environment variable"),
    )
    where.add_argument("--secret-command", metavar=_("COMMAND"), help=_("this prints it"))
    where.add_argument("--secret-credential", metavar=_("NAME"), help=_("systemd gives it to the service"))
    listing.add_argument("--json", action="store_true", help=_("print JSON"))
    remove.add_argument("--yes", action="store_true", help=_("do not ask"))
    serve.set_defaults(run=run_serve)
    new.set_defaults(run=run_new)
    listing.set_defaults(run=run_list)
    key.set_defaults(run=run_key)
    remove.set_defaults(run=run_remove)


def run_serve(context: Context, options: argparse.Namespace) -> int:
    """Serve until stopped."""
    try:
        from socialdesk.relay.serving import listen, serve
    except ImportError as error:
        raise Refused(code="relay_not_installed") from error
    settings = _settings(options)
    with closing(_store(options)) as store, listen(settings) as line:
        for one in store.mailboxes():
            context.secrets.read(one.secret)  # now, where somebody is there to read what is missing
        say(_("The relay listens on {host}:{port}.").format(host=settings.host, port=settings.port))
        sys.stdout.flush()
        serve(store, line, settings, context.clock, context.secrets.read)
    return 0


def run_new(context: Context, options: argparse.Namespace) -> int:
    """Make a mailbox; its key is shown this once."""
    if not _NAME.fullmatch(options.name):
        raise Refused(options.name, code="relay_name")
    kinds = {
        "env": options.secret_env,
        "command": options.secret_command,
        "credential": options.secret_credential,
    }
    reference = next(f"{kind}:{place}" for kind, place in kinds.items() if place)
    try:
        context.secrets.read(reference)
    except SecretError:
        sys.stderr.write(_("That secret cannot be read here; the relay will need it.") + "\n")
    with closing(Store(_settings(options).file)) as store:
        token, key = store.create(options.name, Kind(options.kind), reference)
    say(_("Address for the network: https://YOUR-RELAY/hooks/{name}").format(name=options.name))
    if options.kind == Kind.META:
        say_aloud(_("Verify token, for the network: {token}").format(token=token))
    say_aloud(_("Desk key, for the account on your desk: {key}").format(key=key))
    say(_("The desk key is shown this once."))
    return 0


def run_list(context: Context, options: argparse.Namespace) -> int:
    """List the mailboxes."""
    with closing(_store(options)) as store:
        found = [(one, *store.waiting(one.name)) for one in store.mailboxes()]
    if options.json:
        print_json(
            [
                {
                    "name": one.name,
                    "kind": one.kind.value,
                    "newest": one.newest,
                    "confirmed": one.confirmed,
                    "waiting": waiting,
                    "last_at": last and last.isoformat(),
                }
                for one, waiting, last in found
            ]
        )
    else:
        headings = (_("NAME"), _("KIND"), _("TO FETCH"), _("LAST CAME"))
        print_table(
            headings,
            (
                (one.name, one.kind.value, waiting, moment(last, context.clock.now()) if last else "")
                for one, waiting, last in found
            ),
        )
    return 0


def run_key(_context: Context, options: argparse.Namespace) -> int:
    """Give a mailbox another key."""
    with closing(_store(options)) as store:
        key = store.renew(options.name)
    say_aloud(_("Desk key, for the account on your desk: {key}").format(key=key))
    return 0


def run_remove(_context: Context, options: argparse.Namespace) -> int:
    """Remove a mailbox, after asking."""
    from socialdesk.cli.ask import confirmed

    question = _("Remove {name} and all that is in it? Type the name to confirm: ").format(name=options.name)
    if not options.yes and not confirmed(question, options.name):
        print(_("Nothing was changed."))
        return 1
    with closing(_store(options)) as store:
        store.remove(options.name)
    print(_("{name} is removed.").format(name=options.name))
    return 0


def _settings(options: argparse.Namespace) -> Settings:
    return read(Path(options.config))


def _store(options: argparse.Namespace) -> Store:
    """Open the file that "new-mailbox" made; one elsewhere is a mistyped folder, and would take nothing."""
    file = _settings(options).file
    if not file.exists():
        raise Refused(str(file), code="relay_none")
    return Store(file)
