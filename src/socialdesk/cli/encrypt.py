"""``socialdesk encrypt`` and ``decrypt``: the whole desk unreadable on the disk without its key, and back."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from socialdesk.cli.ask import ask, ask_secret, at_terminal, confirmed
from socialdesk.cli.context import Context
from socialdesk.cli.keeping import in_keyring
from socialdesk.cli.output import print_json
from socialdesk.discretion import say_aloud
from socialdesk.domain.text import one_line
from socialdesk.errors import Refused, SecretError, SocialdeskError
from socialdesk.i18n import _, ngettext
from socialdesk.storage import cipher, keys, sealing
from socialdesk.storage.location import locate
from socialdesk.storage.marks import mark_of

SOME_LEFT = 3


def arguments(parser: argparse.ArgumentParser, name: str, _words: Sequence[str]) -> None:
    """Declare the options."""
    parser.add_argument("--yes", action="store_true", help=_("do not ask"))
    parser.add_argument("--json", action="store_true", help=_("print JSON"))
    if name == "decrypt":
        parser.epilog = _("Backups that are encrypted stay so, and their key stays where it is.")
        parser.set_defaults(run=run_decrypt)
        return
    other = parser.add_mutually_exclusive_group()
    other.add_argument(
        "--show-key", action="store_true", help=_("print the key, to be put away in a safe place")
    )
    other.add_argument(
        "--enter-key",
        action="store_true",
        help=_("give the key that was put away, on another machine or when the keyring has lost it"),
    )
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--secret-env",
        metavar=_("VARIABLE"),
        help=_("read the key from this environment variable at each start"),
    )
    where.add_argument(
        "--secret-command",
        metavar=_("COMMAND"),
        help=_('run this for the key at each start: "pass show desk"'),
    )
    where.add_argument(
        "--secret-credential", metavar=_("NAME"), help=_("a credential that systemd gives to the service")
    )
    parser.epilog = _(
        "Conversations, drafts, search index, log and backups are encrypted with a key that lies in the system's keyring."
        " Nobody can read the desk without it, you neither: put a copy of the key away. Nothing else may have the desk open"
        " meanwhile."
    )
    parser.set_defaults(run=run, complain=parser.error)


def run(context: Context, options: argparse.Namespace) -> int:
    """Encrypt the desk and the copies beside it, or show or take its key; exit code 3 where a copy could not be encrypted."""
    path = locate(context.paths, os.environ)
    if options.show_key:
        return _show(path)
    cipher.versions()
    if options.enter_key:
        return _enter(context, options, path)
    former = mark_of(path)
    if former:
        keys.find(former, path)
    elif not _seal(context, options, path):
        return 1
    done = sealing.seal_copies(path)
    if options.json:
        print_json(
            {
                "encrypted": True,
                "copies": list(done.done),
                "left": list(done.left),
                "strays": list(done.strays),
            }
        )
    else:
        _tell(done, already=bool(former))
    return SOME_LEFT if done.left else 0


def run_decrypt(context: Context, options: argparse.Namespace) -> int:
    """Take the encryption off; exit code 1 where the person says no."""
    path = locate(context.paths, os.environ)
    _need_sealed(path)
    word = _("yes")
    question = _('Whoever can read the disk will be able to read the desk. Type "{word}" to go on: ')
    if not options.yes and not confirmed(question.format(word=word), word):
        sys.stderr.write(_("Nothing was changed.") + "\n")
        return 1
    sealing.seal(path, b"")
    if options.json:
        print_json({"encrypted": False})
    else:
        print(
            _("The desk is no longer encrypted. Backups that are stay so, and their key stays where it is.")
        )
    return 0


def _show(path: Path) -> int:
    mark = _need_sealed(path)
    say_aloud(keys.spell(keys.find(mark, path)))
    sys.stderr.write(_("Whoever has this key and the desk file can read the desk.") + "\n")
    return 0


def _need_sealed(path: Path) -> bytes:
    mark = mark_of(path)
    if not mark:
        raise Refused(code="not_encrypted")
    return mark


def _enter(context: Context, options: argparse.Namespace, path: Path) -> int:
    """Keep a key that was put away, and erase what was erased without it; raises ``Refused`` for one that does not open the desk."""
    reference = _elsewhere(options)
    key = keys.spelt(context.secrets.read(reference) if reference else ask_secret(_("The key")))
    mark = mark_of(path)
    if mark and keys.mark_for(key) != mark and not keys.is_at_hand(mark, path):
        raise Refused(code="desk_key_other")
    keys.remember(key, reference or _keep(context, key))
    print(_("The key is kept."))
    if mark and keys.mark_for(key) != mark:
        print(_("It is not the one of the desk: it opens the copies that were encrypted with it."))
    if path.exists():
        _look_again(context)
    return 0


def _look_again(context: Context) -> None:
    from socialdesk.storage.keeping import look_again

    with suppress(SocialdeskError):  # the engine tries again
        for name in look_again(context.database, context.clock.now()).renewed:
            print(_("Who had been erased is erased from {file} too.").format(file=one_line(name)))


def _seal(context: Context, options: argparse.Namespace, path: Path) -> bool:
    word = _("yes")
    question = _(
        "The desk and its backups will be encrypted. Whoever loses the key loses the desk:"
        ' "socialdesk encrypt --show-key" prints it, to be put away. Type "{word}" to go on: '
    )
    if not options.yes and not confirmed(question.format(word=word), word):
        sys.stderr.write(_("Nothing was changed.") + "\n")
        return False
    reference = _elsewhere(options)
    key = keys.spelt(context.secrets.read(reference)) if reference else keys.new()
    with _kept(context, key, reference):
        sealing.seal(path, keys.mark_for(key))
    return True


def _elsewhere(options: argparse.Namespace) -> str:
    """Return the reference of a key that the person keeps; "" where we are to keep it."""
    for kind in ("env", "command", "credential"):
        if place := getattr(options, f"secret_{kind}"):
            return f"{kind}:{place}"
    return ""


@contextmanager
def _kept(context: Context, key: bytes, reference: str) -> Iterator[None]:
    """Keep a key before anything is encrypted with it; a new one is forgotten again where nothing was."""
    kept = reference or _keep(context, key)
    keys.remember(key, kept)
    try:
        yield
    except BaseException:
        if not reference and mark_of(locate(context.paths, os.environ)) != keys.mark_for(key):
            keys.forget(key)
            with suppress(SecretError):
                context.secrets.forget(kept)
        raise


def _keep(context: Context, key: bytes) -> str:
    """Store a key in the keyring; without one, in a file where the person types that they want it."""
    try:
        return in_keyring(context.secrets, keys.spell(key))
    except SecretError:
        if not at_terminal():
            raise
    word = _("plain key")
    question = _(
        "The key can be kept in a file beside the desk that only your user can read; whoever copies both can read the desk."
        ' Type "{word}" to agree, or press enter to leave all as it is'
    )
    if ask(question.format(word=word), required=False).casefold() != word.casefold():
        raise Refused(_("use --secret-env or --secret-command instead"), code="key_not_kept")
    return context.secrets.keep_plain(keys.spell(key))


def _tell(done: sealing.Sealed, *, already: bool) -> None:
    print(_("The desk is encrypted already.") if already else _("The desk is encrypted."))
    if done.done:
        count = len(done.done)
        text = ngettext("{n} copy beside it, too.", "{n} copies beside it, too.", count)
        print(text.format(n=count))
    for name in done.left:
        text = _(
            "{file} could not be encrypted; whoever finds it can read it. Delete it if you do not need it."
        )
        print(text.format(file=one_line(name)))
    for name in done.strays:
        text = _("{file} was not made by this desk and is as it was; whoever finds it can read it.")
        print(text.format(file=one_line(name)))
    if not already:
        print(
            _('Put a copy of the key away, not on this machine: "socialdesk encrypt --show-key" prints it.')
        )
        print(_("Copies that you keep elsewhere are as they were."))
